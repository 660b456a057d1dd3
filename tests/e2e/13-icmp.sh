#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Ping has no port: only rules without ports cover it.

. "${0%/*}/lib.sh"

start a b c

policy web '{pod: b}' \
	'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{port: 80}]}]' | apply
expect "a rule for a port" <<- END
	a b 80/tcp accept
	a b icmp deny
	a [b] icmpv6 deny
	b a icmp accept
	c a icmp accept
END

policy all '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]' | apply
expect "a rule without ports" <<- END
	a b icmp accept
	a [b] icmpv6 accept
	c b icmp deny
	outside b icmp deny
END

policy egress '{pod: b}' 'policyTypes: [Egress]' 'egress: [{ports: [{port: 80}]}]' | apply
expect "egress by ports" <<- END
	b outside 80/tcp accept
	b outside icmp deny
	outside b icmp accept
END
