# shellcheck shell=bash disable=SC2034,SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Part of cluster.sh: the agents, one for each node. Each reaches the API server
# by another of the ways that there are: node1 by a kubeconfig with files beside
# it, over IPv4; node2 by one that holds all itself, over IPv6; node3 as in a pod
# of the cluster, by its service account.

account_namespace=podwall-system account=podwall-agent
in_cluster=/var/run/secrets/kubernetes.io/serviceaccount

# By node: its agent's log, one for each agent that has run.
declare -A agent_log=()

# new_token NODE: one for its agent, of its own, where the agent looks for it.
new_token() {
	local directory=$work/credentials-$1
	must_api token "$account_namespace" "$account"
	mkdir -p "$directory"
	# In one step, as a kubelet does.
	printf '%s' "$reply" > "$directory/token.new"
	mv "$directory/token.new" "$directory/token"
	case $1 in
	node2) write_kubeconfig "$1" ;;
	node3)
		mkdir -p "$in_cluster"
		cp "$PODWALL_CONTROL/ca.pem" "$in_cluster/ca.crt"
		printf %s "$account_namespace" > "$in_cluster/namespace"
		cp "$directory/token" "$in_cluster/token.new"
		mv "$in_cluster/token.new" "$in_cluster/token"
		;;
	esac
}

# write_kubeconfig NODE [AUTHORITY]: to $work/credentials-NODE.
write_kubeconfig() {
	local directory=$work/credentials-$1 authority=${2:-$PODWALL_CONTROL/ca.pem}
	local server=https://172.16.0.20:6443
	[[ $1 != node2 ]] || server='https://[fd00:16::20]:6443'
	[[ $authority -ef $directory/ca.pem ]] || cp "$authority" "$directory/ca.pem"
	jq -n --arg server "$server" --arg name "$1" \
		--rawfile token "$directory/token" --rawfile ca "$directory/ca.pem" '{
		apiVersion: "v1", kind: "Config", "current-context": "test",
		contexts: [{name: "test", context: {cluster: "test", user: "agent"}}],
		users: [{name: "agent", user: (
			if $name == "node2" then {token: $token} else {tokenFile: "token"} end)}],
		clusters: [{name: "test", cluster: ({server: $server} + (
			if $name == "node2" then {"certificate-authority-data": ($ca | @base64)}
			else {"certificate-authority": "ca.pem"} end))}]
	}' > "$directory/kubeconfig.new"
	mv "$directory/kubeconfig.new" "$directory/kubeconfig"
}

# start_agent NODE [OPTION...]: with a token if it has none.
start_agent() {
	local node=$1 directory=$work/credentials-$1 lives
	local options=("${@:2}" --directory "$work/run-$1")
	[[ -e $directory/token ]] || new_token "$node"
	mkdir -p "$work/run-$node"
	lives=("$work/agent-$node".*.log)
	[[ -e ${lives[0]} ]] || lives=()
	agent_log[$node]=$work/agent-$node.${#lives[@]}.log
	case $node in
	node1)
		[[ -e $directory/kubeconfig ]] || write_kubeconfig "$node"
		ip netns exec "${netns[$node]}" nlctl agent --node "$node" \
			--kubeconfig "$directory/kubeconfig" "${options[@]}" \
			&> "${agent_log[$node]}" &
		;;
	node2)
		nlctl --netns "${netns[$node]}" agent --node "$node" \
			--kubeconfig "$directory/kubeconfig" "${options[@]}" \
			&> "${agent_log[$node]}" &
		;;
	node3)
		NODE_NAME=$node KUBERNETES_SERVICE_HOST=172.16.0.20 \
			KUBERNETES_SERVICE_PORT=6443 ip netns exec "${netns[$node]}" \
			nlctl agent "${options[@]}" &> "${agent_log[$node]}" &
		;;
	esac
	servers["agent-$node"]=$!
	logs+=("${agent_log[$node]}")
}

# kill_agent NODE [SIGNAL]: and wait until it has gone; to $ended how it did.
kill_agent() {
	ended=0
	kill -"${2:-KILL}" "${servers[agent-$1]}"
	wait "${servers[agent-$1]}" 2> /dev/null || ended=$?
	unset "servers[agent-$1]"
}

# http_status NODE PATH
http_status() {
	in_pod "$1" curl -s --max-time "$deadline" -o /dev/null -w '%{http_code}' \
		"http://127.0.0.1:9750/$2" || :
}

# health NODE: what its agent answers to /healthz and /readyz.
health() {
	printf '%s %s' "$(http_status "$1" healthz)" "$(http_status "$1" readyz)"
}

agent_ready() {
	[[ $(http_status "$1" readyz) == 200 ]]
}

# wait_ready NODE: its agent is; or the scenario ends.
wait_ready() {
	until_true agent_ready "$1" || {
		echo "the agent of $1 does not get ready" >&2
		cat "${agent_log[$1]}" >&2
		exit 1
	}
}

# metric NODE NAME-AND-LABELS: its value.
metric() {
	in_pod "$1" curl -s --max-time "$deadline" http://127.0.0.1:9750/metrics |
		awk -v name="$2" 'index($0, name " ") == 1 { print $NF }'
}

# condition NODE: status and reason of PodwallReady, as the API has it.
condition() {
	must_api get "/api/v1/nodes/$1"
	jq -r '[.status.conditions[]? | select(.type == "PodwallReady")][0] |
		"\(.status) \(.reason)"' <<< "$reply"
}

# condition_is NODE PATTERN
condition_is() {
	[[ $(condition "$1") =~ $2 ]]
}

# logged NODE PATTERN: the agent of the node has said so.
logged() {
	grep -qE "$2" "${agent_log[$1]}"
}

# says DESCRIPTION NODE PATTERN: it does, in time.
says() {
	if until_true logged "$2" "$3"; then
		ok "$1"
	else
		not_ok "$1" "wanted: $3" "$(tail -n 20 "${agent_log[$2]}")"
	fi
}
