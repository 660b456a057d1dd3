#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The client is judged by its own address, though the server sees another.

. "${0%/*}/lib.sh"

start a b c

ip netns exec "$node" nft -f - <<- END
	table inet services {
		chain postrouting {
			type nat hook postrouting priority srcnat;
			oifname to-b masquerade
			oifname to-outside masquerade
		}
	}
END

policy from-a '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]' | apply
expect "ingress from one client" <<- END
	a b 80/tcp accept
	a b 80/udp accept
	a [b] 80/tcp accept
	c b 80/tcp deny
	c b 80/udp deny
	c [b] 80/tcp deny
END
probe a b 80/tcp accept
is "the server sees the node" "$verdict $client" "accept 169.254.1.1"

policy from-node '{pod: b}' 'ingress: [{from: [{ipBlock: {cidr: 169.254.1.1/32}}]}]' | apply
expect "ingress from the address that the server sees" <<- END
	a b 80/tcp deny
	c b 80/udp deny
END

policy to-one '{pod: a}' 'policyTypes: [Egress]' \
	'egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}]' | apply
expect "egress of a masqueraded client" <<- END
	a outside 80/tcp accept
	a outside 80/udp accept
	a 198.51.100.7 80/tcp deny
	c 198.51.100.7 80/tcp accept
END
