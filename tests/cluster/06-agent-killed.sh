#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Agents are killed and begin anew, in the midst of changes. The policy of their
# nodes is never gone, nor is it made anew: what an agent finds other than it
# should be, it puts right, in one step.

. "${0%/*}/cluster.sh"

start_cluster node1:x/a node2:x/b node3:x/c node1:x/d

# turn all|none: of the port that turns, to anyone; and each time another policy in
# the place of the last one.
count=0
turn() {
	local port=7001
	[[ $1 == none ]] || port=7002
	count=$((count + 1))
	{
		policy x/kept '{pod: a}' 'ingress: [{ports: [{protocol: UDP, port: 7001}, {protocol: UDP, port: 7011}]}]'
		policy x/turns '{pod: a}' "ingress: [{ports: [{protocol: UDP, port: $port}]}]"
		policy "x/more-$count" '{pod: d}' "ingress: [{ports: [{port: $((8000 + count))}]}]"
	} | apply
}

generation() {
	nl_at "$1" status -o json | jq .generation
}

turn none
becomes "the first policy" <<- END
	x/b x/a 80/tcp deny
	x/c [x/a] 80/udp deny
	x/a x/b 80/tcp accept
END

# Without a change there is none.
for name in "${nodes[@]}"; do
	earlier=$(generation "$name")
	kill_agent "$name"
	is "$name: killed" "$ended" 137
	start_agent "$name"
	wait_ready "$name"
	is "$name: begun anew it changes nothing" "$(generation "$name")" "$earlier"
done

prober_begin
stream kept-long x/b x/a 7001
fresh kept-new x/c x/a 7011
fresh never x/c x/a 7003
fresh turning x/b x/a 7002
phase begin

wanted=none steps=()
for round in {1..6}; do
	[[ $wanted == all ]] && wanted=none || wanted=all
	steps+=("$round:$wanted")
	phase "to-$round"
	case $((round % 3)) in
	0)
		# While it is dead.
		earlier=$(generation node1)
		kill_agent node1
		turn "$wanted"
		start_agent node1
		turns "round $round, changed while it was dead" turning "$wanted"
		wait_ready node1
		is "round $round: that is one commit" "$(generation node1)" $((earlier + 1))
		;;
	1)
		# As soon as the API has the change, whatever the agent is about.
		turn "$wanted"
		kill_agent node1
		start_agent node1
		turns "round $round, killed behind the change" turning "$wanted"
		;;
	2)
		# While it begins.
		kill_agent node1
		start_agent node1
		turn "$wanted"
		kill_agent node1
		start_agent node1
		turns "round $round, killed twice" turning "$wanted"
		;;
	esac
	phase "at-$round"
done
traffic_end
always all "while agents were killed" kept-long kept-new
always none "while agents were killed" never
for step in "${steps[@]}"; do
	round=${step%:*}
	if [[ $step == *:all ]]; then
		arrives "round $round turns once" turning "to-$round" end
		arrives "round $round holds" turning "at-$round" all
	else
		arrives "round $round turns once" turning "to-$round" beginning
		arrives "round $round holds" turning "at-$round" none
	fi
done

# Told to end, one leaves all as it is.
earlier=$(generation node2)
kill_agent node2 TERM
is "told to end it ends well" "$ended" 0
is "and changes nothing" "$(generation node2)" "$earlier"
start_agent node2
wait_ready node1
wait_ready node2
becomes "in the end" <<- END
	x/b x/a 80/tcp deny
	x/a x/b 80/tcp accept
END
check_matrix "in the end" 80/tcp
