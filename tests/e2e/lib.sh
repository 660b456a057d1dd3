# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What every scenario builds on. A scenario is a program of its own: it sources
# this, calls start, says what it expects, and ends; the rest is done on exit.
#
#     pod a            pod b       ...     outside
#     10.1.0.11        10.1.0.12           192.0.2.10, 198.51.100.7
#     fd00:1::b        fd00:1::c           2001:db8::10
#       eth0             eth0                eth0
#        |                |                   |          veth pairs
#       to-a             to-b              to-outside    /32 and /128 routes
#     +----+----------------+-------------------+----+
#     |     node: 10.1.0.1, fd00:1::1, 169.254.1.1   |
#     |     podwall, nlctl                           |
#     +----------------------------------------------+
#
# Each box is a network namespace with a name of its own; the node's own state
# of podwall lives in its namespace. One process, agent.py, serves and connects
# in all of them. nodes.sh builds several nodes of the same parts.

set -euo pipefail

lib=${BASH_SOURCE[0]%/*}

# Seconds until a probe that must not pass is taken for denied. One that must
# pass is given much longer, so a slow machine fails no test, and the same probe,
# let through, shows that the short time is enough.
patience=${PODWALL_E2E_TIMEOUT:-1}
# Seconds for what must come, and everything that is polled for. Nothing waits for
# them to be over unless a test fails.
deadline=$((patience * 60))
answer_time=$deadline
# Seconds from one poll to the next.
poll_interval=0.05

work=$(mktemp -d)
tag=pw$(printf '%08x' "$SRANDOM")
export TMPDIR=$work
failures=0
# Files that tell more of what went wrong.
logs=()

. "$lib/topology.sh"
. "$lib/manifests.sh"
. "$lib/probes.sh"

# --- TAP. The runner numbers the lines.

ok() {
	printf 'ok - %s\n' "$*"
}

# not_ok DESCRIPTION [DETAIL...]: with what is known about the state.
not_ok() {
	printf 'not ok - %s\n' "$1"
	shift
	failures=$((failures + 1))
	{
		(($# == 0)) || printf '%s\n' "$@"
		((failures > 1)) || diagnose
	} 2>&1 | sed 's/^/# /'
}

diagnose() {
	echo "--- policies"
	cat "$policies"
	local name what
	for name in "${nodes[@]}"; do
		for what in pods rulesets peersets addresses settings; do
			echo "--- $name: nlctl get $what"
			nl_at "$name" get "$what" || :
		done
		echo "--- $name: nlctl status"
		nl_at "$name" status || :
		echo "--- $name: connections"
		in_pod "$name" conntrack -L || :
	done
	echo "--- drops"
	tail -n 20 "$work"/drops* "${logs[@]}" || :
}

# is DESCRIPTION GOT WANTED
is() {
	if [[ $2 == "$3" ]]; then
		ok "$1"
	else
		not_ok "$1" "got:    $2" "wanted: $3"
	fi
}

# matches DESCRIPTION GOT PATTERN: an extended regular expression.
matches() {
	if [[ $2 =~ $3 ]]; then
		ok "$1"
	else
		not_ok "$1" "got:    $2" "wanted: $3"
	fi
}

# succeeds DESCRIPTION COMMAND...; fails DESCRIPTION COMMAND...: either leaves
# what the command printed in $output.
succeeds() {
	local status=0
	output=$("${@:2}" 2>&1) || status=$?
	if ((status)); then
		not_ok "$1" "status $status: $output"
	else
		ok "$1"
	fi
}

fails() {
	if output=$("${@:2}" 2>&1); then
		not_ok "$1" "succeeded: $output"
	else
		ok "$1"
	fi
}

# until_true COMMAND...: poll until the command succeeds, or time is up.
until_true() {
	local end=$((SECONDS + deadline))
	until "$@" &> "$work/poll"; do
		if ((SECONDS >= end)); then
			cat "$work/poll" >&2
			return 1
		fi
		read -rt "$poll_interval" <> <(:) || :
	done
}

# --- the end

# kill_and_wait [PID...]
kill_and_wait() {
	(($#)) || return 0
	kill "$@" 2> /dev/null || :
	wait "$@" 2> /dev/null || :
}

module_gone() {
	[[ ! -d /sys/module/podwall ]] || rmmod podwall
}

# Nothing may be left, however the scenario ends. Namespaces go first: podwall
# has to let go of them by itself.
finish() {
	local status=$? name
	trap - EXIT
	set +e
	if ((status)); then
		not_ok "${0##*/} comes to its end" "status $status"
	fi
	# shellcheck disable=SC2086 # none before the agent was started
	kill_and_wait "${monitors[@]}" "${servers[@]}" $agent_PID
	printf '%s\n' "${netns[@]}" | sort -u | while read -r name; do
		[[ ! -e /run/netns/$name ]] || printf 'netns delete %s\n' "$name"
	done | ip -force -batch -
	if until_true module_gone && ! ip netns list | grep -q "^$tag"; then
		ok "nothing is left, and podwall unloads"
	else
		not_ok "nothing is left, and podwall unloads" "$(lsmod | grep podwall; ip netns list)"
	fi
	rm -rf "$work"
	((failures == 0)) || exit 1
	exit 0
}
