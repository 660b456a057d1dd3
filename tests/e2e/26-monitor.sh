#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Who watches is told of every drop: pod, direction, both ends, and the policy.

. "${0%/*}/lib.sh"

start a b

# watch NUMBER: events to $work/events, until so many were seen.
watch() {
	: > "$work/events.errors"
	nlctl --netns "$node" monitor -o json --count "$1" \
		> "$work/events" 2> "$work/events.errors" &
	watcher=$!
	until_true grep -q listening "$work/events.errors"
}

policy closed-door '{pod: b}' 'ingress: [{ports: [{port: 80}]}]' | apply
watch 1
expect "ingress" <<- END
	a b 80/tcp accept
	a b 81/udp deny
END
wait "$watcher"
is "an ingress drop" \
	"$(jq -c '[.event, .pod, .direction, .client, .server, .protocol, .server_port, .reason]' "$work/events")" \
	'["drop","default/b","ingress","10.1.0.11","10.1.0.12","udp",81,"isolated"]'
matches "names the policy" "$(jq -r .origin "$work/events")" 'default/closed-door'
matches "has the client's port" "$(jq .client_port "$work/events")" '^[1-9][0-9]+$'

policy no-way-out '{pod: a}' 'policyTypes: [Egress]' | apply
watch 1
expect "egress" <<- END
	a [outside] 80/udp deny
END
wait "$watcher"
is "an egress drop" \
	"$(jq -c '[.event, .pod, .direction, .client, .server, .protocol, .server_port, .reason]' "$work/events")" \
	'["drop","default/a","egress","fd00:1::b","2001:db8::10","udp",80,"isolated"]'
matches "names the policy" "$(jq -r .origin "$work/events")" 'default/no-way-out'

# The one that tells by lines has had no reason to be as far as the other.
until_true grep -q 'default/no-way-out$' "$work/drops"
drops=$(< "$work/drops")
matches "as a line of text" "$drops" \
	' drop   default/a 10\.1\.0\.11:[0-9]+ -> default/b 10\.1\.0\.12:81 udp  ingress of default/b: isolated by NetworkPolicy default/closed-door'

nl set --event-rate 0 > /dev/null
expect "silenced" <<- END
	a outside 80/udp deny
END
is "no event is sent at rate 0" "$(wc -l < "$work/drops")" "$(wc -l <<< "$drops")"
