#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# An address belongs to the pod that runs. One that has ended lists it as long as
# the API keeps the object, and means nothing by that: neither to its own
# policies nor to those of others.

. "${0%/*}/traffic.sh"

start a,role=plain trusts-old trusts-new
pods+=(old)
labels[old]=pod=old,role=trusted
router[old]=node
containers[old]=''
address4[old]=${address4[a]}
address6[old]=${address6[a]}

# The same policies all the time: two servers, each for one of the owners; and
# the owners themselves, each for one of the servers.
policies_of_both() {
	policy for-old '{pod: trusts-old}' \
		'ingress: [{from: [{podSelector: {matchLabels: {role: trusted}}}]}]'
	policy for-new '{pod: trusts-new}' \
		'ingress: [{from: [{podSelector: {matchLabels: {role: plain}}}]}]'
	policy old '{role: trusted}' \
		'ingress: [{from: [{podSelector: {matchLabels: {pod: trusts-old}}}]}]'
	policy new '{role: plain}' \
		'ingress: [{from: [{podSelector: {matchLabels: {pod: trusts-new}}}]}]'
}

# Verdicts while the new one owns the address.
of_new=(
	"a trusts-old 80/tcp deny" "a trusts-new 80/tcp accept"
	"a [trusts-old] 80/udp deny" "a [trusts-new] 80/udp accept"
	"trusts-old a 80/tcp deny" "trusts-new a 80/tcp accept"
	"trusts-old [a] 80/tcp deny" "trusts-new [a] 80/tcp accept"
)
# And while the old one does.
of_old=("${of_new[@]/%deny/-}")
of_old=("${of_old[@]/%accept/deny}")
of_old=("${of_old[@]/%-/accept}")

try() {
	policies_of_both | apply
	run_probes
	report_rows "$1"
}

absent=([a]=1)
rows=("${of_old[@]}")
try "the old one runs"
absent=()
rows=("${of_new[@]}")
for order in "old a" "a old"; do
	read -ra pods <<< "$order trusts-old trusts-new"
	for phase in Succeeded Failed; do
		finished=([old]=$phase)
		try "the old one has $phase ($order)"
	done
	is "the address has one owner ($order)" \
		"$(nl get pods -o json | jq -r '[.pods[] | select(tostring | test("10.1.0.11")) | .key] | join(" ")')" \
		default/a
done

# In one apply the address passes from one pod to the other while datagrams flow
# in every direction.
hand_over() {
	local family old=${1/#a/new} new=${2/#a/new} end difference
	local description="from $1 to $2"
	absent=(["$2"]=1) finished=()
	policies_of_both | apply
	traffic_begin
	stream from-a-old a trusts-old 7001
	stream from-a-new a trusts-new 7002
	stream to-a-old trusts-old a 7003
	stream to-a-new trusts-new a 7004
	phase before
	absent=(["$1"]=1)
	phase during
	policies_of_both | apply
	more
	phase after
	traffic_end
	for direction in from-a to-a; do
		arrives "$description" "$direction-$old" before all
		arrives "$description" "$direction-$old" during beginning
		arrives "$description" "$direction-$old" after none
		arrives "$description" "$direction-$new" before none
		arrives "$description" "$direction-$new" during end
		arrives "$description" "$direction-$new" after all
		for family in 4 6; do
			numbers "$direction-$old-$family" during
			end=$last
			numbers "$direction-$new-$family" during
			got="$end, $first"
			if [[ $end != - && $first != - ]]; then
				difference=$((first - end))
				# In each turn the old one's stream comes first.
				[[ $old != new ]] || difference=$((difference - 1))
				((difference != 0 && difference != 1)) || got=yes
			fi
			is "$description: $direction-$family: one ends where the other begins" "$got" yes
		done
	done
}

read -ra pods <<< "old a trusts-old trusts-new"
hand_over old a
hand_over a old
