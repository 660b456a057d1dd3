#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# While policy is updated under traffic, no packet is judged by a mixture of old
# and new; and what is sent after a commit is judged by the new, at once. The
# policy around it is that of a big cluster, so that an update takes its time.

. "${0%/*}/lib.sh"

# All of that policy would drown the report.
diagnose() {
	nl status || :
}

start a b
# There are too many drops to tell of each.
kill_and_wait "${monitors[@]}"
monitors=()
nl restore "$PODWALL_E2E_WORKLOAD" > "$work/restore"
"$lib/updates.py" "$node" "${netns[a]}" "${address4[a]}" \
	"${netns[b]}" "${address4[b]}" > "$work/counts"
sed 's/^/# /' "$work/counts"

# What updates.py says of each column.
while read -r kind updates commits built _ mixed unsettled lost leaked unexplained \
	lockstep wrong _; do
	is "$kind: every datagram arrived or was denied" "$unexplained" 0
	[[ $kind == move ]] && anew=0 || anew=$commits
	if [[ $built == - ]]; then
		ok "$kind: $anew of $commits commits made a policy anew # SKIP no kprobes"
	else
		is "$kind: $anew of $commits commits made a policy anew" "$built" "$anew"
	fi
	case $kind in
	*-by-parts)
		# Several transactions instead of one: this is found out.
		((mixed > 0)) && found=yes || found=no
		is "$kind: some datagrams were judged by two versions" "$found" yes
		;;&
	reassign-by-parts)
		((lost > 0)) && found=yes || found=no
		is "$kind: what both versions allow gets lost" "$found" yes
		((unsettled > updates * 3)) && found=yes || found=no
		is "$kind: more pairs than commits are unsettled" "$found" yes
		;;
	replace | reassign)
		is "$kind: no datagram was judged by two versions" "$mixed" 0
		;;&
	replace | reassign | move)
		is "$kind: what both versions allow never gets lost" "$lost" 0
		is "$kind: what both versions deny never arrives" "$leaked" 0
		((unsettled <= updates)) && settled=yes || settled="no, $unsettled are not"
		is "$kind: one of each pair arrives, but for one pair a commit" "$settled" yes
		is "$kind: after each of $lockstep commits the new version judges" "$wrong" 0
		;;
	esac
done < <(tail -n +2 "$work/counts")
is "every kind of update was tried" "$(tail -n +2 "$work/counts" | wc -l)" 5
