#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# IPv6 is judged as IPv4 is, but neighbour discovery, without which nothing is
# reached, is never.

. "${0%/*}/lib.sh"

start a b c

policy from-a '{pod: b}' 'ingress:' \
	'- from: [{ipBlock: {cidr: "fd00:1::/64", except: ["fd00:1::d/128"]}}]' \
	'  ports: [{port: 80}, {port: 80, protocol: UDP}]' | apply
expect "blocks and ports" <<- END
	a [b] 80/tcp accept
	a [b] 80/udp accept
	a [b] 81/tcp deny
	a [b] icmpv6 deny
	c [b] 80/tcp deny
	outside [b] 80/tcp deny
	a b 80/tcp deny
END

policy ping '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]' | apply
expect "a rule without ports" <<- END
	a [b] icmpv6 accept
	c [b] icmpv6 deny
END

# Everything that can be judged is denied, and the neighbours are forgotten.
nl set --node-access judge > /dev/null
policy deny-all '{}' 'policyTypes: [Ingress, Egress]' | apply
for name in a b; do
	ip -n "$node" neighbour flush dev "to-$name"
	ip -n "${netns[$name]}" neighbour flush dev eth0
done
expect "deny all, and no neighbour is known" <<- END
	node [b] 80/tcp accept
	node [a] 80/udp accept
	b [node] 80/tcp deny
	b [node] icmpv6 deny
	a [b] 80/tcp deny
END
matches "the node found the pod by neighbour discovery" \
	"$(ip -n "$node" -6 neighbour show dev to-b)" 'fd00:1::c lladdr .*(REACHABLE|DELAY|PROBE|STALE)'

apply < /dev/null
expect_all accept "without policies"
