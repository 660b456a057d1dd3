#!/bin/bash
# shellcheck disable=SC2034,SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Policies come, change and go, and so do labels. Whatever changes, the nodes
# follow: what must pass all the time is not interrupted for one packet, what
# must not never gets through, and what turns does so once.

. "${0%/*}/cluster.sh"

start_cluster node1:x/a node1:y/a node2:x/b node2:y/b node3:x/c node3:z/a

keep='ports: [{protocol: UDP, port: 7001}, {protocol: UDP, port: 7011}]'
more='ports: [{protocol: UDP, port: 7002}]'

# Of x/a and y/b, ports 7001 and 7011 are open all the time, and 7003 is closed.
common() {
	policy x/keep '{pod: a}' "ingress: [{$keep}]"
	policy y/keep '{pod: b}' "ingress: [{$keep}]"
}

common | apply
becomes "the first policies" <<- END
	x/b x/a 80/tcp deny
	x/c [y/b] 80/udp deny
	x/b x/c 80/tcp accept
	y/a [z/a] 80/udp accept
END

prober_begin
stream kept-long x/b x/a 7001
fresh kept-new x/c x/a 7011
fresh kept-other z/a y/b 7001
stream never-long x/c x/a 7003
fresh never-new y/a y/b 7003
fresh turning x/b x/a 7002
stream steady z/a x/a 7005
phase closed

# change all|none[-still] STEP: what standard input has besides what is common is
# applied, and the turning stream turns with it.
steps=()
change() {
	steps+=("$2:$1")
	phase "to-$2"
	{
		common
		cat
	} | apply
	turns "$2" turning "$1"
	phase "at-$2"
}

# from PEER: one policy, whose peer is another each time.
from() {
	policy x/more '{pod: a}' "ingress: [{from: [$1], $more}]"
}

pod_b='podSelector: {matchLabels: {pod: b}}'
pod_c='podSelector: {matchLabels: {pod: c}}'
client='podSelector: {matchLabels: {role: client}}'
blue='namespaceSelector: {matchLabels: {team: blue}}'

change all created < <(from "{$pod_b}")
change none changed < <(from "{$pod_c}")
change all block < <(from '{ipBlock: {cidr: 10.1.2.0/24}}, {ipBlock: {cidr: "fd00:1:2::/64"}}')
change none deleted < /dev/null
change none-still role < <(from "{$client}")
labels[x/b]=pod=b,role=client
change all labelled < <(from "{$client}")
labels[x/b]=pod=b
change none unlabelled < <(from "{$client}")

# team NAME: the namespace of the client belongs to this team.
team() {
	from "{$blue, podSelector: {}}"
	printf -- '---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n  labels: {kubernetes.io/metadata.name: x, team: %s}\n' "$1"
}

change all blue < <(team blue)
change none red < <(team red)

# All three kinds of cluster policy.
from_x='{namespaces: {matchLabels: {kubernetes.io/metadata.name: x}}}'
udp='ports: [{portNumber: {protocol: UDP, port: 7002}}]'

admitted() {
	cluster_policy admit Admin 5 a \
		"ingress: [{action: Accept, from: [$from_x], protocols: [{udp: {destinationPort: {number: 7002}}}]}]"
}

refused() {
	admin_policy AdminNetworkPolicy refuse 'priority: 3' 'subject: {namespaces: {}}' \
		"ingress: [{action: Deny, from: [$from_x], $udp}]"
}

opened() {
	policy x/more '{pod: a}' "ingress: [{$more}]"
}

baseline() {
	opened
	admin_policy BaselineAdminNetworkPolicy default 'subject: {namespaces: {}}' \
		"egress: [{action: Deny, to: [$from_x], $udp}]"
}

change all cluster < <(admitted)
change none admin < <(admitted && refused)
change all admin-deleted < <(admitted)
change all-still opened < <(admitted && opened)
change none baseline < <(baseline)
modes[x/b]=audit
change all audit < <(baseline)
modes=()
change none enforced < <(baseline)
change none-still end < /dev/null

traffic_end
always all "while policies changed" kept-long kept-new kept-other
always none "while policies changed" never-long never-new steady
for step in "${steps[@]}"; do
	name=${step%:*} wanted=${step#*:}
	case $wanted in
	all)
		arrives "it turns once" turning "to-$name" end
		arrives "and it holds" turning "at-$name" all
		;;
	none)
		arrives "it turns once" turning "to-$name" beginning
		arrives "and it holds" turning "at-$name" none
		;;
	*-still)
		arrives "it does not turn" turning "to-$name" "${wanted%-still}"
		arrives "and it holds" turning "at-$name" "${wanted%-still}"
		;;
	esac
done
