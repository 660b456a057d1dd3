#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is in audit mode denies nothing: what it alone would deny passes, is
# counted and is told of. An annotation says so, on a policy, a pod or a
# namespace.

. "${0%/*}/lib.sh"

start a b c

# audited: policies on standard input, put in audit mode.
audited() {
	sed '/^metadata:$/a\  annotations: {podwall.io/mode: audit}'
}

# deny_from NAME PEER SERVER: a Deny of the admin tier.
deny_from() {
	printf -- '---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata:\n  name: %s\nspec:\n  tier: Admin\n  priority: 1\n  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: %s}}}}\n  ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: %s}}}}]}]\n' \
		"$1" "$3" "$2"
}

# heard_all: whether the listener has written what was sent.
heard_all() {
	local sent
	sent=$(nl status -o json | jq .events.sent)
	(($(wc -l < "$work/drops") + forgotten == sent))
}

# forget: what was told of so far.
forgotten=0
forget() {
	until_true heard_all
	forgotten=$((forgotten + $(wc -l < "$work/drops")))
	: > "$work/drops"
}

# told PATTERN: whether the drops' listener heard of a line like this.
told() {
	grep -qE -- "$1" "$work/drops"
}

# tells DESCRIPTION PATTERN
tells() {
	if until_true told "$2"; then
		ok "$1"
	else
		not_ok "$1" "no event is like: $2"
	fi
}

from_a='ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]'

policy staged '{pod: b}' "$from_a" | apply
flow_open from-c c a 80/tcp
expect "enforced" <<- END
	a b 80/tcp accept
	c b 80/tcp deny
	c [b] 80/udp deny
	outside b 80/tcp deny
END
enforced=("${rows[@]}")

policy staged '{pod: b}' "$from_a" | audited | apply
forget
expect_all accept "in audit"
flow_open through c b 80/tcp
flow_says "in audit" through heard
tells "audit tells what would be dropped" ' audit .* 10\.1\.0\.13:.* tcp  ingress of default/b: '
tells "and of which policy" 'isolated by NetworkPolicy default/staged$'
until_true heard_all
fails "no drop is told of" told ' drop '
fails "nor what a rule accepts" told '10\.1\.0\.11:'
audits=$(nl status -o json | jq .packets.audited)
matches "status counts what audit let pass" "$audits" '^[1-9][0-9]*$'
is "stats count it where it would be denied" \
	"$(nl stats -o json | jq '[.rule_sets[] | select(.isolated).isolation_packets] | add > 0')" true
explained=$(nl explain default/c default/b 80/tcp)
matches "explain says that it passes" "$explained" ': accept'
matches "and that it would be denied" "$explained" 'deny \(audit mode: [^)]*\), rule set [0-9]+ \(isolated by NetworkPolicy default/staged\)'
matches "and what is enforced of it" "$explained" 'without what those in audit mode deny, rule set [0-9]+: accept'
is "so does explain from manifests" \
	"$(nlctl explain -o json -f "$manifests" -f "$policies" default/c default/b 80/tcp |
		jq -c '[.verdict, .ingress.verdict, .ingress.mode]')" \
	'["accept","deny","audit"]'
is "the matrix tells it from an accept" \
	"$(nl matrix --port 80/tcp -o json | jq -c '[.cells[] | select(.to == "default/b") | [.from, .verdict, .audited]]')" \
	'[["default/a","accept",false],["default/c","accept",true]]'
check_matrix "in audit" 80/tcp 80/udp

nl save "$work/saved.json" > /dev/null
nl flush > /dev/null
nl restore "$work/saved.json" > /dev/null
rows=("${enforced[@]}")
forget
expect_all accept "saved and restored"
tells "audit is restored as well" ' audit .*  ingress of default/b: '

policy staged '{pod: b}' "$from_a" | apply
rows=("${enforced[@]}")
expect "enforced again" <<- END
	a b 80/tcp accept
	c b 80/tcp deny
	c [b] 80/udp deny
	outside b 80/tcp deny
END
flow_says "enforced again" through silence
flow_says "nothing about it" from-c heard

{
	policy staged '{pod: b}' 'ingress: []' | audited
	policy enforced '{pod: b}' 'ingress: [{ports: [{port: 80}]}]'
} | apply
forget
flow_says "in audit, and another policy accepts" through heard
expect "another policy denies too" <<- END
	a b 80/tcp accept
	c [b] 80/tcp accept
	c b 81/tcp deny
	c [b] 80/udp deny
END
tells "the policy that is enforced is told of" ' drop .* 10\.1\.0\.13:.* tcp  ingress of default/b: '
until_true heard_all
fails "and the other is not" told 'default/staged'

{
	deny_from staged-deny a b | audited
	policy enforced '{pod: b}' "$from_a"
} | apply
forget
expect "a Deny in audit, and what comes behind it" <<- END
	a b 80/tcp accept
	a [b] 81/sctp accept
	c b 80/tcp deny
END
tells "a Deny in audit tells of itself" 'denied by ClusterNetworkPolicy staged-deny ingress\[0\]$'
check_matrix "a Deny in audit" 80/tcp
{
	deny_from staged-deny a b
	policy enforced '{pod: b}' "$from_a"
} | apply
expect "the same Deny, enforced" <<- END
	a b 80/tcp deny
	a [b] 81/sctp deny
	c b 80/tcp deny
END

modes[b]=audit
forget
policy closed '{}' 'policyTypes: [Ingress, Egress]' | apply
expect "a pod in audit mode" <<- END
	outside b 80/tcp accept
	b outside 80/tcp accept
	b [outside] 80/udp accept
	outside a 80/tcp deny
	a outside 80/tcp deny
	b a 80/tcp deny
	a b 80/tcp deny
END
tells "audit of what the pod sends" ' audit .* tcp  egress of default/b: '
tells "audit of what reaches it" ' audit .* tcp  ingress of default/b: '

modes=([default/]=audit [a]=enforce)
policy closed '{}' 'policyTypes: [Ingress, Egress]' | apply
expect "a namespace in audit mode, with a pod that enforces" <<- END
	outside b 80/tcp accept
	b c 80/tcp accept
	outside a 80/tcp deny
	b a 80/tcp deny
	a b 80/tcp deny
END
check_matrix "a namespace in audit mode" 80/tcp

modes=()
policy closed '{}' 'policyTypes: [Ingress, Egress]' | apply
expect_all deny "nothing is in audit mode any more"

generation=$(nl status -o json | jq .generation)
policy closed '{}' | sed '/^metadata:$/a\  annotations: {podwall.io/mode: dry-run}' > "$work/odd.yaml"
fails "another word is refused" nl apply -f "$manifests" -f "$work/odd.yaml"
matches "where it stands, and what may stand there, is said" "$output" \
	'odd.yaml:5: .*annotations\[podwall.io/mode\]: "dry-run" is not audit or enforce'
is "nothing has changed" "$(nl status -o json | jq .generation)" "$generation"
