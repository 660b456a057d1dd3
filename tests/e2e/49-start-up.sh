#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A new pod sends and is sent to from the moment its address comes up. Under a
# guard nothing gets through until its policy is applied, and from then on what
# the policy allows and nothing else, from one packet to the next.

. "${0%/*}/traffic.sh"

start old new other

# The pods that are there have policies of their own, which allow it all.
policies_of_all() {
	policy old '{pod: old}' 'policyTypes: [Ingress, Egress]' 'ingress: [{}]' 'egress: [{}]'
	policy new '{pod: new}' 'policyTypes: [Ingress, Egress]' \
		'ingress: [{from: [{podSelector: {matchLabels: {pod: old}}}], ports: [{port: 7003, protocol: UDP}]}]' \
		'egress: [{to: [{podSelector: {matchLabels: {pod: old}}}], ports: [{port: 7001, protocol: UDP}]}]'
}

come_down() {
	absent[new]=1
	policies_of_all | apply
	ip -n "${netns[new]}" address flush dev eth0
	ip -n "${netns[new]}" -6 route flush dev eth0
}

come_up() {
	end_commands new |
		ip -n "${netns[new]}" -batch -
}

# begin: traffic for a pod that has no address yet.
begin() {
	come_down
	traffic_begin
	stream out-allowed new old 7001
	stream out-denied new old 7002
	stream out-outside new outside 7005
	stream in-allowed old new 7003
	stream in-denied old new 7004
	stream in-other other new 7006
	phase down
	come_up
	# Until all of them send.
	phase up
	phase up-still
}

nl set --guard 10.1.0.0/24 --guard fd00:1::/64 > /dev/null
for round in 1 2; do
	begin
	phase during
	absent=()
	policies_of_all | apply
	more
	phase after
	traffic_end
	for name in out-allowed out-denied out-outside in-allowed in-denied in-other; do
		[[ $name == out-* ]] || arrives "round $round" "$name" down none
		for phase in up up-still; do
			arrives "round $round" "$name" "$phase" none
		done
		case $name in
		*-allowed)
			arrives "round $round" "$name" during end
			arrives "round $round" "$name" after all
			;;
		*)
			arrives "round $round" "$name" during none
			arrives "round $round" "$name" after none
			;;
		esac
	done
done

# What the guard did: without it all of that arrives until the policy is there.
nl set --no-guard > /dev/null
begin
phase during
absent=()
policies_of_all | apply
more
phase after
traffic_end
for name in out-allowed out-denied out-outside in-allowed in-denied in-other; do
	arrives "unguarded" "$name" up-still all
	case $name in
	*-allowed) arrives "unguarded" "$name" during all ;;
	*) arrives "unguarded" "$name" during beginning ;;
	esac
done
