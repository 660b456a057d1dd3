#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The agent's pod is deleted, killed, kept away, and replaced. What is in force stays
# in force.

. "${0%/*}/node.sh"

# Datagrams all the time: of a connection that stays, and of new ones.
begin_traffic() {
	mkfifo "$work/commands" "$work/answers"
	"$top/tests/cluster/prober.py" < "$work/commands" > "$work/answers" &
	servers[traffic]=$!
	exec {commands}> "$work/commands" {replies}< "$work/answers"
	send stream kept friend 7001
	send fresh friend friend 7002
	send fresh stranger stranger 7003
}

# send KIND NAME FROM PORT: to the server.
send() {
	traffic_command "$1" "$2" "${netns[$3]}" "${address4[$3]}" \
		"${netns[server]}" "${address4[server]}" "$4"
}

phases=()
begin() {
	phases+=("$1")
	phase "$1"
}

# log_of_load_module POD: what it said when it ran last.
log_of_load_module() {
	cut -d' ' -f4- /var/log/pods/"$system"_"$1"_*/load-module/*.log
}

runs server friend stranger
agent=$(agent_pod)
begin_traffic
begin before
earlier=$(generation)

# As somebody who thinks that this helps.
begin deleted
kubectl -n "$system" delete pod "$agent"
replaced() {
	local name
	name=$(agent_pod)
	[[ $name && $name != "$agent" ]] && pod_ready "$system/$name"
}
succeeds "deleted: another becomes ready" until_true replaced
next=$(agent_pod)
is "deleted: the module was left alone" "$(log_of_load_module "$next")" \
	"load-module: podwall $(< "$top/VERSION") is loaded already"

# begun_anew COUNT: the container was, so often.
begun_anew() {
	[[ $(field "$system/$next" '.status.containerStatuses[] |
		select(.name == "agent") | "\(.ready) \(.restartCount)"') == "true $1" ]]
}

begin killed
kill -KILL "$(agent_process)"
succeeds "killed: the kubelet begins it anew" until_true begun_anew 1

begin restarted
kubectl -n "$system" rollout restart daemonset/podwall-agent
succeeds "restarted: it is rolled out" kubectl -n "$system" rollout status \
	daemonset/podwall-agent --timeout "${deadline}s"
fails "restarted: it is not the same" test "$(agent_pod)" = "$next"

# A new image, as the documentation has people upgrade.
begin upgraded
ctr --namespace k8s.io images tag "localhost/podwall:$(< "$top/VERSION")" \
	localhost/podwall:next > /dev/null
printf '    newTag: next\n' >> /run/node/kubernetes/overlays/mine/kustomization.yaml
kubectl apply --validate=false -k /run/node/kubernetes/overlays/mine
succeeds "upgraded: it is rolled out" until_true rolled_out podwall-agent
next=$(agent_pod)
is "upgraded: all of it is of the new image" \
	"$(field "$system/$next" '[.spec | .initContainers, .containers | .[].image] | unique[]')" \
	localhost/podwall:next
succeeds "upgraded: the node's condition is True" until_true condition_is '^True '
is "nothing of that has changed what is in force" "$(generation)" "$earlier"

# away: no node may have one.
begin away
selector() {
	must PATCH "/apis/apps/v1/namespaces/$system/daemonsets/podwall-agent" \
		"{\"spec\": {\"template\": {\"spec\": {\"nodeSelector\": {\"nowhere\": $1}}}}}"
}
selector '"yes"'
succeeds "away: it ends" until_true gone "$system/$next"
succeeds "away: the module stays" test -d /sys/module/podwall
succeeds "away: the node's condition is Unknown" until_true condition_is '^Unknown '
connect=$(asking server)
deploy late-friend friend "$connect"
deploy late-stranger stranger "$connect"
runs late-friend late-stranger
succeeds "away: a pod that starts is closed" until_true says late-friend denied
is "away: nothing passes" "$(said late-friend | sort -u)" denied

begin back
selector null
succeeds "back: it is rolled out" until_true rolled_out podwall-agent
succeeds "back: the node's condition is True" until_true condition_is '^True '
succeeds "back: a pod that started meanwhile opens" until_true says late-friend hello
reaches_not "back: one that may not stays closed" late-stranger server
is "back: it was never open" "$(said late-stranger | sort -u)" denied

traffic_end
for name in "${phases[@]}"; do
	for stream in kept friend; do
		numbers "$stream" "$name"
		is "$name: all that may come arrives: $stream" "$received" $((sent_to - sent_from + 1))
	done
	numbers stranger "$name"
	is "$name: nothing else does" "$received of $((sent_to > sent_from))" "0 of 1"
done
