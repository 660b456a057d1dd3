#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is exempt from tracking is not put together either: a later fragment has no
# ports then, and no rule that names ports lets it through.

. "${0%/*}/lib.sh"

start a b

# In front of defragmentation.
ip netns exec "$node" nft -f - <<- END
	table inet untracked {
		chain prerouting {
			type filter hook prerouting priority -450;
			iifname { to-a, to-b } notrack
		}
	}
END
# What the pod is sent: first fragments, and later ones.
in_pod b nft -f - <<- END
	table inet count {
		counter first { }
		counter later { }
		chain prerouting {
			type filter hook prerouting priority -450;
			ip frag-off & 0x3fff == 0x2000 counter name first
			ip frag-off & 0x1fff != 0 counter name later
			frag frag-off == 0 counter name first
			frag frag-off != 0 counter name later
		}
	}
END

# arrive DESCRIPTION FIRST LATER: how many fragments came since the last time.
arrive() {
	is "$1: fragments with ports, and without" \
		"$(in_pod b nft -j reset counters | jq -c '[.nftables[].counter.packets // empty]')" \
		"[$2,$3]"
}

# Of 4000 bytes and the UDP header, 1480 fit a packet of IPv4, 1448 one of IPv6.
rows=("a b 80/udp accept size=4000" "a [b] 80/udp accept size=4000")
apply < /dev/null
expect_all accept "without policies"
arrive "without policies" 2 4

policy all '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]' | apply
expect_all accept "a rule without ports"
arrive "a rule without ports" 2 4

policy port '{pod: b}' 'ingress: [{ports: [{port: 80, protocol: UDP}]}]' | apply
expect_all deny "a rule with the port"
arrive "a rule with the port" 2 0
expect "what is not in fragments" <<- END
	a b 80/udp accept size=1000
	a [b] 80/udp accept size=1000
	a b 81/udp deny size=1000
END
arrive "what is not in fragments" 0 0

policy every-port '{pod: b}' 'ingress: [{ports: [{protocol: UDP}]}]' | apply
rows=("a b 80/udp deny size=4000" "a [b] 80/udp deny size=4000")
expect_all deny "a rule with every port"
arrive "a rule with every port" 2 0

policy closed '{pod: b}' | apply
expect_all deny "no rule"
arrive "no rule" 0 0

# Tracked, the same is judged as a whole.
ip netns exec "$node" nft delete table inet untracked
policy port '{pod: b}' 'ingress: [{ports: [{port: 80, protocol: UDP}]}]' | apply
expect_all accept "put together"
