#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A pod that sends a million packets which policy denies: every packet is judged
# right, those of others too, events stay within their rate, others' drops are
# told of all the same, and what was not told of is counted, and told of itself.

. "${0%/*}/lib.sh"

flood=1000000
# A minute is enough of it: an older kernel's limits show with fewer.
[[ $(uname -r) != 6.1.* ]] || flood=200000
# What is sent before somebody looks whether it is enough.
burst=20000

start a b c
modprobe pktgen

# write_pktgen FILE COMMAND...: inside pod a.
# shellcheck disable=SC2016 # the inner shell expands it
write_pktgen() {
	in_pod a sh -c 'for command; do echo "$command" > "/proc/net/pktgen/$0" || exit; done' "$@"
}

prepare_flood() {
	local device=eth0@0 mac
	mac=$(ip -n "$node" -j link show to-a | jq -r '.[0].address')
	write_pktgen kpktgend_0 rem_device_all "add_device $device"
	write_pktgen "$device" "count $burst" 'pkt_size 100' 'delay 0' \
		"dst_mac $mac" "src_min ${address4[a]}" "src_max ${address4[a]}" \
		"dst_min ${address4[b]}" "dst_max ${address4[b]}" \
		'udp_src_min 40000' 'udp_src_max 40000' 'udp_dst_min 81' 'udp_dst_max 81'
}

# As long as the scenario wants it, too: a fast machine is soon done. In bursts, so
# that it ends soon after the scenario does.
run_flood() {
	local left=$flood
	until ((left <= 0)) && [[ -e $work/enough ]]; do
		[[ -d $work ]] || return
		write_pktgen pgctrl start || return
		left=$((left - burst))
		echo "$((flood - left))" > "$work/sent.new"
		mv "$work/sent.new" "$work/sent"
	done
}

# Of one field of the status.
status() {
	nl status -o json | jq "$1"
}

# has_sent COUNT
has_sent() {
	(($(< "$work/sent") >= $1))
}

# told TEXT: whether the monitor has heard of it.
told() {
	grep -qF -- "$1" "$work/events"
}

# drain: whether the monitor has written all that was sent to it. Those of the
# events' groups alone have a pod.
drained() {
	(($(grep -c '"event":"\(drop\|audit\)"' "$work/events") == $(status .events.sent)))
}

only_80='ingress: [{ports: [{port: 80}]}]'
{
	policy of-b '{pod: b}' "$only_80"
	policy of-c '{pod: c}' "$only_80"
} | apply
rate=$(nl get settings -o json | jq .settings.event_rate)
share=$(((rate + 3) / 4))

nlctl --netns "$node" monitor --every -o json > "$work/events" 2> "$work/events.errors" &
monitors+=($!)
until_true grep -q listening "$work/events.errors"

flow_open before c b 80/tcp
denied=$(status .packets.denied) sent=$(status .events.sent) lost=$(status .events.lost)
echo 0 > "$work/sent"
prepare_flood
began=$SECONDS
run_flood &
flooder=$!
until_true has_sent "$burst"

for round in 1 2 3; do
	expect "under the flood, $round" <<- END
		a b 80/tcp accept
		c b 80/tcp accept
		c [b] 80/tcp accept
		a c 8080/tcp deny
		c b 8080/tcp deny
		outside b 81/sctp deny
	END
	flow_says "under the flood, $round" before heard
done
{
	policy of-b '{pod: b}' 'ingress: [{ports: [{port: 80}, {port: 8080}]}]'
	policy of-c '{pod: c}' "$only_80"
} | apply
expect "a change under the flood" <<- END
	c b 8080/tcp accept
	c [b] 8080/tcp accept
	b c 81/tcp deny
	b [c] 81/tcp deny
END
# What the flood takes is pod b's share alone.
if until_true told '"pod":"default/c"' && [[ -e /proc/$flooder ]]; then
	ok "another's drop is told of under the flood"
else
	not_ok "another's drop is told of under the flood"
fi

: > "$work/enough"
wait "$flooder" || not_ok "the flood ends"
took=$((SECONDS - began))
flooded=$(< "$work/sent")
is "all of the flood was sent" "$((flooded >= flood))" 1
now=$(status .packets.denied)
others=$((now - denied - flooded))
# Each probe that is denied is a few packets.
if ((others >= 0 && others < 1000)); then
	ok "every packet of the flood was denied"
else
	not_ok "every packet of the flood was denied" "$((now - denied)) of $flooded were"
fi
is "and counted for pod b" \
	"$(nl get pods -o json | jq --argjson least "$flooded" '[.pods[] | select(.key == "default/b").traffic[] |
		select(.direction == "ingress" and .verdict == "deny").packets] | add >= $least')" true
flow_says "after the flood" before heard

told_of=$(($(status .events.sent) - sent))
not_told=$(($(status .events.lost) - lost))
is "every drop was told of, or counted as lost" "$((told_of + not_told))" "$((now - denied))"
# A pod's share, a second longer at each end, and what others lost.
most=$((share * (took + 2) + others))
if ((told_of > 0 && told_of <= most)); then
	ok "events stay within their rate"
else
	not_ok "events stay within their rate" "$told_of events in $took s, at most $most"
fi
is "what the pod lost is listed" \
	"$(nl get pods -o json | jq --argjson lost "$not_told" \
		'.pods[] | select(.key == "default/b") | .events_lost > 0 and .events_lost <= $lost')" true

# The next event brings the count along.
expect "one more drop" <<- END
	c b 81/udp deny
END
until_true drained
is "the monitor says how many it was not told of" \
	"$(jq -s "[.[] | select(.event == \"lost\").count] | add >= $not_told" "$work/events")" true
printf '# counts: %d drops, %d events sent, %d lost, in %d s of a virtual machine\n' \
	"$flooded" "$told_of" "$not_told" "$took"
