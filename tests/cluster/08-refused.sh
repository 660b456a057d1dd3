#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Objects that mean nothing, and more than the kernel may hold. What was good
# before stays in force, and whoever looks at the object or the node is told.

. "${0%/*}/cluster.sh"

start_peers

from_b='{pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: b}}}}'

# deny_b [WORD]: an admin policy, good or with a word that is not.
deny_b() {
	cluster_policy deny-b Admin 5 a "ingress: [{action: ${1:-Deny}, from: [$from_b]}]"
}

# event_of NAME PATTERN: the API has an Event on that object.
event_of() {
	must_api get /api/v1/events
	jq -e --arg name "$1" --arg pattern "$2" \
		'.items[] | select(.type == "Warning" and .involvedObject.name == $name) |
		select(.message | test($pattern))' <<< "$reply"
}

# events_of NAME: how many Events the API has on that object.
events_of() {
	must_api get /api/v1/events
	jq --arg name "$1" \
		'[.items[] | select(.involvedObject.name == $name)] | length' <<< "$reply"
}

# told_last NAME: when that object's Event was told last, to the second.
told_last() {
	must_api get /api/v1/events
	jq -r --arg name "$1" \
		'.items[] | select(.involvedObject.name == $name).lastTimestamp' <<< "$reply"
}

# told_since NAME TIME: it was told later than that.
told_since() {
	[[ $(told_last "$1") > $2 ]]
}

# events_taken NODE: how many Events its agent has told.
events_taken() {
	metric "$1" 'podwall_agent_reports_total{kind="Event",result="taken"}'
}

# all_told: each agent has told another one since $taken was filled.
declare -A taken
all_told() {
	local node
	for node in "${!taken[@]}"; do
		(($(events_taken "$node") > ${taken[$node]})) || return 1
	done
}

# is_later TIME: that second is over.
is_later() {
	[[ $(date -u +%FT%TZ) > $1 ]]
}

# b_is VERDICT DESCRIPTION
b_is() {
	becomes "$2" <<- END
		x/b x/a 80/tcp $1
		x/b [x/a] 80/udp $1
		x/c x/a 80/tcp accept
	END
}

deny_b | apply
b_is deny "a good policy"

# It becomes what nobody understands.
deny_b Frobnicate | apply
says "refused: the log says why" node1 'deny-b is refused: .*Frobnicate'
succeeds "refused: an Event says why" until_true event_of deny-b Frobnicate
b_is deny "refused: what was good stays in force"
is "refused: the agent is ready" "$(http_status node1 readyz)" 200
matches "refused: it is counted" \
	"$(metric node1 'podwall_agent_objects_refused{kind="ClusterNetworkPolicy"}')" '^1$'
deny_b Accept | apply
b_is accept "good again"
says "good again: the log says so" node1 'deny-b is good again'

# A policy that never was good is left out, if it is the cluster's.
for node in node{1..3}; do
	taken[$node]=$(events_taken "$node")
done
{
	deny_b
	cluster_policy never-good Everything 7 a "ingress: [{action: Deny, from: [{namespaces: {}}]}]"
} | apply
b_is deny "the others go on"
succeeds "never good: an Event says why" until_true event_of never-good tier
succeeds "never good: each agent tells it" until_true all_told
is "never good: it is one Event of all nodes" "$(events_of never-good)" 1

# What is still so is told again by an agent that begins anew, in the same Event.
told=$(told_last never-good)
kill_agent node1
until_true is_later "$told" || :
start_agent node1
wait_ready node1
succeeds "an agent begins anew: the Event is told again" \
	until_true told_since never-good "$told"
is "an agent begins anew: it is one Event" "$(events_of never-good)" 1
matches "an agent begins anew: no Event is refused" \
	"$(metric node1 'podwall_agent_reports_total{kind="Event",result="refused"}')" '^0$'

# What is in force takes all the room that the kernel of node1 has.
many() {
	local i
	deny_b
	for i in {1..8}; do
		policy "x/many-$i" '{pod: a}' "ingress: [{ports: [{port: $((9000 + i))}]}]"
	done
	policy x/more '{pod: a}' 'ingress: [{from: [{podSelector: {}}], ports: [{port: 81}]}]'
}

prepare_pod node1 x/leaving
bind_pod
connect_pod x/leaving
call_cni ADD x/leaving
is "podwall-cni ADD: in time" "$ended $(< "$work/cni")" "0 "
run_pod x/leaving

nl_at node1 set --limit rules=1
many | apply
succeeds "over a limit: the condition is False" until_true condition_is node1 '^False '
must_api get /api/v1/nodes/node1
matches "over a limit: the condition says which" \
	"$(jq -r '.status.conditions[] | select(.type == "PodwallReady").message' <<< "$reply")" \
	'rules'
is "over a limit: other nodes have enough room" "$(condition node2 | cut -d' ' -f1)" True
is "over a limit: alive, but not ready" "$(health node1)" "200 503"
expect "over a limit: the policy is the one before" <<- END
	x/b x/a 80/tcp deny
	x/c x/a 80/tcp accept
	x/c [x/a] 80/udp accept
END

# What takes no room is done all the same, and whoever waits for it is told.
end_pod x/leaving
call_cni DEL x/leaving
is "over a limit: podwall-cni DEL: in time" "$ended $(< "$work/cni")" "0 "
is "over a limit: the pod has left the kernel" \
	"$(nl_at node1 get pods | grep -c x/leaving || :)" 0
remove_pod x/leaving
forget_pod x/leaving
nl_at node1 set --limit rules=1000
becomes "with more room" <<- END
	x/c x/a 80/tcp deny
	x/c x/a 81/tcp accept
	x/b x/a 81/tcp deny
END
succeeds "with more room: the condition is True" until_true condition_is node1 '^True '
until_true agent_ready node1 || :
is "with more room: ready" "$(http_status node1 readyz)" 200
