#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What monitor tells: drops, audited and accepted connections and changes; how
# repeats become one line, what filters let through, and what was lost.

. "${0%/*}/lib.sh"

start a b c x/d

# listen NAME OPTION...: a monitor, whose lines go to $work/NAME.
declare -A listeners=()
listen() {
	: > "$work/$1.errors"
	nlctl --netns "$node" monitor "${@:2}" > "$work/$1" 2> "$work/$1.errors" &
	listeners[$1]=$!
	monitors+=($!)
	until_true grep -q listening "$work/$1.errors"
}

# hush NAME: it is told to end.
hush() {
	local status=0
	kill "${listeners[$1]}"
	wait "${listeners[$1]}" || status=$?
	is "$1 ends as it is told" "$status" 0
}

# has_lines NAME NUMBER
has_lines() {
	(($(wc -l < "$work/$1") >= $2))
}

# lines NAME: what it told, without what is new each time.
lines() {
	sed -E 's/^[0-9:.]{12} /TIME /; s/:[0-9]+ ->/:PORT ->/' "$work/$1"
}

# send FROM TO PORT/PROTOCOL VERDICT: one probe, which has to go so.
send() {
	probe "$@"
	[[ $verdict == "$4" ]] || not_ok "$* is a probe of the scenario" "got: $verdict"
}

from_a='ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]'

# send_together ROW...: the same for several at the same time. They are repeats only
# as long as they come within seconds.
send_together() {
	local i
	rows=("$@")
	run_probes
	for i in "${!rows[@]}"; do
		[[ ${answers[i]%% *} == "${rows[i]##* }" ]] ||
			not_ok "${rows[i]} is a probe of the scenario" "got: ${answers[i]}"
	done
}

# --- a line each, and repeats in one

policy closed '{pod: b}' "$from_a" | apply
listen text
listen every --every
again="c b 80/udp deny"
send_together "$again" "$again" "$again" "outside [b] 81/udp deny"
until_true grep -q '(x2)$' "$work/text"
until_true has_lines every 4
closed='ingress of default/b: isolated by NetworkPolicy default/closed'
is "repeats are one line when their time is over" "$(lines text)" \
	"TIME drop   default/c 10.1.0.13:PORT -> default/b 10.1.0.12:80 udp  $closed
TIME drop   [2001:db8::10]:PORT -> default/b [fd00:1::c]:81 udp  $closed
TIME drop   default/c 10.1.0.13:PORT -> default/b 10.1.0.12:80 udp  $closed  (x2)"
is "with --every they are not" "$(lines every | sort | uniq -c | sed 's/^ *//')" \
	"1 TIME drop   [2001:db8::10]:PORT -> default/b [fd00:1::c]:81 udp  $closed
3 TIME drop   default/c 10.1.0.13:PORT -> default/b 10.1.0.12:80 udp  $closed"
hush text
hush every

listen counted --count 3
send_together "$again" "$again" "$again"
wait "${listeners[counted]}"
is "those that are counted at the end are told" "$(lines counted)" \
	"TIME drop   default/c 10.1.0.13:PORT -> default/b 10.1.0.12:80 udp  $closed
TIME drop   default/c 10.1.0.13:PORT -> default/b 10.1.0.12:80 udp  $closed  (x2)"

# --- filters

{
	policy closed '{pod: b}' "$from_a"
	policy no-way-out '{pod: a}' 'policyTypes: [Egress]'
	policy x/alone '{pod: d}'
	cluster_policy no-b Admin 1 c \
		'egress: [{action: Deny, to: [{networks: [198.51.100.0/24]}]}]'
} | apply
declare -A filters=(
	[by-nothing]=''
	[by-server]='--pod default/b'
	[by-client]='--pod default/c --pod x/e'
	[by-namespace]='--namespace default'
	[by-other-namespace]='--namespace x --policy default/closed'
	[by-direction]='--direction ingress'
	[by-reason]='--reason isolated'
	[by-policy]='--policy default/closed'
	[by-policies]='--policy default/closed --policy no-b'
	[by-all]='--pod default/b --namespace default --direction ingress --reason isolated --policy closed'
)
for name in "${!filters[@]}"; do
	read -ra options <<< "${filters[$name]}"
	listen "$name" -o json "${options[@]}"
done
send a outside 80/udp deny
send outside x/d 80/udp deny
send c 198.51.100.7 80/udp deny
send c b 8080/udp deny
send a x/d 8080/udp deny
way_out='["default/a","egress","isolated",80]'
alone='["x/d","ingress","isolated",80]'
rule='["default/c","egress","rule",80]'
last='["default/b","ingress","isolated",8080]'
end='["default/a","egress","isolated",8080]'

# passes NAME EVENT...: of the five, those.
passes() {
	until_true has_lines "$1" $(($# - 1))
	is "$1: ${filters[$1]:-everything}" \
		"$(jq -c '[.pod, .direction, .reason, .server_port]' "$work/$1")" \
		"$(printf '%s\n' "${@:2}")"
}
passes by-nothing "$way_out" "$alone" "$rule" "$last" "$end"
passes by-server "$last"
passes by-client "$rule" "$last"
passes by-namespace "$way_out" "$rule" "$last" "$end"
passes by-direction "$alone" "$last"
passes by-reason "$way_out" "$alone" "$last" "$end"
passes by-policy "$last"
passes by-policies "$rule" "$last"
passes by-all "$last"
is "by-other-namespace: of nothing both fit" "$(cat "$work/by-other-namespace")" ''
is "JSON has every field" \
	"$(jq -cS 'del(.client_port, .time, .generation, .rule_set, .length)' "$work/by-server")" \
	'{"client":"10.1.0.13","client_pod":"default/c","direction":"ingress","event":"drop","lost":0,"mode":"enforce","origin":"NetworkPolicy default/closed","pod":"default/b","pod_lost":0,"protocol":"udp","reason":"isolated","server":"10.1.0.12","server_pod":"default/b","server_port":8080,"tier":"policy","verdict":"deny"}'
is "and the generation that judged" "$(jq .generation "$work/by-server")" \
	"$(nl status -o json | jq .generation)"
matches "and when" "$(jq -r .time "$work/by-server")" \
	'^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{9}Z$'
matches "and the cookie of a rule" "$(jq -r .cookie "$work/by-policies" | head -n 1)" '^0x[0-9a-f]{16}$'
for name in "${!filters[@]}"; do
	hush "$name"
done

# --- audit and accept

reports=([a]=accepted) modes=([b]=audit)
policy closed '{pod: b}' "$from_a" | apply
is "the annotation has reached the module" \
	"$(nl get pods -o json | jq -c '[.pods[] | select(.report_accepted).key]')" '["default/a"]'
listen accepts --accepted --every
listen denials --every
send c b 80/udp accept
send c b 80/tcp accept
send a b 80/tcp accept
send a '[b]' 81/udp accept
send c a 8080/tcp accept
send c outside 80/tcp accept
send c b 8080/udp accept
until_true grep -q ':8080 udp' "$work/accepts"
until_true grep -q ':8080 udp' "$work/denials"
is "each accepted connection is told once, of pods that ask for it" \
	"$(lines accepts | grep -v ' audit ')" \
	"TIME accept default/a 10.1.0.11:PORT -> default/b 10.1.0.12:80 tcp  egress of default/a: no policy
TIME accept default/a [fd00:1::b]:PORT -> default/b [fd00:1::c]:81 udp  egress of default/a: no policy
TIME accept default/c 10.1.0.13:PORT -> default/a 10.1.0.11:8080 tcp  ingress of default/a: no policy"
is "audit is told as such" "$(lines denials | sort -u)" \
	"$(printf 'TIME audit  default/c 10.1.0.13:PORT -> default/b 10.1.0.12:%s  %s\n' \
		'80 tcp' "$closed" '80 udp' "$closed" '8080 udp' "$closed")"
fails "without --accepted nothing is told of what is accepted" grep -q ' accept ' "$work/denials"
hush accepts
hush denials

reports=([default/]=accepted [c]=denied) modes=()
policy open '{pod: b}' 'ingress: [{}]' | apply
listen accepts -o json --accepted
send c outside 80/tcp accept
send c b 80/tcp accept
until_true has_lines accepts 1
is "a pod's own annotation goes before that of its namespace" \
	"$(jq -c '[.event, .verdict, .pod, .direction, .client_pod, .server_pod, .reason, .origin]' "$work/accepts")" \
	'["accept","accept","default/b","ingress","default/c","default/b","rule","NetworkPolicy default/open ingress[0]"]'
hush accepts
reports=()

# --- the end

policy closed '{pod: b}' "$from_a" | apply
listen late -o json
kill -STOP "${listeners[late]}"
send c b 80/udp deny
send c b 81/udp deny
kill "${listeners[late]}"
kill -CONT "${listeners[late]}"
status=0
wait "${listeners[late]}" || status=$?
is "a monitor that is told to end does" "$status" 0
is "what had arrived is told" "$(jq -c '[.event, .server_port]' "$work/late")" '["drop",80]
["drop",81]'

# --- nobody reads

mkfifo "$work/full"
exec {full}<> "$work/full"
dd if=/dev/zero of="$work/full" bs=4096 oflag=nonblock 2> /dev/null || :

# ends NAME PID: one that cannot write does, by a signal.
ends() {
	local status=0
	kill "$2"
	wait "$2" 2> /dev/null || status=$?
	is "$1: a signal ends it when nobody reads" "$status" 143
}
: > "$work/full.errors"
nlctl --netns "$node" monitor --every > "$work/full" 2> "$work/full.errors" &
monitor=$!
monitors+=("$monitor")
until_true grep -q listening "$work/full.errors"
send c b 80/udp deny
ends monitor "$monitor"
nlctl --netns "$node" stats --watch > "$work/full" &
monitor=$!
monitors+=("$monitor")
# A shell that has not become nlctl yet may pass over a signal.
is_nlctl() {
	[[ $(< "/proc/$monitor/comm") == nlctl ]]
}
until_true is_nlctl
ends stats "$monitor"
exec {full}>&-

# --- changes

# The same policy again would be no change.
policy open '{pod: b}' 'ingress: [{}]' | apply
listen changes --changes
listen changes-json --changes -o json
before=$(nl status -o json | jq .generation)
policy closed '{pod: b}' "$from_a" | apply
nl set --event-rate 4 > /dev/null
until_true has_lines changes 2
until_true has_lines changes-json 2
is "changes are told with their author" \
	"$(sed -E 's/^[0-9:.]{12} /TIME /; s/process [0-9]+/process P/; s/in [0-9.]+ [nmu]?s/in TIME/' "$work/changes")" \
	"TIME change generation $((before + 1)) by nlctl (process P, user 0): $(jq -s '.[0].requests' "$work/changes-json") requests, in TIME; 4 pods, 1 rule
TIME change generation $((before + 2)) by nlctl (process P, user 0): 1 request, in TIME; 4 pods, 1 rule"
is "as JSON, too" \
	"$(jq -c '[.event, .command, .user, .generation, .process > 1, .delay_nanoseconds > 0, .used.pods]' "$work/changes-json")" \
	"[\"change\",\"nlctl\",0,$((before + 1)),true,true,4]
[\"change\",\"nlctl\",0,$((before + 2)),true,true,4]"
is "status has the delay of the last one" "$(nl status -o json | jq .delay_nanoseconds)" \
	"$(jq -s '.[1].delay_nanoseconds' "$work/changes-json")"
hush changes
hush changes-json

# --- lost

lost() {
	nl status -o json | jq .events.lost
}
listen losses -o json
listen losses-text
before=$(lost)
rows=()
for ((i = 0; i < 40; i++)); do
	rows+=("c b 80/udp deny")
done
run_probes
# Those of which nothing was lost until the end are told of at the end.
until_true has_lines losses 1
hush losses
hush losses-text
lost=$(($(lost) - before))
((lost > 0 && lost < 40)) && some=yes || some="$lost of 40"
is "some events are lost" "$some" yes
is "and none goes unnoticed" \
	"$(jq -s '(map(select(.event == "drop")) | length) + (map(select(.event == "lost").count) | add)' "$work/losses")" 40
matches "as text, too" "$(lines losses-text)" \
	'TIME lost   [0-9]+ events: above the event rate, or faster than they were read'
is "they are those of the pod" "$(nl stats pods -o json | jq '[.pods[] | select(.pod == "default/b").events_lost] | max')" "$lost"
