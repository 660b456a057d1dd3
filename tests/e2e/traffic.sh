# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For scenarios in which datagrams flow all the time: traffic.py sends them, and
# tells what arrived of each phase. To be sourced in place of lib.sh, or after it.

[[ ${lib-} ]] || . "${BASH_SOURCE[0]%/*}/lib.sh"

# What arrived, by "STREAM PHASE".
declare -A arrived=()

traffic_begin() {
	# The shell has one coprocess, and that is the agent.
	mkfifo "$work/traffic-commands" "$work/traffic-answers"
	"$lib/traffic.py" < "$work/traffic-commands" > "$work/traffic-answers" &
	servers[traffic]=$!
	exec {commands}> "$work/traffic-commands" {replies}< "$work/traffic-answers"
	rm "$work/traffic-commands" "$work/traffic-answers"
}

traffic_command() {
	local line=
	printf '%s\n' "$*" >&"$commands"
	read -rt "$((deadline * 4))" line <&"$replies" || :
	[[ $line == ok ]] || {
		echo "traffic: $*: no answer" >&2
		exit 1
	}
}

traffic_end() {
	local name phase numbers
	arrived=()
	printf 'end\n' >&"$commands"
	while read -r name phase numbers; do
		arrived[$name $phase]=$numbers
	done <&"$replies"
	wait "${servers[traffic]}"
	unset "servers[traffic]"
	exec {commands}>&- {replies}<&-
}

# stream NAME FROM TO PORT: NAME of the traffic stands for its streams in both
# families, NAME-4 and NAME-6.
stream() {
	traffic_command stream "$1-4" "${netns[$2]}" "${address4[$2]}" \
		"${netns[$3]}" "${address4[$3]}" "$4"
	traffic_command stream "$1-6" "${netns[$2]}" "${address6[$2]}" \
		"${netns[$3]}" "${address6[$3]}" "$4"
}

phase() {
	traffic_command phase "$1"
}

# more: until every stream has sent some more, in the same phase.
more() {
	traffic_command more
}

# numbers STREAM PHASE: to $sent_from, $sent_to, $received, $first and $last.
numbers() {
	read -r sent_from sent_to received first last <<< "${arrived[$1 $2]}"
}

# arrives DESCRIPTION STREAM PHASE none|all|beginning|end: what of both families
# of a stream arrived in a phase, without a gap.
arrives() {
	local family got wanted=$4
	for family in 4 6; do
		numbers "$2-$family" "$3"
		got="$received of $((sent_to - sent_from + 1)), $sent_from to $sent_to: $first to $last"
		if ((sent_to < sent_from)); then
			got="nothing was sent"
		elif ((received == 0)); then
			got=none
		elif ((received == sent_to - sent_from + 1)); then
			got=all
		elif ((received == last - first + 1 && first == sent_from)); then
			got=beginning
		elif ((received == last - first + 1 && last == sent_to)); then
			got=end
		fi
		is "$1: $2-$family, $3: $4" "$got" "$wanted"
	done
}
