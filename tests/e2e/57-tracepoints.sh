#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tracers see how every packet was decided and by what, who dropped it, and every
# commit, refused ones too.

. "${0%/*}/lib.sh"

start a b c

tracing=/sys/kernel/tracing
# An instance is nobody else's.
instance=$tracing/instances/$tag
if ! mkdir "$instance"; then
	ok "tracepoints # SKIP the kernel has no tracefs"
	exit
fi

# listen EVENT [FILTER]: forget what was traced, and trace this alone.
listen() {
	echo 0 > "$instance/events/enable"
	echo "${2-0}" > "$instance/events/$1/filter"
	: > "$instance/trace"
	echo 1 > "$instance/events/$1/enable"
}

seen() {
	grep -qE -- "$1" "$instance/trace"
}

# shows DESCRIPTION PATTERN: an event does, sooner or later.
shows() {
	if until_true seen "$2"; then
		ok "$1"
	else
		not_ok "$1" "no event matches $2" "$(tail -n 20 "$instance/trace")"
	fi
}

# of SERVER_PORT: the directions and verdicts of its connections, in the order in
# which each processor judged.
of() {
	sed -nE "s/.* (direction=[a-z]+) (verdict=[a-z]+) .* server_port=$1 .*/\1 \2/p" \
		"$instance"/per_cpu/cpu*/trace
}

inode=$(ip netns exec "$node" stat -Lc %i /proc/self/ns/net)
from_a='ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{port: 80}]}]'
policy web '{pod: b}' "$from_a" | apply
rule_set=$(nl get pods -o json | jq '.pods[] | select(.key == "default/b").ingress_rule_set')
generation=$(nl status -o json | jq .generation)

# --- verdicts

flow_open long a b 80/tcp
flow_says "before" long heard
listen podwall/verdict
flow_says "traced" long heard
shows "an established connection's packets: the client's pod" \
	"verdict: netns=$inode direction=egress verdict=accept mode=enforce reason=no-policy tier=none pod=default/a client=10\.1\.0\.11 client_pod=default/a client_port=[0-9]+ server=10\.1\.0\.12 server_pod=default/b server_port=80 protocol=6 length=[0-9]+ rule_set=0 cookie=0 generation=$generation origin=$"
shows "and the server's, with the rule that decides" \
	"verdict: netns=$inode direction=ingress verdict=accept mode=enforce reason=rule tier=policy pod=default/b client=10\.1\.0\.11 .* server_port=80 protocol=6 length=[0-9]+ rule_set=$rule_set cookie=[0-9]+ generation=$generation origin=NetworkPolicy default/web"
is "two events a packet, egress first" \
	"$(of 80 | sort -u)" $'direction=egress verdict=accept\ndirection=ingress verdict=accept'
is "and always in turn" "$(of 80 | paste - - | sort -u)" \
	$'direction=egress verdict=accept\tdirection=ingress verdict=accept'

listen podwall/verdict
expect "denied" <<- END
	c b 81/tcp deny
	c [b] 82/udp deny
END
shows "a denied packet" \
	'direction=ingress verdict=deny mode=enforce reason=isolated tier=policy pod=default/b client=10\.1\.0\.13 client_pod=default/c .* server=10\.1\.0\.12 .* server_port=81 protocol=6 .* origin=.*default/web'
shows "a denied packet of IPv6" \
	'verdict=deny .* client=fd00:1::d .* server=fd00:1::c .* server_port=82 protocol=17 '
is "egress accepted what ingress denied" "$(of 82 | head -n 2)" \
	$'direction=egress verdict=accept\ndirection=ingress verdict=deny'

nl set --guard 10.1.0.0/24 > /dev/null
ip -n "$node" route add 10.1.0.77 dev "${devices[b]}"
expect "guarded" <<< "a 10.1.0.77 80/udp deny"
shows "an address that nobody has registered" \
	'direction=ingress verdict=deny mode=enforce reason=unregistered tier=none pod= .* server=10\.1\.0\.77 server_pod= .* origin=guarded block 10\.1\.0\.0/24'
nl set --no-guard > /dev/null

policy web '{pod: b}' "$from_a" | sed '/^metadata:$/a\  annotations: {podwall.io/mode: audit}' | apply
listen podwall/verdict
expect "audited" <<< "c b 81/tcp accept"
shows "an audited packet" \
	'direction=ingress verdict=deny mode=audit reason=isolated tier=policy pod=default/b client=10\.1\.0\.13 .* server_port=81 '

listen podwall/verdict 'pod == "default/c"'
expect "filtered" <<- END
	a b 80/tcp accept
	c b 80/tcp accept
END
shows "a filter by pod lets its packets through" 'direction=egress .* pod=default/c '
cat "$instance/trace" > "$work/filtered"
is "and no others" "$(grep -c 'verdict:' "$work/filtered")" \
	"$(grep -c ' pod=default/c ' "$work/filtered")"

# What reads formats from outside the kernel has names for numbers as well.
echo 0 > "$instance/events/enable"
succeeds "perf records verdicts" perf record -q -a -e podwall:verdict -o "$work/perf" \
	ip netns exec "${netns[c]}" ping -c 1 -W "$deadline" "${address4[a]}"
matches "and reads them" "$(perf script -i "$work/perf" 2>&1)" \
	'podwall:verdict: .*direction=ingress verdict=accept mode=enforce reason=no-policy tier=none pod=default/a client=10\.1\.0\.13 '

# --- commits

listen podwall/commit
policy web '{pod: b}' "$from_a" | apply
generation=$(nl status -o json | jq .generation)
shows "a commit" \
	"commit: netns=$inode generation=$generation requests=[1-9][0-9]* delay=[1-9][0-9]* command=nlctl process=[1-9][0-9]* error=0$"
fails "a commit over a limit is refused" nl set --limit pods=1
shows "a refused commit, with its error" \
	"commit: netns=$inode generation=$generation requests=1 delay=[1-9][0-9]* command=nlctl process=[1-9][0-9]* error=-28$"

# --- drops

# freed: where packets were freed, and why. Old formats do not make symbols of
# addresses, and with whole addresses 6.1 leaves the first text of every event
# out: so the events are read twice.
freed() {
	local line address
	echo 1 > "$instance/options/hash-ptr"
	grep kfree_skb: "$instance/trace" | sed 's/.* reason:/reason:/' > "$work/reasons"
	echo 0 > "$instance/options/hash-ptr"
	grep kfree_skb: "$instance/trace" | sed 's/ reason:.*//' > "$work/places"
	while read -r line; do
		if [[ $line =~ location=(0x)?([0-9a-f]{16}) ]]; then
			address=${BASH_REMATCH[2]}
			line+=" location=$(awk -v address="x$address" \
				'"x" $1 <= address && $4 == "[podwall]" { print $1, $3 }' \
				/proc/kallsyms | sort | tail -n 1 | cut -d' ' -f2)+ [podwall]"
		fi
		printf '%s\n' "$line"
	done < <(paste -d' ' "$work/places" "$work/reasons")
}

listen skb/kfree_skb
expect "dropped" <<< "c b 81/udp deny"
echo 0 > "$instance/events/enable"
matches "kfree_skb shows podwall_drop" "$(freed)" \
	'location=podwall_drop\+[0-9a-fx/]* \[podwall\]'
matches "and why" "$(freed | grep podwall_drop)" 'reason: NETFILTER_DROP'
rmdir "$instance"

if ! modprobe drop_monitor 2> /dev/null; then
	ok "dropwatch # SKIP the kernel has no drop_monitor"
	exit
fi
mkfifo "$work/dropwatch-commands"
stdbuf -oL dropwatch -l kas < "$work/dropwatch-commands" > "$work/dropwatch" 2>&1 &
servers[dropwatch]=$!
exec {commands}> "$work/dropwatch-commands"
# With packets the kernel sends symbols, which it has for modules too.
printf 'set alertmode packet\nstart\n' >&"$commands"
until_true grep -q 'monitoring activated' "$work/dropwatch"
expect "watched" <<< "c b 81/udp deny"
if until_true grep -qE 'drop at: podwall_drop\+0x' "$work/dropwatch"; then
	ok "dropwatch shows podwall_drop"
else
	not_ok "dropwatch shows podwall_drop" "$(tail -n 20 "$work/dropwatch")"
fi
# Interrupted, it stops the monitor and reads commands again.
kill -INT "${servers[dropwatch]}"
printf 'exit\n' >&"$commands"
exec {commands}>&-
wait "${servers[dropwatch]}" || :
unset "servers[dropwatch]"
until_true modprobe -r drop_monitor
