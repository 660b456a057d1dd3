#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What stats counts, by reason, pod and rule: connections, packets and bytes,
# over changes of other rules; which rules are unused, and how much happens in a
# second.

. "${0%/*}/lib.sh"

start a b c

# Each probe that is accepted is one datagram there, of 28 bytes of headers and
# 13 of text, and one back, with a line "b 10.1.0.11" of 12 in front.
text='size=13 text=counted'

# send FROM TO PORT/PROTOCOL VERDICT: one probe, which has to go so.
send() {
	probe "$@" "$text"
	[[ $verdict == "$4" ]] || not_ok "$* is a probe of the scenario" "got: $verdict"
}

# rule ORIGIN: connections, packets and bytes of the rule of that origin.
rule() {
	nl stats rules -o json | jq -r --arg origin "$1" \
		'.rules[] | select(.origin == $origin) | "\(.connections) \(.packets) \(.bytes)"'
}

first='{pod: b}' from_a='ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]'
{
	policy first "$first" "$from_a"
	policy second '{pod: b}' 'ingress: [{ports: [{protocol: UDP, port: 81}]}]'
} | apply
is "nothing has been counted yet" \
	"$(nl stats -o json | jq -c '[.packets, .reasons, ([.rules[] | .connections, .packets, .bytes] | add)]')" \
	'[{"accepted":0,"audited":0,"denied":0},[],0]'
send a b 80/udp accept
send c b 81/udp accept
send c b 80/udp deny

is "totals, reasons and rules" "$(nl stats)" \
	"packets accepted  4
packets denied    1
packets audited   0
events sent       1
events lost       0

DIRECTION  VERDICT  REASON     CONNECTIONS  PACKETS  BYTES
ingress    accept   rule                 2        4    188
ingress    deny     isolated             1        1     41
egress     accept   no-policy            3        5    229

DIRECTION  ACTION  CONNECTIONS  PACKETS  BYTES  ORIGIN
ingress    accept            1        2     94  NetworkPolicy default/first ingress[0]
ingress    accept            1        2     94  NetworkPolicy default/second ingress[0]
ingress    deny              1        1     41  isolated by NetworkPolicy default/first, default/second"
pods_text="POD        DIRECTION  VERDICT  CONNECTIONS  PACKETS  BYTES  EVENTS LOST
default/a  egress     accept             1        2     94            0
default/b  ingress    accept             2        4    188            0
default/b  ingress    deny               1        1     41            0
default/c  egress     accept             2        3    135            0"
is "by pod" "$(nl stats pods)" "$pods_text"
is "by pod, as JSON" \
	"$(nl stats pods -o json | jq -c '.pods[] | [.pod, .direction, .verdict, .connections, .packets, .bytes, .events_lost]')" \
	'["default/a","egress","accept",1,2,94,0]
["default/b","ingress","accept",2,4,188,0]
["default/b","ingress","deny",1,1,41,0]
["default/c","egress","accept",2,3,135,0]'
is "by reason, as JSON" "$(nl stats reasons -o json | jq -cS .reasons[])" \
	'{"bytes":188,"connections":2,"direction":"ingress","packets":4,"reason":"rule","verdict":"accept"}
{"bytes":41,"connections":1,"direction":"ingress","packets":1,"reason":"isolated","verdict":"deny"}
{"bytes":229,"connections":3,"direction":"egress","packets":5,"reason":"no-policy","verdict":"accept"}'
is "by rule, as JSON" "$(nl stats rules -o json | jq -cS '.rules[0]')" \
	'{"action":"accept","bytes":94,"connections":1,"direction":"ingress","kind":"rule","origin":"NetworkPolicy default/first ingress[0]","packets":2,"pods":["default/b"],"rule_sets":[1],"tier":"policy"}'

# --- connections of which many packets are one

flow_open flow a b 80/tcp
for _ in 1 2 3; do
	flow_says "a connection goes on" flow heard
done
is "it is one connection of its rule" "$(rule 'NetworkPolicy default/first ingress[0]' | cut -d ' ' -f 1)" 2
matches "with many packets" "$(rule 'NetworkPolicy default/first ingress[0]')" '^2 [1-9][0-9] '

# --- changes

before=$(rule 'NetworkPolicy default/first ingress[0]')
{
	policy first "$first" "$from_a"
	policy needless '{pod: b}' 'ingress: [{ports: [{protocol: UDP, port: 8080}]}]'
	policy third '{}' 'ingress: [{ports: [{protocol: SCTP, port: 8080}]}]'
} | apply
is "a rule goes on counting over changes of others" \
	"$(rule 'NetworkPolicy default/first ingress[0]')" "$before"
is "so do the pods" "$(nl stats pods -o json | jq -c '.pods[] | select(.pod == "default/c" and .direction == "egress") | [.connections, .packets, .bytes]')" \
	'[2,3,135]'
is "a rule in several rule sets is one row" \
	"$(nl stats rules -o json | jq -c '.rules[] | select(.origin == "NetworkPolicy default/third ingress[0]") | [(.rule_sets | length), .pods]')" \
	'[2,["default/a","default/b","default/c"]]'
send a c 8080/sctp accept
send b a 8080/sctp accept
is "a rule counts in all of them" "$(rule 'NetworkPolicy default/third ingress[0]' | cut -d ' ' -f 1)" 2
is "unused is what nothing has matched" "$(nl stats --unused | sed -E 's/ +[0-9]+( [0-9]+)*  /  SETS  /')" \
	"DIRECTION  ACTION  ORIGIN                                     SETS  PODS
ingress    accept  NetworkPolicy default/needless ingress[0]  SETS  default/b"
is "as JSON, too" "$(nl stats --unused -o json | jq -c '.rules[] | [.origin, .pods]')" \
	'["NetworkPolicy default/needless ingress[0]",["default/b"]]'
send c b 8080/udp accept
is "then nothing is unused" "$(nl stats rules --unused -o json | jq -c .rules)" '[]'

# --- order

is "by packets" "$(nl stats rules --sort packets -o json | jq -c '[.rules[].packets] | . == (sort | reverse)')" true
is "by bytes" "$(nl stats reasons --sort bytes -o json | jq -c '[.reasons[].bytes] | . == (sort | reverse)')" true
is "by name" "$(nl stats rules --sort name -o json | jq -c '[.rules[].origin] | . == sort')" true

# --- audit

modes[b]=audit
policy first "$first" "$from_a" | apply
send c b 81/udp accept
is "what audit let pass counts as such" \
	"$(nl stats reasons -o json | jq -c '.reasons[] | select(.verdict == "audit") | [.direction, .reason, .connections, .packets, .bytes]')" \
	'["ingress","isolated",1,2,94]'
modes=()
policy first "$first" "$from_a" | apply

# --- again and again

# What is acknowledged late would be one packet more.
flow_says "quiet from now on" flow heard
ask close flow "$deadline"
generation=$(nl status -o json | jq .generation)
read -r connections packets bytes <<< "$(rule 'NetworkPolicy default/first ingress[0]')"
is "--watch tells what happens in a second" \
	"$(nl stats rules --watch 0.1 --count 2 | sed -E 's/^[0-9:.]{12} /TIME /; s/ +/ /g' | grep -v isolated)" \
	"TIME generation $generation
DIRECTION ACTION CONNECTIONS PACKETS BYTES CONNECTIONS/S PACKETS/S BYTES/S ORIGIN
ingress accept $connections $packets $bytes - - - NetworkPolicy default/first ingress[0]

TIME generation $generation
DIRECTION ACTION CONNECTIONS PACKETS BYTES CONNECTIONS/S PACKETS/S BYTES/S ORIGIN
ingress accept $connections $packets $bytes 0.0 0.0 0.0 NetworkPolicy default/first ingress[0]"
nlctl --netns "$node" stats -o json --watch 1 > "$work/watch" &
watcher=$!
until_true test -s "$work/watch"
send a b 80/udp accept
send a b 81/udp accept

# seen: whether the readings have come to four packets more.
seen() {
	jq -es '[.[] | select(.elapsed_seconds) as $one | $one.rules[] |
		select(.origin == "NetworkPolicy default/first ingress[0]").per_second |
		[.connections, .packets, .bytes] | map(. * $one.elapsed_seconds | round)] |
		transpose | map(add) == [2, 4, 188]' "$work/watch"
}
if until_true seen; then
	ok "its readings come to what happened"
else
	not_ok "its readings come to what happened" "$(jq -c '[.elapsed_seconds, .rules[0]]' "$work/watch")"
fi
kill "$watcher"
status=0
wait "$watcher" || status=$?
is "it ends as it is told" "$status" 0
matches "and starts without a rate" "$(head -n 1 "$work/watch" | jq -c '.packets.per_second')" null
