#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Replies need no rule: neither for a server that may begin nothing, nor for a
# client that accepts nothing.

. "${0%/*}/lib.sh"

start a b

{
	policy server '{pod: b}' 'policyTypes: [Egress]'
	policy client '{pod: a}' 'policyTypes: [Ingress]'
} | apply
expect "replies" <<- END
	a b 80/tcp accept
	a b 80/udp accept
	a b 80/sctp accept
	a [b] 80/tcp accept
	a b icmp accept
	outside b 80/tcp accept
	a outside 80/tcp accept
	b a 80/tcp deny
	b a 80/udp deny
	b outside 80/tcp deny
	outside a 80/tcp deny
END

# The server's end may say something first, long after the handshake.
flow_open stream a b 81/tcp
flow_says "a stream in both directions" stream heard 20000

apply < /dev/null
expect "without policies" <<- END
	b a 80/tcp accept
	b outside 80/tcp accept
	outside a 80/tcp accept
END
