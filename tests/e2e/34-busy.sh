#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Policies change while connections carry data: what old and new policy both
# allow loses not one packet, what both deny never gets through.

. "${0%/*}/lib.sh"

start a b c

variant() {
	policy "variant-$1" '{pod: b}' \
		"ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}, {ipBlock: {cidr: 198.51.100.$1/32}}]}]" > "$work/variant-$1.yaml"
}

variant 1
variant 2
write_pods > "$manifests"
nl apply -f "$manifests" -f "$work/variant-1.yaml" > /dev/null
flow_open datagrams a b 80/udp
flow_open stream a b 80/tcp

for round in {1..6}; do
	nl apply -f "$manifests" -f "$work/variant-$((round % 2 + 1)).yaml" > /dev/null &
	applier=$!
	lost=0
	while [[ -d /proc/$applier ]]; do
		for flow in datagrams stream; do
			ask say "$flow" "$deadline" 2000
			[[ $answer == heard ]] || lost=$((lost + 1))
		done
	done
	wait "$applier"
	is "change $round: nothing is lost" "$lost" 0
done
is "no packet was denied" "$(nl status -o json | jq .packets.denied)" 0

expect "who was never allowed" <<- END
	c b 80/tcp deny
	a b 81/tcp accept
END
