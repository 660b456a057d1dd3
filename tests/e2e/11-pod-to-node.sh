#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A pod's connections to its own node pass the policies unless settings say
# that they are judged.

. "${0%/*}/lib.sh"

start a b

policy no-egress '{pod: a}' 'policyTypes: [Egress]' | apply
expect "by default" <<- END
	a node 80/tcp accept
	a node 80/udp accept
	a [node] 80/tcp accept
	a node icmp accept
	a outside 80/tcp deny
	a b 80/tcp deny
END

nl set --node-access judge > /dev/null
expect "judged" <<- END
	a node 80/tcp deny
	a node 80/udp deny
	a [node] 80/tcp deny
	a node icmp deny
	b node 80/tcp accept
	node a 80/tcp accept
END

policy to-node '{pod: a}' 'policyTypes: [Egress]' \
	'egress: [{to: [{ipBlock: {cidr: 10.1.0.1/32}}], ports: [{port: 80}]}]' | apply
expect "judged, and allowed by a block" <<- END
	a node 80/tcp accept
	a node 81/tcp deny
	a [node] 80/tcp deny
END

nl set --node-access accept > /dev/null
expect_all accept "accepted again"
