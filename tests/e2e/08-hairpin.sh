#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A pod reaches itself through its own service, whatever the policies; others
# do not because of that.

. "${0%/*}/lib.sh"

start a b

ip netns exec "$node" nft -f - <<- END
	table ip services {
		chain prerouting {
			type nat hook prerouting priority dstnat;
			ip daddr 10.96.0.1 tcp dport 80 dnat to 10.1.0.12
			ip daddr 10.96.0.1 udp dport 80 dnat to 10.1.0.12
		}
		chain postrouting {
			type nat hook postrouting priority srcnat;
			ip saddr 10.1.0.12 ip daddr 10.1.0.12 masquerade
		}
	}
END

policy deny-all '{}' 'policyTypes: [Ingress, Egress]' | apply
expect "deny all" <<- END
	b 10.96.0.1 80/tcp accept
	b 10.96.0.1 80/udp accept
	a 10.96.0.1 80/tcp deny
	a 10.96.0.1 80/udp deny
END
probe b 10.96.0.1 80/tcp accept
is "it is masqueraded to the node on its way" "$server $client" "b 169.254.1.1"

apply < /dev/null
expect "without policies" <<- END
	a 10.96.0.1 80/tcp accept
END
