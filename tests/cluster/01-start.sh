#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Agents list what there is, and then their nodes enforce it: all the policies of
# a cluster, which were there before the first of them began.

. "${0%/*}/cluster.sh"

build_cluster node1:x/a node1:y/a node2:x/b node2:y/b node3:x/c node3:z/a
y='namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "y"}}'
{
	policy x/in '{}' "ingress: [{from: [{$y}]}]"
	policy x/out '{pod: a}' 'policyTypes: [Egress]' \
		"egress: [{to: [{$y, podSelector: {matchLabels: {pod: b}}}]}]"
	policy z/block '{}' \
		'ingress: [{from: [{ipBlock: {cidr: 10.1.2.0/24}}], ports: [{port: 80, protocol: UDP}]}]'
	cluster_policy admin Admin 5 b \
		'egress: [{action: Deny, to: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: "z"}}}], protocols: [{udp: {destinationPort: {number: 80}}}]}]'
} | apply

expect "nothing is guarded, nothing is enforced" <<- END
	x/a x/b 80/tcp accept
	y/a [x/c] 80/udp accept
END
for name in "${nodes[@]}"; do
	start_agent "$name"
done
for name in "${nodes[@]}"; do
	wait_ready "$name"
	is "$name: /healthz" "$(http_status "$name" healthz)" 200
	is "$name: /readyz" "$(http_status "$name" readyz)" 200
	matches "$name: /metrics" "$(metric "$name" podwall_agent_ready)" '^1$'
	if until_true condition_is "$name" '^True '; then
		ok "$name: the API has the condition True"
	else
		not_ok "$name: the API has the condition True" "$(condition "$name")"
	fi
	is "$name: its pod network is guarded" \
		"$(nl_at "$name" get settings -o json |
			jq -c '[.. | strings | select(test("^(10[.]1|fd00:1)"))] | sort')" \
		"[\"10.1.${name#node}.0/24\",\"fd00:1:${name#node}::/64\"]"
done
expect "all agents are ready" <<- END
	y/b x/a 80/tcp accept
	y/a [x/a] 80/tcp accept
	x/b x/a 80/tcp deny
	z/a [x/a] 80/tcp deny
	x/a y/b 80/tcp accept
	x/a [y/a] 80/udp deny
	x/a outside 80/tcp deny
	x/b z/a 80/udp deny
	y/a z/a 80/udp deny
	y/b z/a 80/tcp deny
END
check_matrix "the whole cluster" 80/tcp 80/udp

# What is not needed on a node is not there.
for name in "${nodes[@]}"; do
	is "$name: pods" \
		"$(nl_at "$name" get pods -o json | jq -r '[.pods[].key] | sort | join(" ")')" \
		"$(tr ' ' '\n' <<< "$(keys_on "$name")" | sort | paste -sd ' ')"
done
is "node3: addresses of nobody that its rules name are left out" \
	"$(nl_at node3 get addresses -o json | jq -r '.addresses[].address' | grep -c '^10[.]1[.]1[.]11$' || :)" 0

# And what people do by hand.
by_hand='from: [{namespaceSelector: {}, podSelector: {matchLabels: {by: hand}}}]'
succeeds "kubectl apply" kubectl apply -f <(policy z/by-hand '{pod: a}' "ingress: [{$by_hand}]")
succeeds "kubectl label" kubectl -n x label pod c by=hand
becomes "kubectl label" <<- END
	x/c z/a 80/tcp accept
	x/c [z/a] 81/tcp accept
	x/b z/a 80/tcp deny
END
succeeds "kubectl delete" kubectl -n z delete networkpolicy by-hand
becomes "kubectl delete" <<- END
	x/c z/a 80/tcp deny
	x/c [z/a] 81/tcp deny
END
