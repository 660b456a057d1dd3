#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is empty and what is missing, in selectors, rules, peers and ports.

. "${0%/*}/lib.sh"

start x/a x/b,tier=web y/a y/b,tier=web

# means DESCRIPTION SPEC-LINE...: a policy of namespace x, and the rows of
# standard input.
means() {
	local description=$1
	shift
	printf -- '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: x}\nspec:\n' > "$work/p"
	printf '  %s\n' "$@" >> "$work/p"
	apply < "$work/p"
	expect "$description"
}

means "no subject is every pod of the namespace" 'policyTypes: [Ingress]' <<- END
	y/a x/a 80/tcp deny
	x/a x/b 80/tcp deny
	x/a y/a 80/tcp accept
	x/a outside 80/tcp accept
END
means "an empty subject, too; an empty list of rules denies" \
	'podSelector: {}' 'ingress: []' 'egress: []' <<- END
	y/a x/a 80/tcp deny
	outside x/b 80/udp deny
	x/a y/a 80/tcp accept
END
means "an empty list of rules for egress" 'policyTypes: [Egress]' 'egress: []' <<- END
	x/a y/a 80/tcp deny
	x/b outside 80/udp deny
	y/a x/a 80/tcp accept
END
means "an empty rule allows all" 'policyTypes: [Ingress]' 'ingress: [{}]' <<- END
	y/a x/a 80/tcp accept
	outside x/a 80/sctp accept
	outside [x/a] icmpv6 accept
END
means "empty peers are everyone" 'ingress: [{from: [], ports: [{port: 80}]}]' <<- END
	y/a x/a 80/tcp accept
	outside x/a 80/tcp accept
	outside x/a 81/tcp deny
END
means "no peers are everyone" 'policyTypes: [Egress]' 'egress: [{ports: [{port: 80}]}]' <<- END
	x/a y/a 80/tcp accept
	x/a outside 80/tcp accept
	x/a outside 81/tcp deny
END
means "an empty selector of pods as peer" 'ingress: [{from: [{podSelector: {}}]}]' <<- END
	x/b x/a 80/tcp accept
	y/a x/a 80/tcp deny
	outside x/a 80/tcp deny
END
means "an empty selector of namespaces as peer" 'ingress: [{from: [{namespaceSelector: {}}]}]' <<- END
	x/b x/a 80/tcp accept
	y/a x/a 80/udp accept
	y/a x/a icmp accept
	outside x/a 80/tcp deny
END
means "empty ports are all, of all protocols" \
	'ingress: [{from: [{namespaceSelector: {}}], ports: []}]' <<- END
	y/a x/a 80/tcp accept
	y/a x/a 81/sctp accept
	y/a x/a icmp accept
	outside x/a 80/tcp deny
END
means "an empty port is all of TCP" 'ingress: [{ports: [{}]}]' <<- END
	y/a x/a 80/tcp accept
	outside x/a 8080/tcp accept
	y/a x/a 80/udp deny
	y/a x/a 80/sctp deny
	y/a x/a icmp deny
END
means "NotIn holds where the key is missing" \
	'podSelector: {matchLabels: {pod: a}}' \
	'ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}}]}]' <<- END
	y/a x/a 80/tcp accept
	y/b x/a 80/tcp deny
	x/b x/a 80/tcp deny
	y/a x/b 80/tcp accept
END
means "DoesNotExist holds there, and a subject may have it" \
	'podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}' \
	'ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}]}]' <<- END
	y/b x/a 80/tcp accept
	x/b x/a 80/tcp accept
	y/a x/a 80/tcp deny
	y/a x/b 80/tcp accept
END
