#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Datagrams that travel in fragments are judged as a whole, by their ports.

. "${0%/*}/lib.sh"

start a b

apply < /dev/null
expect "fragments, without policies" <<- END
	a b 81/udp accept size=4000
	a [b] 81/udp accept size=4000
	a b icmp accept size=4000
END
policy web '{pod: b}' 'ingress: [{ports: [{protocol: UDP, port: 80}]}]' | apply
expect "fragments" <<- END
	a b 80/udp accept size=4000
	a [b] 80/udp accept size=4000
	a b 81/udp deny size=4000
	a [b] 81/udp deny size=4000
	a b icmp deny size=4000
	outside b 80/udp accept size=4000
END

policy closed '{pod: a}' 'policyTypes: [Egress]' | apply
expect "fragments, egress" <<- END
	a b 80/udp deny size=4000
	a [b] 80/udp deny size=4000
END
apply < /dev/null
expect_all accept "without policies"
