#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Without policies everything is reachable, and policies that allow everything
# change nothing.

. "${0%/*}/lib.sh"

start a b

expect "nothing applied" <<- END
	a b 80/tcp accept
	a b 80/udp accept
	a b 80/sctp accept
	a b icmp accept
	a [b] 80/tcp accept
	a [b] 80/udp accept
	a [b] 80/sctp accept
	a [b] icmpv6 accept
	a node 80/tcp accept
	node b 80/tcp accept
	node [b] 80/tcp accept
	a outside 80/tcp accept
	a [outside] 80/udp accept
	a 198.51.100.7 80/tcp accept
	outside b 80/tcp accept
	outside [b] 80/tcp accept
END

apply < /dev/null
expect_all accept "pods without policies"

policy open '{}' 'policyTypes: [Ingress, Egress]' 'ingress: [{}]' 'egress: [{}]' | apply
expect_all accept "policies that allow everything"
check_matrix "policies that allow everything" 80/tcp 81/udp
expect "a port that nobody serves" <<- END
	a b 4444/tcp refused
END
