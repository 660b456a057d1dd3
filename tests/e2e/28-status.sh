#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Status tells what is enforced, how much of what is used, and what happened.

. "${0%/*}/lib.sh"

start a b

status() {
	nl status -o json | jq -c "$1"
}

is "loaded, in the version of nlctl" "$(status '.loaded and .version == .nlctl_version')" true
is "nothing is enforced" "$(status '[.enforcing, .used.pods]')" '[false,0]'

policy closed '{pod: b}' \
	'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{port: 81}]}]' | apply
is "two pods are enforced" "$(status '[.enforcing, .used.pods]')" '[true,2]'
is "with the addresses of those whom a rule names" "$(status .used.addresses)" 2
is "nothing is over its limit" \
	"$(status '[.used, .limits] | [map(to_entries) | transpose[] | select(.[0].value > .[1].value)]')" '[]'
denied=$(status .packets.denied)
expect "probes" <<- END
	a b 80/udp deny
	b a 80/udp accept
END
is "a denied packet is counted" "$(status .packets.denied)" $((denied + 1))
is "and an event sent" "$(status '.events.sent > 0')" true

nl set --limit pods=2 > /dev/null
generation=$(status .generation)
labels[c]=pod=c router[c]=node address4[c]=10.1.0.13 address6[c]=fd00:1::d containers[c]=''
pods+=(c)
write_pods > "$manifests"
fails "more pods than the limit are refused" nlctl --netns "$node" apply -f "$manifests"
matches "by its name" "$output" 'pods'
is "nothing changed" "$(status '[.generation, .used.pods]')" "[$generation,2]"
is "the refusal is counted" "$(status .commits_refused)" 1
is "what was asked for is not in force" "$(status '.desired_generation > .generation')" true
matches "which status warns of" "$(nl status)" \
	'warning: what was asked for last is not in force: generation [0-9]+ was asked for, and '"$generation holds"
commits=$(status .commits)
nl set --event-rate 100 > /dev/null
is "until something is in force again" "$(status '[.desired_generation == .generation, .commits]')" \
	"[true,$((commits + 1))]"
matches "as text" "$(nl status)" "commits +$((commits + 1)), 1 refused; the last was in force after [0-9.]+ [num]?s"
is "the delay is counted" "$(status '.delay_nanoseconds > 0 and .delay_sum_nanoseconds >= .delay_nanoseconds')" true
unset 'pods[-1]'

# Many requests follow the first that is refused, all of which are, too.
nl set --limit pods=1000 --limit memory=$(($(status .used.memory) + 16384)) > /dev/null
generation=$(status .generation)
before=("${pods[@]}")
for ((i = 20; i < 220; i++)); do
	labels[m$i]=pod=m router[m$i]=node containers[m$i]=''
	address4[m$i]=10.1.0.$i address6[m$i]=fd00:1::$i
	pods+=("m$i")
done
write_pods > "$manifests"
fails "more memory than the limit is refused" nlctl --netns "$node" apply -f "$manifests"
matches "by what was refused first" "$output" 'policy and open transactions need'
is "nothing changed again" "$(status '[.generation, .used.pods]')" "[$generation,2]"
is "and no transaction is left" "$(status .used.transactions)" 0
pods=("${before[@]}")

matches "as text" "$(nl status)" 'enforcing +yes'
nl flush > /dev/null
is "nothing is enforced after flush" "$(status '[.enforcing, .used.pods, .used.addresses]')" '[false,0,0]'
