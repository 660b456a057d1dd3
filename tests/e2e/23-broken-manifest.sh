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
}

policy closed '{pod: b}' | apply
before=$(state)

mkdir "$work/manifests"
cp "$manifests" "$work/manifests/10-pods.yaml"
policy open '{pod: b}' 'ingress: [{}]' > "$work/manifests/20-good.yaml"

# broken DESCRIPTION LINE TEXT: line 9 of the file is the last of the header.
broken() {
	policy broken '{}' "$3" > "$work/manifests/30-broken.yaml"
	fails "$1: apply" nlctl --netns "$node" apply -f "$work/manifests"
	matches "$1: names the file and line" "$output" "30-broken.yaml:$2"
	is "$1: nothing changed" "$(state)" "$before"
}

broken "no port" 9 'ingress: [{ports: [{port: 70000}]}]'
broken "no block" 9 'ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/33}}]}]'
broken "no field" 9 'ingres: []'
broken "no YAML" '(9|10)' 'ingress: [{'

expect "the old policy is enforced" <<- END
	a b 80/tcp deny
END

rm "$work/manifests/30-broken.yaml"
succeeds "without the broken one apply succeeds" nlctl --netns "$node" apply -f "$work/manifests"
expect_all accept "the new policy is enforced"
