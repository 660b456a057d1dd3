#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The API server is killed, alone and with the store behind it. What is in force
# stays in force, agents are as well as before, one may even begin anew; and what
# changes when the server is there again arrives.

. "${0%/*}/cluster.sh"

start_peers

# server_policy PEER: x/a is open to it, and on one port to all.
server_policy() {
	policy x/open '{pod: a}' 'ingress: [{ports: [{protocol: UDP, port: 7001}, {protocol: UDP, port: 7011}]}]'
	peer_policy "$1"
}

# begin: traffic that the peer of the moment has, x/b, and the other has not.
begin() {
	prober_begin
	stream kept-long x/b x/a 7001
	fresh kept-new x/c x/a 7011
	fresh from-b x/b x/a 7002
	fresh from-c x/c x/a 7003
	phase before
}

# agents_are DESCRIPTION NODE...: alive and ready.
agents_are() {
	local name
	for name in "${@:2}"; do
		is "$1: $name: /healthz and /readyz" "$(health "$name")" "200 200"
	done
}

# all_ready: what came with the server is in force.
all_ready() {
	local name
	for name in "${nodes[@]}"; do
		wait_ready "$name"
	done
}

# back DESCRIPTION: the server is; the policy changes at once.
back() {
	"$cluster/control" ready
	ok "$1: the API server is ready again"
	phase ready
	server_policy c | apply
	turns "$1" from-b none
	turns "$1" from-c all
	phase after
	traffic_end
	always all "$1" kept-long kept-new
	for phase in before down; do
		arrives "$1" from-b "$phase" all
		arrives "$1" from-c "$phase" none
	done
	arrives "$1" from-b ready beginning
	arrives "$1" from-c ready end
	arrives "$1" from-b after none
	arrives "$1" from-c after all
	peer_becomes "$1" c b
}

server_policy b | apply
peer_becomes "the server is there" b c

begin
"$cluster/control" kill apiserver
phase down
agents_are "without API server" "${nodes[@]}"
# It has nothing to go by but what the kernel has, and touches none of that.
earlier=$(nl_at node3 status -o json | jq .generation)
kill_agent node3
start_agent node3
says "begun without API server: it says so" node3 '172\.16\.0\.20'
is "begun without API server: /healthz" "$(http_status node3 healthz)" 200
matches "begun without API server: /readyz" "$(http_status node3 readyz)" '^503$'
is "begun without API server: the generation" "$(nl_at node3 status -o json | jq .generation)" "$earlier"
agents_are "without API server, a while later" node1 node2
"$cluster/control" start apiserver --disable-admission-plugins=ServiceAccount
back "the API server killed"
all_ready
agents_are "the API server is back" "${nodes[@]}"

server_policy b | apply
peer_becomes "and the policy is back" b c
begin
"$cluster/control" kill apiserver
"$cluster/control" kill etcd
phase down
agents_are "without etcd" "${nodes[@]}"
"$cluster/control" start etcd
"$cluster/control" start apiserver --disable-admission-plugins=ServiceAccount
back "both killed"
all_ready
agents_are "both are back" "${nodes[@]}"
