# shellcheck shell=bash disable=SC2034,SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the parts of the run build on: objects go to a real API server, a kubelet and
# a container runtime make pods of them, and podwall comes by its DaemonSet. All pods
# are of the namespace x, but podwall's own.

here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
top=$(cd "$here/../.." && pwd)
. "$here/../e2e/lib.sh"
. "$here/../e2e/traffic.sh"

# What a kubelet and a runtime do takes seconds each, where they are emulated.
deadline=300
# Who asks all the time takes the processors from those that are asked.
poll_interval=1
system=podwall-system
server=https://172.16.0.20:6443
attachments=/run/podwall/attachments
conflist=/etc/cni/net.d/10-bridge.conflist
trap finish_part EXIT

diagnose() {
	api /api/v1/pods | jq -c '.items[] | [.metadata.name, .status.podIP, .status.phase,
		(.status | .initContainerStatuses, .containerStatuses | .[]? |
			[.name, .ready, .restartCount, .state])]'
	api /api/v1/events | jq -r '.items[] | select(.type == "Warning") |
		"\(.involvedObject.name): \(.reason): \(.message)"' | tail -n 20
	nlctl status
	nlctl get pods
	nlctl get settings
	tail -n 15 /var/log/pods/"$system"_*/*/*.log
	grep -E ' [EW][0-9]{4} |^[EW][0-9]{4}' /run/node/kubelet.log | tail -n 20
}

finish_part() {
	local status=$?
	trap - EXIT
	((!status)) || not_ok "${0##*/} comes to its end" "status $status"
	# shellcheck disable=SC2046 # numbers
	kill $(jobs -p) 2> /dev/null || :
	rm -rf "$work"
	exit $((failures > 0))
}

# --- the API

# request METHOD PATH [BODY]: what the API server answers.
request() {
	local kind=application/json
	[[ $1 != PATCH ]] || kind=application/strategic-merge-patch+json
	curl -s --max-time 60 --cacert "$PODWALL_CONTROL/ca.pem" -X "$1" \
		-H "Authorization: Bearer $(< "$PODWALL_CONTROL/admin.token")" \
		-H "Content-Type: $kind" ${3+-d "$3"} "$server$2"
}

# api PATH: what is there.
api() {
	request GET "$1"
}

# must METHOD PATH [BODY]: the server does so.
must() {
	local answer
	answer=$(request "$@")
	jq -e '.kind != "Status" or .status == "Success"' > /dev/null <<< "$answer" || {
		printf '%s: %s\n' "$*" "$answer" >&2
		exit 1
	}
}

# kubectl WORD...: for what the documentation has people do; it takes seconds, more
# where it validates what the server does anyway.
kubectl() {
	ip netns exec control "$PODWALL_KUBERNETES/kubectl" \
		--kubeconfig "$PODWALL_CONTROL/admin.kubeconfig" "$@"
}

# selects NAMESPACE LABEL=VALUE: names of the pods that are not about to go.
selects() {
	api "/api/v1/namespaces/$1/pods?labelSelector=$2" |
		jq -r '.items[] | select(.metadata.deletionTimestamp | not).metadata.name'
}

# field NAMESPACE/POD FILTER: what jq finds in its object.
field() {
	api "/api/v1/namespaces/${1%/*}/pods/${1#*/}" | jq -r "$2"
}

gone() {
	[[ $(field "$1" .code) == 404 ]]
}

# condition: status and reason of PodwallReady.
condition() {
	api /api/v1/nodes/worker | jq -r '[.status.conditions[]? |
		select(.type == "PodwallReady")][0] | "\(.status) \(.reason)"'
}

condition_is() {
	[[ $(condition) =~ $1 ]]
}

# --- pods

# deploy NAME ROLE COMMAND [MORE]: a Deployment of one pod, whose container runs that;
# MORE is what else the container has, as JSON.
deploy() {
	must POST /apis/apps/v1/namespaces/x/deployments "$(jq -n --arg name "$1" \
		--arg role "$2" --arg command "$3" --argjson more "${4-{\}}" '{
			apiVersion: "apps/v1", kind: "Deployment", metadata: {$name},
			spec: {
				replicas: 1, selector: {matchLabels: {app: $name}},
				template: {
					metadata: {labels: {app: $name, $role}},
					spec: {
						automountServiceAccountToken: false,
						terminationGracePeriodSeconds: 0,
						containers: [{
							name: "main", image: "registry.example/busybox:1",
							command: ["sh", "-c", $command]
						} + $more]
					}
				}
			}
		}')"
}

# asking NAME: what a container runs to ask that pod's server from its first moment on;
# it says "hello" or "denied".
asking() {
	# shellcheck disable=SC2016 # for the container's shell
	printf 'ask() { printf "GET / HTTP/1.0\\r\\n\\r\\n" | nc -w 5 %s 8080 2> /dev/null | grep -x hello; }\n' \
		"${address4[$1]}"
	printf 'while :; do ask || echo denied; sleep 1; done\n'
}

# role NAME ROLE: the label of its pod.
role() {
	must PATCH "/api/v1/namespaces/x/pods/${pod[$1]}" \
		"{\"metadata\": {\"labels\": {\"role\": \"$2\"}}}"
}

# pod_of NAME: its pod to ${pod[NAME]}, its address to ${address4[NAME]}, its network
# namespace to ${netns[NAME]}.
declare -A pod=()
pod_of() {
	local object
	object=$(api "/api/v1/namespaces/x/pods?labelSelector=app=$1" | jq -c '[.items[] |
		select((.metadata.deletionTimestamp | not) and
			any(.status.containerStatuses[]?; .state.running))][0] // empty')
	[[ $object ]] || return 1
	pod[$1]=$(jq -r .metadata.name <<< "$object")
	address4[$1]=$(jq -r .status.podIP <<< "$object")
	netns[$1]=$(netns_of "${address4[$1]}") && [[ ${address4[$1]} && ${netns[$1]} ]]
}

netns_of() {
	local name
	while read -r name _; do
		! ip -n "$name" -4 address show dev eth0 2> /dev/null | grep -qF " $1/" || {
			printf '%s\n' "$name"
			return
		}
	done < <(ip netns list | grep ^cni-)
	return 1
}

# freed ADDRESS: the network may give it to another pod; of a pod without a grace period
# the object is gone before.
freed() {
	[[ ! -e /var/lib/cni/networks/pods/$1 ]]
}

# give_next ADDRESS: host-local gives it to the next pod.
give_next() {
	printf '%s.%d' "${1%.*}" $((${1##*.} - 1)) > /var/lib/cni/networks/pods/last_reserved_ip.0
}

# runs NAME...: their pods do, or the part ends.
runs() {
	local name
	for name; do
		until_true pod_of "$name" || {
			echo "no pod of $name runs" >&2
			exit 1
		}
	done
}

# said NAME: what the container of its pod has written so far.
said() {
	cut -d' ' -f4- /var/log/pods/x_"${pod[$1]}"_*/main/*.log 2> /dev/null
}

says() {
	grep -qxE "$2" <(said "$1")
}

# connects FROM TO PORT: a TCP connection comes about within a time that is longer
# where it must.
connects() {
	timeout "${4:-2}" ip netns exec "${netns[$1]}" \
		bash -c ": < /dev/tcp/${address4[$2]}/$3" 2> /dev/null
}

reaches() {
	if until_true connects "$2" "$3" "${4:-8080}" 10; then
		ok "$1: $2 reaches $3"
	else
		not_ok "$1: $2 reaches $3"
	fi
}

# reaches_not DESCRIPTION FROM TO [PORT]: not from now on; what was under way when
# something changed is not waited for.
reaches_not() {
	if connects "$2" "$3" "${4:-8080}"; then
		not_ok "$1: $2 does not reach $3"
	else
		ok "$1: $2 does not reach $3"
	fi
}

closes() {
	! connects "$@"
}

# --- podwall

agent_pod() {
	selects "$system" app.kubernetes.io/component=agent
}

# rolled_out NAME: all pods of the DaemonSet are of its newest template, and ready.
rolled_out() {
	api "/apis/apps/v1/namespaces/$system/daemonsets/$1" | jq -e '
		.metadata.generation == .status.observedGeneration and
		.status.desiredNumberScheduled == 1 and
		.status.updatedNumberScheduled == 1 and .status.numberReady == 1' > /dev/null
}

# agent_process: its number.
agent_process() {
	pgrep -x nlctl-agent
}

pod_ready() {
	[[ $(field "$1" '.status.conditions[]? | select(.type == "Ready").status') == True ]]
}

generation() {
	nlctl status -o json | jq .generation
}
