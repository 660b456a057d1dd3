#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Somebody else changes what the kernel has, by mistake. The agent puts it right,
# and says so.

. "${0%/*}/cluster.sh"

start_peers
peer_policy b | apply

guarded() {
	nl_at node1 get settings -o json | grep -qF '"10.1.1.0/24"'
}

repairs() {
	metric node1 podwall_agent_repairs_total
}

# repaired COUNT: that often by now.
repaired() {
	[[ $(repairs) == "$1" ]]
}

# mishap DESCRIPTION COMMAND...: is put right.
mishap() {
	local earlier lines
	earlier=$(repairs)
	lines=$(grep -c 'somebody else' "${agent_log[node1]}" || :)
	"${@:2}" > /dev/null 2>&1 || {
		echo "$*: failed" >&2
		exit 1
	}
	succeeds "$1: it is repaired, and counted" until_true repaired $((earlier + 1))
	peer_becomes "$1" b c
	succeeds "$1: the guard is there" until_true guarded
	is "$1: the log says so" \
		"$(grep -c 'somebody else' "${agent_log[node1]}")" $((lines + 1))
	until_true agent_ready node1 || :
	is "$1: it is ready" "$(http_status node1 readyz)" 200
}

peer_becomes "as the agent has it" b c
mishap "flush" nl_at node1 flush
mishap "an empty apply" nl_at node1 apply --allow-empty -f /dev/null
mishap "the guard taken away" nl_at node1 set --no-guard
write_nodes > "$work/other.yaml"
policy x/a '{pod: a}' 'ingress: []' >> "$work/other.yaml"
mishap "the policy of another cluster" nl_at node1 apply --allow-empty --node node1 -f "$work/other.yaml"

# What is somebody's to say stays.
earlier=$(repairs)
nl_at node1 set --deny reject --event-rate 77
becomes "other settings stay" <<- END
	x/c x/a 80/tcp rejected
	x/b x/a 80/tcp accept
END
matches "other settings stay" "$(nl_at node1 get settings -o json)" '77'
is "and are no harm" "$(repairs)" "$earlier"
