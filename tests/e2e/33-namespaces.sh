#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Selectors of namespaces and of pods, alone, together and side by side.

. "${0%/*}/lib.sh"

start x/a x/b y/a y/b

policy x/own '{pod: a}' 'ingress: [{from: [{podSelector: {}}]}]' | apply
expect "pods of the same namespace" <<- END
	x/b x/a 80/tcp accept
	y/a x/a 80/tcp deny
	y/b x/a 80/tcp deny
	y/a x/b 80/tcp accept
END
check_matrix "pods of the same namespace" 80/tcp

y='namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "y"}}'
policy x/both '{}' "ingress: [{from: [{$y, podSelector: {matchLabels: {pod: a}}}]}]" | apply
expect "both in one peer" <<- END
	y/a x/a 80/tcp accept
	y/b x/a 80/tcp deny
	x/a x/b 80/tcp deny
END

policy x/either '{pod: a}' \
	"ingress: [{from: [{$y}, {podSelector: {matchExpressions: [{key: pod, operator: NotIn, values: [b]}]}}]}]" | apply
expect "one peer or the other" <<- END
	y/a x/a 80/tcp accept
	y/b x/a 80/tcp accept
	x/b x/a 80/tcp deny
	outside x/a 80/tcp deny
END

{
	policy x/out '{}' 'policyTypes: [Egress]' "egress: [{to: [{$y}]}]"
	policy y/in '{pod: b}' 'ingress: [{from: [{namespaceSelector: {}}]}]'
} | apply
check_matrix "policies of two namespaces" 80/tcp 80/udp
expect "policies of two namespaces" <<- END
	x/a y/b 80/tcp accept
	x/a x/b 80/tcp deny
	outside y/b 80/tcp deny
	y/a x/a 80/tcp accept
END
