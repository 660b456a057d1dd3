#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What verbs print as JSON that need the module, docs/json.md has an example of.

. "${0%/*}/lib.sh"

start a b

# documented VERB [WORD...]: no key is printed that the examples do not have.
documented() {
	local status=0
	nl "$@" > "$work/output" || status=$?
	is "nlctl $*" "$status $("$lib/../cli/json" keys "$1" < "$work/output")" "0 "
}

policy web '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.2.0.0/16]}}], ports: [{port: 80}]}]' |
	stage
nl set --guard 10.1.0.0/24 > /dev/null
documented diff -o json -f "$manifests" -f "$policies"
nlctl --netns "$node" monitor -o json > "$work/events" 2> "$work/events.errors" &
watcher=$!
until_true grep -q listening "$work/events.errors"
documented apply -o json -f "$manifests" -f "$policies"
expect "traffic" <<- END
	a b 80/tcp accept
	a b 81/udp deny
END
until_true test -s "$work/events"
kill "$watcher"
wait "$watcher" || :
is "nlctl monitor" "$("$lib/../cli/json" keys monitor < "$work/events")" ""
nlctl --netns "$node" graph --live 600 -o json > "$work/graph" 2> "$work/graph.errors" &
watcher=$!
until_true grep -q listening "$work/graph.errors"
expect "traffic that the graph sees" <<- END
	a b 81/udp deny
END
kill -INT "$watcher"
wait "$watcher" || :
is "nlctl graph --live" "$("$lib/../cli/json" keys graph < "$work/graph")" ""
is "nlctl graph --live: has an attempt" "$(jq '.attempts | length > 0' "$work/graph")" true
documented graph -o json
documented graph -o json -f "$manifests" -f "$policies"
policy web '{pod: b}' | stage
documented diff -o json -f "$manifests" -f "$policies"
documented explain -o json default/a default/b 81/udp
documented matrix -o json --port 80/tcp
for what in pods rulesets peersets addresses settings; do
	documented get -o json "$what"
done
documented status -o json
documented stats -o json
nl save "$work/saved.json"
documented save
documented restore -o json "$work/saved.json"
documented restore -o json --if-empty "$work/saved.json"
documented set -o json --event-rate 7
documented flush -o json
nl set --no-guard > /dev/null
