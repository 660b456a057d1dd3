#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A rule for one protocol says nothing about another, and a port without a
# protocol is one of TCP.

. "${0%/*}/lib.sh"

start a b

policy udp '{pod: b}' 'ingress: [{ports: [{protocol: UDP, port: 80}]}]' | apply
expect "UDP 80" <<- END
	a b 80/udp accept
	a b 80/tcp deny
	a b 80/sctp deny
	a b 81/udp deny
END
check_matrix "UDP 80" 80/udp 80/tcp

policy sctp '{pod: b}' 'ingress: [{ports: [{protocol: SCTP, port: 81}]}]' | apply
expect "SCTP 81" <<- END
	a b 81/sctp accept
	a [b] 81/sctp accept
	a b 80/sctp deny
	a b 81/tcp deny
	a b 81/udp deny
END

policy tcp '{pod: b}' 'ingress: [{ports: [{port: 80}]}]' | apply
expect "80 without a protocol" <<- END
	a b 80/tcp accept
	a b 80/udp deny
	a b 80/sctp deny
END

policy any-udp '{pod: b}' 'ingress: [{ports: [{protocol: UDP}]}]' | apply
expect "UDP without a port" <<- END
	a b 80/udp accept
	a b 81/udp accept
	a b 80/tcp deny
	a b icmp deny
END
