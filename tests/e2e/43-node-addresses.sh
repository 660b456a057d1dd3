#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Nodes' addresses: only its own node reaches a pod in spite of policy. Another
# node is an address like any from outside; so are the pods in its network, and
# so are clients whose address it has replaced.

. "${0%/*}/nodes.sh"

start_nodes node1:x/a node2:x/b node3:x/c
add_host_pod node1 x/host1
add_host_pod node2 x/host2

from_node2='ingress: [{from: [{ipBlock: {cidr: 172.16.0.12/32}}, {ipBlock: {cidr: "fd00:16::12/128"}}]}]'

# --- nodes

rows=(
	"node2 x/a 80/tcp deny" "node2 [x/a] 80/udp deny" "node3 x/a 80/sctp deny"
	"node3 [x/a] 80/tcp deny" "node2 x/a icmp deny" "x/a node2 80/tcp deny"
	"x/a [node3] 80/udp deny"
)
apply < /dev/null
expect_all accept "without policies"
policy x/closed '{}' 'policyTypes: [Ingress, Egress]' | apply
expect_all deny "deny all, between a pod and other nodes"
expect "deny all, between a pod and its own node" <<- END
	node1 x/a 80/tcp accept
	node1 x/a 80/sctp accept
	node1 [x/a] 80/udp accept
	node1 x/a icmp accept
	node2 x/b 80/tcp accept
	node3 [x/c] 80/tcp accept
	x/a node1 80/tcp accept
	x/b [node2] 80/udp accept
END
expect_drops "connections of other nodes" node1 x/a ingress <<- END
	node2 x/a 80/tcp
	node3 [x/a] 80/udp
END
expect_drops "connections to other nodes" node1 x/a egress <<- END
	x/a node2 80/udp
	x/a [node3] 80/tcp
END

policy x/in '{}' "$from_node2" | apply
expect "the block of a node's address" <<- END
	node2 x/a 80/tcp accept
	node2 [x/a] 80/udp accept
	node2 x/c 80/sctp accept
	node3 x/a 80/tcp deny
	node3 [x/a] 80/udp deny
	x/b x/a 80/tcp deny
	outside x/a 80/tcp deny
END

# nodes NAME...: a peer of a cluster policy.
nodes() {
	printf '{nodes: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [%s]}]}}' "$*"
}

cluster_policy deny Admin 5 a \
	"egress: [{action: Deny, to: [$(nodes node1, node2)]}]" | apply
expect "a cluster policy denies some nodes, its own among them" <<- END
	x/a node1 80/tcp deny
	x/a node2 80/tcp deny
	x/a [node2] 80/udp deny
	x/a node3 80/tcp accept
	x/a x/b 80/tcp accept
	x/b node2 80/tcp accept
	node1 x/a 80/tcp accept
	node2 x/a 80/tcp accept
END
{
	policy x/out '{}' 'policyTypes: [Egress]'
	cluster_policy accept Admin 5 a "egress: [{action: Accept, to: [$(nodes node3)]}]"
} | apply
expect "a cluster policy accepts a node" <<- END
	x/a node3 80/tcp accept
	x/a [node3] 80/udp accept
	x/a node2 80/tcp deny
	x/a x/c 80/tcp deny
	x/b node3 80/tcp deny
END

# --- errors from a router that is neither a node nor an end

# narrow [WORD...]: the underlay's ways to the pods of node2, with these metrics.
narrow() {
	printf "route replace %s dev ${devices[node2]} via %s onlink $*\n" \
		10.1.2.0/24 "${address4[node2]}" fd00:1:2::/64 "${address6[node2]}" |
		ip -n "${netns[underlay]}" -batch -
}

# forget: what x/a has learnt of the paths.
forget() {
	ip -n "${netns[x/a]}" route flush cache
	ip -n "${netns[x/a]}" -6 route flush cache
}

# learnt: the MTU of the way to x/b in both families, as x/a knows.
learnt() {
	local to
	for to in "${address4[x/b]}" "${address6[x/b]}"; do
		ip -n "${netns[x/a]}" route get "$to" | grep -o 'mtu [0-9]*' || echo none
	done
}

{
	policy x/closed '{}' 'policyTypes: [Ingress, Egress]'
	policy x/client '{pod: a}' 'policyTypes: [Egress]' \
		'egress: [{to: [{podSelector: {matchLabels: {pod: b}}}], ports: [{port: 80}, {port: 80, protocol: UDP}]}]'
	policy x/server '{pod: b}' \
		'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{port: 80}, {port: 80, protocol: UDP}]}]'
} | apply
expect "a path as wide as all" <<- END
	x/a x/b 80/udp accept size=1400 df=1
	x/a [x/b] 80/udp accept size=1400 df=1
END
narrow mtu lock 1300
# These first: who knows the path's MTU asks nobody.
expect "too big for the underlay, and not allowed" <<- END
	x/a x/b 81/udp deny size=1400 df=1
	x/a [x/b] 81/udp deny size=1400 df=1
	x/c x/b 80/udp deny size=1400 df=1
	x/c [x/b] 80/udp deny size=1400 df=1
END
is "nobody has told of a denied datagram" "$(learnt)" $'none\nnone'
expect "too big for the underlay" <<- END
	x/a x/b 80/udp error:EMSGSIZE size=1400 df=1
	x/a [x/b] 80/udp error:EMSGSIZE size=1400 df=1
END
is "the pod learnt it from errors" "$(learnt)" $'mtu 1300\nmtu 1300'
expect "not too big for the underlay" <<- END
	x/a x/b 80/udp accept size=1200 df=1
	x/a [x/b] 80/udp accept size=1200 df=1
END
for to in x/b '[x/b]'; do
	forget
	flow_open "stream-$to" x/a "$to" 80/tcp
	flow_says "a stream finds the path's MTU" "stream-$to" heard 20000
done
expect "what is not allowed stays denied" <<- END
	x/a x/b 81/tcp deny
	x/a [x/b] 81/tcp deny
	x/b x/a 80/tcp deny
	x/c x/b 80/tcp deny
END
narrow
forget
expect "the path is wide again" <<- END
	x/a x/b 80/udp accept size=1400 df=1
	x/a [x/b] 80/udp accept size=1400 df=1
END

# --- pods in the network of their node

policy x/closed '{}' 'policyTypes: [Ingress, Egress]' | apply
check_local "deny all that selects them"
expect "deny all that selects them" <<- END
	outside x/host1 80/tcp accept
	outside [x/host2] 80/udp accept
	x/host1 x/host2 80/tcp accept
	x/host1 outside 80/udp accept
	x/host1 x/a 80/tcp accept
	x/host2 x/a 80/tcp deny
	x/a x/host2 80/tcp deny
	outside x/a 80/tcp deny
END
policy x/pods '{}' 'policyTypes: [Ingress, Egress]' \
	'ingress: [{from: [{namespaceSelector: {}}, {podSelector: {}}]}]' \
	'egress: [{to: [{namespaceSelector: {}}, {podSelector: {}}]}]' | apply
expect "all pods are peers, but not these" <<- END
	x/b x/a 80/tcp accept
	x/b [x/a] 80/udp accept
	x/a x/b 80/tcp accept
	x/host2 x/a 80/tcp deny
	x/host2 [x/a] 80/udp deny
	x/a x/host2 80/tcp deny
	x/host1 x/a 80/tcp accept
	x/a x/host1 80/tcp accept
END
check_matrix "all pods are peers, but not these" 80/tcp 80/udp
policy x/in '{}' "$from_node2" | apply
expect "only a block matches them" <<- END
	x/host2 x/a 80/tcp accept
	x/host2 [x/a] 80/udp accept
	x/b x/a 80/tcp deny
	x/host1 x/c 80/tcp deny
END

# --- ports of nodes, as a proxy leads them to pods

# The port 30080 is of a service with externalTrafficPolicy Cluster: whoever
# comes that way is given the node's address, for the answers to come back.
# 30081 is the same with Local.
for name in node1 node2; do
	ip netns exec "${netns[$name]}" nft -f - <<- END
		table inet services {
			chain prerouting {
				type nat hook prerouting priority dstnat;
				meta l4proto { tcp, udp } fib daddr type local th dport 30080 meta mark set meta mark or 0x4000
				meta mark and 0x4000 == 0x4000 meta nfproto ipv4 meta l4proto { tcp, udp } dnat ip to ${address4[x/b]}:8080
				meta mark and 0x4000 == 0x4000 meta nfproto ipv6 meta l4proto { tcp, udp } dnat ip6 to [${address6[x/b]}]:8080
				fib daddr type local tcp dport 30081 dnat ip to ${address4[x/b]}:8080
				fib daddr type local tcp dport 30081 dnat ip6 to [${address6[x/b]}]:8080
			}
			chain postrouting {
				type nat hook postrouting priority srcnat;
				meta mark and 0x4000 == 0x4000 masquerade
			}
		}
	END
done

apply < /dev/null
rows=(
	"outside node1 30080/tcp accept" "outside [node1] 30080/udp accept"
	"outside node2 30080/tcp accept" "outside [node2] 30080/udp accept"
	"outside node2 30081/tcp accept" "outside [node2] 30081/tcp accept"
)
run_probes
is "as x/b sees clients: another node, its own node, the client" \
	"$(printf '%s\n' "${answers[@]}")" "$(printf 'accept x/b %s\n' \
		172.16.0.11 fd00:16::11 169.254.1.1 fd00:16::12 192.0.2.10 2001:db8::10)"

# expect_ports DESCRIPTION OTHER-NODE OWN-NODE: verdicts on clients from
# outside by either node, and directly, which is judged as by the own node.
expect_ports() {
	expect "$1" <<- END
		outside node1 30080/tcp $2
		outside [node1] 30080/tcp $2
		outside node1 30080/udp $2
		outside node2 30080/tcp $3
		outside [node2] 30080/tcp $3
		outside [node2] 30080/udp $3
		outside node2 30081/tcp $3
		outside [node2] 30081/tcp $3
		outside x/b 8080/tcp $3
		outside [x/b] 8080/udp $3
	END
}

expect_ports "without policies" accept accept
policy x/closed '{pod: b}' 'ingress: []' | apply
expect_ports "deny all" deny deny
expect_drops "by either node" node2 x/b ingress <<- END
	outside node1 30080/udp
	outside [node1] 30080/tcp
	outside node2 30080/tcp
	outside [node2] 30080/udp
END

apply < /dev/null
expect "the client's other address, without policies" <<- END
	outside node2 30080/tcp accept from=198.51.100.7
	outside node2 30081/tcp accept from=198.51.100.7
END
policy x/client '{pod: b}' \
	'ingress: [{from: [{ipBlock: {cidr: 192.0.2.10/32}}, {ipBlock: {cidr: "2001:db8::10/128"}}]}]' | apply
expect_ports "the client's block" deny accept
expect "the client's other address" <<- END
	outside node2 30080/tcp deny from=198.51.100.7
	outside node2 30081/tcp deny from=198.51.100.7
END
policy x/node1 '{pod: b}' \
	'ingress: [{from: [{ipBlock: {cidr: 172.16.0.11/32}}, {ipBlock: {cidr: "fd00:16::11/128"}}]}]' | apply
expect_ports "the other node's block" accept deny
policy x/node2 '{pod: b}' "$from_node2" | apply
expect_ports "the own node's block" deny deny

# A pod is judged as itself where it is, and as its node where it arrives.
policy x/pod '{pod: b}' 'ingress: [{from: [{podSelector: {}}]}]' | apply
expect "a pod as client" <<- END
	x/a node1 30080/tcp deny
	x/a x/b 8080/tcp accept
END
{
	policy x/node1 '{pod: b}' 'ingress: [{from: [{ipBlock: {cidr: 172.16.0.11/32}}]}]'
	policy x/out '{pod: a}' 'policyTypes: [Egress]' \
		'egress: [{to: [{podSelector: {matchLabels: {pod: b}}}]}]'
} | apply
expect "a pod as client, by the node's block" <<- END
	x/a node1 30080/tcp accept
	x/a x/b 8080/tcp deny
	x/a node2 30080/tcp deny
END
