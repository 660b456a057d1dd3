#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Metrics say what was sent, which policy is in force and which was asked for,
# and their file is whole whenever its writer is killed.

. "${0%/*}/lib.sh"

start a b c

collected=$work/podwall.prom

# collect [OPTION...]: to $collected, for value and clean.
collect() {
	nl metrics --output-file "$collected" "$@"
}

# value NAME[{LABELS}]: of the sample that is written so; "none" without one.
value() {
	awk -v name="$1" 'substr($0, 1, length(name) + 1) == name " " { print $NF; found = 1 }
		END { if (!found) print "none" }' "$collected"
}

# total NAME PATTERN: of all samples whose labels match.
total() {
	awk -v name="$1" -v pattern="$2" 'index($1, name "{") == 1 && $1 ~ pattern { sum += $NF }
		END { print sum + 0 }' "$collected"
}

# clean DESCRIPTION: Prometheus' own tool finds no fault with it.
clean() {
	local status=0
	output=$(promtool check metrics < "$collected" 2>&1) || status=$?
	is "$1: promtool finds no fault" "$status $output" "0 "
}

# --- nothing is enforced

collect
clean "without a policy"
is "the module is there" "$(value podwall_up)" 1
is "nothing is enforced" "$(value podwall_enforcing) $(value 'podwall_objects{resource="pods"}')" "0 0"
is "nothing was counted" "$(total podwall_judged_packets_total .)" 0
is "versions" "$(value "podwall_build_info{version=\"$(modinfo -F version "$PODWALL_MODULE")\",nlctl_version=\"$(nlctl --version | cut -d ' ' -f 2)\"}")" 1

# --- traffic

policy closed '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{protocol: UDP, port: 80}]}]' | apply
collect
denied=$(value 'podwall_packets_total{verdict="deny"}')
accepted=$(value 'podwall_packets_total{verdict="accept"}')
is "all combinations begin at zero" \
	"$(value 'podwall_judged_packets_total{direction="egress",verdict="deny",mode="audit",reason="isolated"}')" 0
# One datagram there, of 28 bytes of headers and 13 of text, and one back, with
# a line "b 10.1.0.11" of 12 in front.
expect "datagrams" <<- END
	a b 80/udp accept size=13 text=counted-one
	c b 80/udp deny size=13 text=counted-two
END
collect --pods
clean "with pods"
is "a packet was denied" "$(value 'podwall_packets_total{verdict="deny"}')" $((denied + 1))
is "two were accepted" "$(value 'podwall_packets_total{verdict="accept"}')" $((accepted + 2))
rule='{direction="ingress",verdict="accept",mode="enforce",reason="rule"}'
isolated='{direction="ingress",verdict="deny",mode="enforce",reason="isolated"}'
is "by a rule: one connection, two packets, and their bytes" \
	"$(value "podwall_judged_connections_total$rule") $(value "podwall_judged_packets_total$rule") $(value "podwall_judged_bytes_total$rule")" \
	"1 2 $((41 + 41 + 12))"
is "by isolation: one connection, one packet, and its bytes" \
	"$(value "podwall_judged_connections_total$isolated") $(value "podwall_judged_packets_total$isolated") $(value "podwall_judged_bytes_total$isolated")" \
	"1 1 41"
of_b='{namespace="default",pod="b",direction="ingress",verdict'
is "of the pod: one connection either way" \
	"$(value "podwall_pod_connections_total$of_b=\"accept\",mode=\"enforce\"}") $(value "podwall_pod_connections_total$of_b=\"deny\",mode=\"enforce\"}")" "1 1"
is "of the pod: packets" \
	"$(value "podwall_pod_packets_total$of_b=\"accept\",mode=\"enforce\"}") $(value "podwall_pod_packets_total$of_b=\"deny\",mode=\"enforce\"}")" "2 1"
is "every pod is named" "$(grep -c '^podwall_pod_info{' "$collected")" 3
is "status agrees" "$(nl status -o json | jq '.packets.denied')" "$(value 'podwall_packets_total{verdict="deny"}')"
for what in addresses peer_sets rule_sets pods rules members; do
	is "$what that are held" "$(value "podwall_objects{resource=\"$what\"}") $(value "podwall_objects_limit{resource=\"$what\"}")" \
		"$(nl status -o json | jq -r --arg what "$what" '"\(.used[$what]) \(.limits[$what])"')"
done
matches "connections are tracked" "$(value podwall_conntrack_connections)" '^[1-9]'
is "a warning for each of status" "$(value podwall_warnings)" "$(nl status -o json | jq '.warnings | length')"

modes[b]=audit
policy closed '{pod: b}' | apply
expect "in audit mode" <<- END
	c b 81/udp accept
END
collect
audited='{direction="ingress",verdict="deny",mode="audit",reason="isolated"}'
is "what audit mode lets pass is told apart" \
	"$(value "podwall_judged_connections_total$audited") $(value "podwall_judged_packets_total$isolated")" "1 1"
matches "and counted" "$(value podwall_audited_packets_total)" '^[1-9]'
unset 'modes[b]'
policy closed '{pod: b}' | apply

# --- which policy is in force

generations() {
	collect
	printf '%s %s' $(($(value podwall_policy_desired_generation) - $(value podwall_policy_generation))) \
		"$(value podwall_commits_refused_total)"
}

is "what is desired is in force" "$(generations)" "0 0"
commits=$(value podwall_commits_total)
is "as many delays as commits" "$(value podwall_commit_delay_seconds_count)" "$commits"
matches "the last commit took a while" "$(value podwall_last_commit_delay_seconds)" '[1-9]'
nl set --limit pods=3 > /dev/null
labels[d]=pod=d router[d]=node address4[d]=10.1.0.14 address6[d]=fd00:1::e containers[d]=''
pods+=(d)
write_pods > "$manifests"
fails "more pods than the limit are refused" nlctl --netns "$node" apply -f "$manifests" -f "$policies"
is "what is desired is not in force, and a refusal is counted" "$(generations)" "1 1"
is "the limit is reached" "$(value 'podwall_objects{resource="pods"}') $(value 'podwall_objects_limit{resource="pods"}')" "3 3"
unset 'pods[-1]'
nl set --limit pods=100 > /dev/null
policy open '{pod: b}' 'ingress: [{}]' | apply
is "after a change that is not refused it is" "$(generations)" "0 1"
is "commits are counted" "$(value podwall_commits_total)" $((commits + 3))

# --- the file

is "everybody may read it" "$(stat -c %a "$collected")" 644
cp "$collected" "$work/before"
killed=0 whole=1
for ((call = 1; ; call++)); do
	cp "$work/before" "$collected"
	status=0
	{ strace -o "$work/trace" -e trace=openat,write,fchmod,fsync,linkat,rename \
		-e inject=openat,write,fchmod,fsync,linkat,rename:signal=KILL:when="$call" \
		nlctl --netns "$node" metrics --output-file "$collected" || status=$?; } &> /dev/null
	((status)) || break
	killed=$((killed + 1))
	cmp -s "$work/before" "$collected" || grep -q '^rename.*podwall.prom' "$work/trace" || whole=0
	promtool check metrics < "$collected" &> /dev/null || whole=0
done
matches "it was killed before each of many calls" "$killed" '^[1-9][0-9]'
is "the old file or the new one was there, whole" "$whole" 1
is "what is left beside it is no file of metrics" "$(ls "$work"/*.prom)" "$collected"
rm -f "$collected".*

# --- without the module

nl flush > /dev/null
succeeds "the module unloads" rmmod podwall
succeeds "metrics without it" nlctl metrics --output-file "$collected"
clean "without the module"
is "say that it is not there" "$(value podwall_up) $(value podwall_enforcing)" "0 none"
fails "and do not load it" test -e /sys/module/podwall
insmod "$PODWALL_MODULE"
collect
is "until it is again" "$(value podwall_up) $(value podwall_policy_generation)" "1 $(nl status -o json | jq .generation)"
