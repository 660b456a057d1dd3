#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What passes because a link needs it, or because it tells of an allowed
# connection, is no way out for a pod that dresses its packets up as that. The
# real thing passes whatever policy says.

. "$(dirname "$0")/lib.sh"

raw=$(dirname "$0")/raw.py

# hears DESCRIPTION WANTED WHERE FAMILY PROTOCOL FROM SEND-WORD...: what FROM
# sends, marked with a text of its own, is heard or not in WHERE.
count=0
declare -A groups=([4]=224.0.0.22 [6]=ff02::16)
hears() {
	local description=$1 wanted=$2 where=$3 family=$4 protocol=$5 from=$6
	local time=$deadline group=() listener
	shift 6
	[[ $wanted == heard ]] || time=$((patience * 5))
	# The node is a member of no group by itself.
	[[ $where != node ]] || group=("${groups[$family]}" "${devices[$from]}")
	count=$((count + 1))
	in_pod "$where" "$raw" listen "$family" "$protocol" "$time" "mark-$count-" \
		"${group[@]}" > "$work/heard-$count" &
	listener=$!
	until_true grep -qs listening "$work/heard-$count"
	in_pod "$from" "$raw" "$@" "mark-$count-"
	wait "$listener"
	is "$description" "$(tail -n 1 "$work/heard-$count")" "$wanted"
}

# everything DESCRIPTION WANTED
everything() {
	hears "$1: IGMP to a host" "$2" outside 4 2 a \
		send 4 2 64 "${address4[outside]}"
	hears "$1: IGMP that has one hop left when it is routed" "$2" outside 4 2 a \
		send 4 2 2 "${address4[outside]}"
	hears "$1: a listener report to a pod, with one hop left" "$2" b 6 58 a \
		send 6 58 2 "${address6[b]}"
	hears "$1: an error about a connection of others" "$2" outside 4 1 a \
		error "${address4[outside]}" 80 "${address4[b]}" "$source_port"
}

# reports DESCRIPTION WANTED HOPS: reports of a that its link ends with.
reports() {
	hears "$1: an IGMP report with TTL $3" "$2" node 4 2 a \
		report 4 "$3" "${address4[a]}" eth0
	hears "$1: an MLD report with hop limit $3" "$2" node 6 58 a \
		report 6 "$3" "${address6[a]}" eth0
}

start a b

# To its node as well, a sends only what policy lets through.
nl set --node-access judge > /dev/null
apply < /dev/null
flow_open other b outside 80/udp
source_port=$(ip netns exec "$node" conntrack -L -p udp 2> /dev/null |
	sed -n "s/.*src=${address4[b]} dst=${address4[outside]} sport=\([0-9]*\) dport=80 .*/\1/p" | head -n 1)
matches "the connection is tracked" "$source_port" '^[0-9]+$'
everything "nothing is denied" heard
reports "nothing is denied" heard 1
reports "nothing is denied" heard 2

policy locked '{pod: a}' 'policyTypes: [Egress]' | apply
everything "a may send nothing" silence
flow_says "a may send nothing" other heard
hears "an error from an end of the connection" heard outside 4 1 b \
	error "${address4[outside]}" 80 "${address4[b]}" "$source_port"

policy locked '{}' 'policyTypes: [Ingress, Egress]' | apply
reports "everything is denied" heard 1
hears "everything is denied: an MLD report from the link's own address" heard \
	node 6 58 a report 6 1 "fe80::${address6[a]##*:}" eth0
reports "everything is denied" silence 2
