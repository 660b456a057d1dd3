#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A block of addresses, pods and others alike, without its exceptions; these
# forbid nothing that another peer allows.

. "${0%/*}/lib.sh"

start a b c

policy ingress '{pod: b}' \
	'ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/24, except: [10.1.0.11/32]}}]}]' | apply
expect "ingress" <<- END
	c b 80/tcp accept
	a b 80/tcp deny
	outside b 80/tcp deny
	c [b] 80/tcp deny
END

policy egress '{pod: a}' 'policyTypes: [Egress]' \
	'egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [198.51.100.0/24, 10.1.0.12/32]}}]}]' | apply
expect "egress" <<- END
	a outside 80/tcp accept
	a 198.51.100.7 80/tcp deny
	a b 80/tcp deny
	a c 80/udp accept
	a [outside] 80/tcp deny
	b 198.51.100.7 80/tcp accept
END

policy two-peers '{pod: b}' 'ingress:' '- from:' \
	'  - ipBlock: {cidr: 10.1.0.0/24, except: [10.1.0.8/29]}' \
	'  - ipBlock: {cidr: 10.1.0.11/32}' | apply
expect "an exception of one peer, allowed by another" <<- END
	a b 80/tcp accept
	c b 80/tcp deny
	outside b 80/tcp deny
END

policy everything '{pod: b}' \
	'ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: "::/0"}}]}]' | apply
expect "everything" <<- END
	a b 80/tcp accept
	a [b] 80/tcp accept
	outside b 80/udp accept
	outside [b] 80/udp accept
END
