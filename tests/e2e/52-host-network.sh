#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A pod on the host network has no address of its own: no policy selects it, no
# selector means it as a peer, and only a block does. It is what its node is.

. "${0%/*}/lib.sh"

start a b

# One on this node, and one on another, which is where outside is. Their labels
# are those of a.
for name in here there; do
	pods+=("$name")
	labels[$name]=pod=a
	containers[$name]='web:80/TCP'
done
address4[here]=10.1.0.1 address6[here]=fd00:1::1
address4[there]=192.0.2.10 address6[there]=2001:db8::10

policy closed '{}' 'policyTypes: [Ingress, Egress]' \
	'egress: [{to: [{podSelector: {matchLabels: {pod: b}}}]}]' > "$work/closed"
expect "no policy" <<- END
	outside node 80/tcp accept
	outside b 80/tcp accept
END

apply < "$work/closed"
is "only the others are registered" \
	"$(nl get pods -o json | jq -r '[.pods[].key] | join(" ")')" "default/a default/b"
expect "all pods are isolated" <<- END
	a outside 80/tcp deny
	outside a 80/tcp deny
	outside node 80/tcp accept
	outside [node] 80/tcp accept
	node outside 80/tcp accept
	node [outside] 80/tcp accept
	node a 80/tcp accept
	a node 80/tcp accept
END

policy by-label '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]' | apply
expect "their labels mean other pods" <<- END
	a b 80/tcp accept
	node b 80/tcp accept
	outside b 80/tcp deny
	outside [b] 80/tcp deny
END

policy by-block '{pod: b}' 'ingress: [{from: [{ipBlock: {cidr: 192.0.2.10/32}}]}]' | apply
expect "a block means the other node" <<- END
	outside b 80/tcp accept
	outside [b] 80/tcp deny
	a b 80/tcp deny
	node b 80/tcp accept
END

nl set --node-access judge > /dev/null
policy egress '{pod: b}' 'policyTypes: [Egress]' \
	'egress: [{to: [{podSelector: {matchLabels: {pod: a}}}]}, {ports: [{port: web}]}]' | apply
expect "neither labels nor named ports lead to them" <<- END
	b a 80/tcp accept
	b node 80/tcp deny
	b outside 80/tcp deny
	b [outside] 80/tcp deny
END
policy egress '{pod: b}' 'policyTypes: [Egress]' \
	'egress: [{to: [{ipBlock: {cidr: 10.1.0.1/32}}, {ipBlock: {cidr: 192.0.2.10/32}}]}]' | apply
expect "a block does" <<- END
	b a 80/tcp deny
	b node 80/tcp accept
	b outside 80/tcp accept
	b [outside] 80/tcp deny
END
