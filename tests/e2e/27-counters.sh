#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each rule counts the packets and bytes it decided, and each rule set those
# that no rule covered.

. "${0%/*}/lib.sh"

start a b c

# count ORIGIN: packets and bytes of the rule of that origin.
count() {
	nl stats -o json | jq -r --arg origin "$1" \
		'[.rule_sets[].rules[] | select(.origin | contains($origin))][0] | "\(.packets) \(.bytes)"'
}

isolation() {
	nl stats -o json | jq '[.rule_sets[].isolation_packets // 0] | add'
}

{
	policy first '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]'
	policy second '{pod: b}' 'ingress: [{ports: [{protocol: UDP, port: 81}]}]'
} | apply
is "they start at zero" "$(count first)/$(count second)/$(isolation)" "0 0/0 0/0"

# One datagram there, of 28 bytes of headers and 13 of text, and one back, with
# a line "b 10.1.0.11" of 12 in front.
expect "a datagram" <<- END
	a b 80/udp accept size=13 text=counted-one
END
is "a rule counts both ways" "$(count first)" "2 $((41 + 41 + 12))"
is "the other counts nothing" "$(count second)" "0 0"

expect "another rule" <<- END
	c b 81/udp accept
END
matches "counts by itself" "$(count second)" '^2 '

expect "no rule" <<- END
	c b 80/udp deny
END
is "isolation counts" "$(isolation)" 1
is "the total counts" "$(nl stats -o json | jq .packets.denied)" 1
matches "as a table" "$(nl stats)" 'ingress +accept +1 +2 +94 +NetworkPolicy default/first'
