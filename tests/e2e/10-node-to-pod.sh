#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The node reaches its own pods under any policy, as its probes must; who only
# claims the node's address does not.

. "${0%/*}/lib.sh"

start a b

# Without this the node's own kernel would not take such a packet.
ask sysctl "$node" net/ipv4/conf/to-a/accept_local=1

# forge TEXT: a datagram to b with the node's address on it; who sent it, as b
# saw it, goes to $answer. The reply would reach the node.
forge() {
	ip -n "${netns[a]}" address add 10.1.0.1/32 dev lo
	probe a b 80/udp deny from=10.1.0.1 text="$1"
	ip -n "${netns[a]}" address delete 10.1.0.1/32 dev lo
	ask received "$1"
}

forge first
is "without policies a forged datagram arrives" "$answer" 10.1.0.1

policy deny-all '{}' 'policyTypes: [Ingress, Egress]' | apply
expect "deny all" <<- END
	node a 80/tcp accept
	node b 80/udp accept
	node b 80/sctp accept
	node [b] 80/tcp accept
	node b icmp accept
	node [b] icmpv6 accept
	a b 80/tcp deny
	outside b 80/tcp deny
END
forge second
is "a forged datagram does not arrive under deny-all" "$answer" none

policy ingress-only '{pod: b}' | apply
forge third
is "nor when only the server is isolated" "$answer" none
