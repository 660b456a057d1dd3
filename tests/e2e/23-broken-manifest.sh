#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One broken manifest among good ones, and nothing changes; the file and line
# are named.

. "${0%/*}/lib.sh"

start a b

state() {
	local kind
	for kind in pods rulesets peersets addresses settings; do
		nl get "$kind" -o json
	done | jq -S 'del(.. | .packets?, .bytes?)'
	nl status -o json | jq .generation
}

policy closed '{pod: b}' | apply
before=$(state)

mkdir "$work/manifests"
cp "$manifests" "$work/manifests/10-pods.yaml"
policy open '{pod: b}' 'ingress: [{}]' > "$work/manifests/20-good.yaml"

# refused DESCRIPTION PATTERN: 30-broken.yaml does not go through, in any way.
refused() {
	local command words
	for command in apply 'apply --dry-run' diff; do
		read -ra words <<< "$command"
		fails "$1: $command" nlctl --netns "$node" "${words[@]}" -f "$work/manifests"
		matches "$1: $command names the file, line and field" "$output" \
			"30-broken.yaml:$2"
	done
	is "$1: nothing changed" "$(state)" "$before"
}

# broken DESCRIPTION PATTERN TEXT: line 9 of the file is the last of the header.
broken() {
	policy broken '{}' "$3" > "$work/manifests/30-broken.yaml"
	refused "$1" "$2"
}

broken "no port" '9: .*ports\[0\].port: 70000 is' 'ingress: [{ports: [{port: 70000}]}]'
broken "no block" '9: .*ipBlock.cidr: "10.1.0.0/33" is' 'ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/33}}]}]'
broken "no field" '9: .*spec.ingres: unknown field' 'ingres: []'
broken "no YAML" '(9|10)' 'ingress: [{'

printf '%s\n' 'apiVersion: policy.networking.k8s.io/v1alpha2' \
	'kind: ClusterNetworkPolicy' 'metadata: {name: broken}' 'spec:' \
	'  tier: Admin' '  priority: 1001' '  subject: {namespaces: {}}' \
	> "$work/manifests/30-broken.yaml"
refused "no priority" '6: .*spec.priority: must be'

expect "the old policy is enforced" <<- END
	a b 80/tcp deny
END

rm "$work/manifests/30-broken.yaml"
succeeds "without the broken one apply succeeds" nlctl --netns "$node" apply -f "$work/manifests"
expect_all accept "the new policy is enforced"
