# shellcheck shell=bash disable=SC2034,SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the scenarios of a whole cluster build on: three nodes as those of
# tests/e2e/nodes.sh, which this sources, on whose underlay a real API server is
# (172.16.0.20, fd00:16::20), and an agent for each node. What a scenario of a
# single node says by "apply", goes to the API server here, and the agents have
# to hear of it.
#
# Nobody schedules, and nobody is a kubelet: the scenario makes a pod's object,
# its network and its status, in the order that it likes.

cluster=${BASH_SOURCE[0]%/*}
. "$cluster/../e2e/nodes.sh"
. "$cluster/../e2e/traffic.sh"
. "$cluster/agents.sh"
. "$cluster/pods.sh"

# --- the API

# begin_process NAME COMMAND...: it reads from ${to[NAME]}, and answers on
# ${from[NAME]}.
declare -A to=() from=()
begin_process() {
	local input output
	mkfifo "$work/$1-commands" "$work/$1-answers"
	"${@:2}" < "$work/$1-commands" > "$work/$1-answers" &
	servers[$1]=$!
	exec {input}> "$work/$1-commands" {output}< "$work/$1-answers"
	rm "$work/$1-commands" "$work/$1-answers"
	to[$1]=$input from[$1]=$output
}

# api WORD...: a command for api.py; what is behind the status, goes to $reply,
# and the status to $status.
api() {
	status='' reply=''
	printf '%s\n' "$*" >&"${to[api]}"
	read -rt 600 status reply <&"${from[api]}" || {
		echo "api: $*: no answer" >&2
		exit 1
	}
}

# must_api WORD...: the same, and it succeeds.
must_api() {
	api "$@"
	[[ $status == 20? ]] || {
		printf 'api: %s: %s %s\n' "$*" "$status" "$reply" >&2
		exit 1
	}
}

# kubectl WORD...: for what people do; it takes seconds.
kubectl() {
	ip netns exec control "$PODWALL_KUBERNETES/kubectl" \
		--kubeconfig "$PODWALL_CONTROL/admin.kubeconfig" "$@"
}

# enforce: what apply has staged becomes what the API has. To agents it says
# nothing: they watch.
enforce() {
	must_api set "$manifests" "$policies"
}

# What a real API server wants of nodes besides.
write_nodes() {
	local name
	for name in "${nodes[@]}"; do
		printf -- '---\napiVersion: v1\nkind: Node\nmetadata:\n  name: %s\n  labels: {kubernetes.io/hostname: %s}\n' \
			"$name" "$name"
		printf 'spec:\n  podCIDR: "%s"\n  podCIDRs: ["%s", "%s"]\n' \
			"10.1.${name#node}.0/24" "10.1.${name#node}.0/24" "fd00:1:${name#node}::/64"
		printf 'status:\n  addresses:\n'
		printf '  - {type: InternalIP, address: "%s"}\n' \
			"${address4[$name]}" "${address6[$name]}"
	done
}

# The control plane's own namespace, on the underlay of this scenario.
attach_control() {
	router[control]=underlay devices[control]=to-control
	address4[control]=172.16.0.20 address6[control]=fd00:16::20
	ip link add to-control netns "${netns[underlay]}" type veth \
		peer name eth0 netns control
	link_commands control | ip -n "${netns[underlay]}" -batch -
	end_commands control | ip -n control -batch -
}

# --- all of it

# build_cluster NODE:NAMESPACE/POD[,LABEL=VALUE...]...: nodes, pods, podwall, and
# the API knows them; without agents.
build_cluster() {
	start_nodes "$@"
	trap finish_cluster EXIT
	begin_process api "$cluster/api.py"
	attach_control
	must_api clear
	apply < /dev/null
}

# start_cluster NODE:NAMESPACE/POD[,LABEL=VALUE...]...: with agents, which know
# it all.
start_cluster() {
	local name
	build_cluster "$@"
	for name in "${nodes[@]}"; do
		start_agent "$name"
	done
	for name in "${nodes[@]}"; do
		wait_ready "$name"
	done
}

finish_cluster() {
	local ended=$?
	trap - EXIT
	set +e
	if [[ ${to[api]-} ]]; then
		api clear
		[[ $status == 200 ]] || not_ok "the API is cleared" "$status $reply"
	fi
	(exit "$ended")
	finish
}

# --- what becomes of a change

# probes_match: the rows go as they say.
probes_match() {
	local i wanted
	run_probes
	for i in "${!rows[@]}"; do
		read -r _ _ _ wanted _ <<< "${rows[i]}"
		[[ ${answers[i]%% *} == "$wanted" ]] || return 1
	done
}

# becomes DESCRIPTION: expect, but the agents may take their time. What is not let
# through yet is tried again soon.
becomes() {
	local answer_time=$((patience * 5))
	read_rows
	until_true probes_match || :
	report_rows "$1"
}

# --- a pod, and who may reach it

# start_peers: x/a, and two that may want to reach it, x/b and x/c; a node for
# each.
start_peers() {
	start_cluster node1:x/a node2:x/b node3:x/c
}

# peer_policy PEER: only this pod of x reaches x/a.
peer_policy() {
	policy x/a '{pod: a}' \
		"ingress: [{from: [{podSelector: {matchLabels: {pod: $1}}}]}]"
}

# peer_becomes DESCRIPTION PEER OTHER: the one does, the other does not.
peer_becomes() {
	becomes "$1" <<- END
		x/$2 x/a 80/tcp accept
		x/$2 [x/a] 80/udp accept
		x/$3 x/a 80/tcp deny
		x/$3 [x/a] 80/udp deny
	END
}

# --- traffic that goes on all the time

prober_begin() {
	begin_process prober "$cluster/prober.py"
	commands=${to[prober]} replies=${from[prober]}
	servers[traffic]=${servers[prober]}
	unset "servers[prober]"
}

# fresh NAME FROM TO PORT: as stream, but each datagram is a connection.
fresh() {
	traffic_command fresh "$1-4" "${netns[$2]}" "${address4[$2]}" \
		"${netns[$3]}" "${address4[$3]}" "$4"
	traffic_command fresh "$1-6" "${netns[$2]}" "${address6[$2]}" \
		"${netns[$3]}" "${address6[$3]}" "$4"
}

# turns DESCRIPTION STREAM all|none[-still]: until it does so, in both families.
turns() {
	local family answer
	for family in 4 6; do
		printf 'until %s-%s %s %s\n' "$2" "$family" "${3%-still}" "$deadline" >&"$commands"
		read -rt $((deadline * 4)) answer <&"$replies" || answer=
		is "$1: $2-$family: $3 get through" "$answer" ok
	done
}

# always all|none DESCRIPTION STREAM...: in every phase in which it sent.
always() {
	local name key
	for name in "${@:3}"; do
		for key in "${!arrived[@]}"; do
			[[ $key == "$name-"[46]\ * ]] || continue
			numbers "${key% *}" "${key#* }"
			((sent_to >= sent_from)) || continue
			if [[ $1 == none ]]; then
				is "$2: $key: $1" "$received" 0
			else
				is "$2: $key: $1" "$received" $((sent_to - sent_from + 1))
			fi
		done
	done
}
