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
# pass is given five times as long, so a slow machine fails no test, and the
# same probe, let through, shows that the short time is enough.
patience=${PODWALL_E2E_TIMEOUT:-1}
# Seconds for everything that is polled for.
deadline=$((patience * 15))

work=$(mktemp -d)
tag=pw$(printf '%08x' "$SRANDOM")
export TMPDIR=$work
node=$tag-node
nodes=(node)
pods=()
failures=0
agent_PID='' monitors=()
declare -A netns=() address4=() address6=() labels=() containers=() absent=() finished=()
# By end: the router that its eth0 leads to. By router: a number, of which the
# gateway's addresses are made, when it is not 1. By pod: its node, when there
# are several.
declare -A router=() gateway=() home=()
policies=$work/policies.yaml
manifests=$work/pods.yaml
: > "$policies"

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
	tail -n 20 "$work"/drops* || :
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
		read -rt 0.05 <> <(:) || :
	done
}

# --- topology

nl() {
	nl_at node "$@"
}

# nl_at NODE WORD...: nlctl there.
nl_at() {
	nlctl --netns "${netns[$1]}" "${@:2}"
}

# in_pod NAME COMMAND...
in_pod() {
	ip netns exec "${netns[$1]}" "${@:2}"
}

# ask WORD...: one command for the agent; its answer goes to $answer.
ask() {
	tell "$@"
	hear
}

tell() {
	printf '%s\n' "$*" >&"${agent[1]}"
}

hear() {
	read -rt "$((deadline * 4))" answer <&"${agent[0]}" || {
		echo "the agent does not answer" >&2
		exit 1
	}
	if [[ $answer == failed* ]]; then
		echo "agent: $answer" >&2
		exit 1
	fi
}

# The commands for ip -batch inside an end of a link.
end_commands() {
	local number=${gateway[${router[$1]}]-1}
	printf '%s\n' \
		"link set eth0 addrgenmode none" \
		"address add ${address4[$1]}/32 dev eth0" \
		"address add ${address6[$1]}/128 dev eth0 nodad" \
		"address add fe80::${address6[$1]##*:}/64 dev eth0 nodad" \
		"link set eth0 up" \
		"route add default via 169.254.$number.1 dev eth0 onlink" \
		"route add default via fe80::$number dev eth0"
	[[ $1 != outside ]] || echo "address add 198.51.100.7/32 dev eth0"
}

# The commands on the router that the end leads to.
link_commands() {
	local link=to-${1/\//-} number=${gateway[${router[$1]}]-1}
	printf '%s\n' \
		"link set $link addrgenmode none" \
		"address add 169.254.$number.1/32 dev $link" \
		"address add fe80::$number/64 dev $link nodad" \
		"link set $link up" \
		"route add ${address4[$1]} dev $link src ${address4[${router[$1]}]}" \
		"route add ${address6[$1]} dev $link src ${address6[${router[$1]}]}"
	[[ $1 != outside ]] || echo "route add 198.51.100.7 dev $link"
}

# All commands in a namespace, which may be an end, a router, or both.
network_commands() {
	local end
	echo "link set lo up"
	if [[ ${router[$1]-} ]]; then
		end_commands "$1"
	else
		printf '%s\n' \
			"address add ${address4[$1]}/32 dev lo" \
			"address add ${address6[$1]}/128 dev lo nodad"
	fi
	for end in "${!router[@]}"; do
		[[ ${router[$end]} != "$1" ]] || link_commands "$end"
	done
}

# The commands that make an end's namespace and its link.
end_namespace() {
	printf 'netns add %s\n' "${netns[$1]}"
	printf 'link add to-%s netns %s type veth peer name eth0 netns %s\n' \
		"${1/\//-}" "${netns[${router[$1]}]}" "${netns[$1]}"
}

serve() {
	ask serve "${netns[$1]}" "$1" {80,81,8080}/{tcp,udp,sctp}
}

# declare_end NAME ROUTER IPV4 IPV6
declare_end() {
	netns[$1]=$tag-${1/\//-}
	router[$1]=$2
	address4[$1]=$3
	address6[$1]=$4
}

# declare_pod [NAMESPACE/]POD[,LABEL=VALUE...] NODE IPV4-NETWORK IPV6-NETWORK
# INDEX: what the pod will be; the networks end where the index is appended.
declare_pod() {
	local name=${1%%,*}
	pods+=("$name")
	declare_end "$name" "$2" "$3.$5" "$4::$(printf '%x' "$5")"
	labels[$name]="pod=${name##*/}"
	[[ $1 != *,* ]] || labels[$name]+=,${1#*,}
	containers[$name]=''
}

# start [NAMESPACE/]POD[,LABEL=VALUE...]...: build it all and load podwall,
# which has nothing to enforce yet.
start() {
	local spec index=10
	netns[node]=$node address4[node]=10.1.0.1 address6[node]=fd00:1::1
	declare_end outside node 192.0.2.10 2001:db8::10
	for spec; do
		index=$((index + 1))
		declare_pod "$spec" node 10.1.0 fd00:1 "$index"
	done
	launch
	watch_drops node "$work/drops"
}

# launch: what has been declared, podwall, and servers everywhere.
launch() {
	local name jobs=() job
	trap finish EXIT
	# These two take longest to start, and need not be waited for yet.
	coproc agent { exec python3 -I -S "$lib/agent.py"; }
	modprobe -a veth sctp nf_conntrack nf_conntrack_netlink
	[[ -d /sys/module/podwall ]] || insmod "$PODWALL_MODULE"
	{
		# Those first that a link may lead to.
		for name in "${!netns[@]}"; do
			[[ ${router[$name]-} ]] || printf 'netns add %s\n' "${netns[$name]}"
		done
		for name in "${nodes[@]}"; do
			[[ ! ${router[$name]-} ]] || end_namespace "$name"
		done
		for name in "${pods[@]}" outside; do
			end_namespace "$name"
		done
	} | ip -batch -
	for name in "${!netns[@]}"; do
		network_commands "$name" | ip -n "${netns[$name]}" -batch - &
		jobs+=($!)
	done
	for job in "${jobs[@]}"; do
		wait "$job"
	done
	while read -r name; do
		ask sysctl "${netns[$name]}" net/ipv4/ip_forward=1 \
			net/ipv6/conf/all/forwarding=1
	done < <(printf '%s\n' "${router[@]}" | sort -u)
	for name in "${!netns[@]}"; do
		serve "$name"
	done
}

# watch_drops NODE FILE: what its monitor tells from now on.
watch_drops() {
	nlctl --netns "${netns[$1]}" monitor >> "$2" 2> "$2.errors" &
	monitors+=($!)
	until_true test -s "$2.errors"
	[[ $(< "$2.errors") == listening ]] || {
		cat "$2.errors" >&2
		exit 1
	}
}

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
	kill_and_wait "${monitors[@]}" $agent_PID
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

# --- policy

# The pods as the API server would list them, those in $absent left out.
# $containers holds a pod's ports as NAME:PORT/PROTOCOL words. A pod that no
# link leads to is in the network of its node.
write_pods() {
	local name namespace port label seen=' '
	for name in "${pods[@]}"; do
		namespace=default
		[[ $name != */* ]] || namespace=${name%/*}
		if [[ $seen != *" $namespace "* ]]; then
			seen+="$namespace "
			printf -- '---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: "%s"\n  labels: {kubernetes.io/metadata.name: "%s"}\n' \
				"$namespace" "$namespace"
		fi
		[[ ! ${absent[$name]-} ]] || continue
		printf -- '---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: "%s"\n  namespace: "%s"\n  labels:\n' \
			"${name##*/}" "$namespace"
		for label in ${labels[$name]//,/ }; do
			printf '    %s: "%s"\n' "${label%%=*}" "${label#*=}"
		done
		printf 'spec:\n'
		[[ ! ${home[$name]-} ]] || printf '  nodeName: %s\n' "${home[$name]}"
		[[ ${router[$name]-} ]] || printf '  hostNetwork: true\n'
		printf '  containers:\n  - name: main\n'
		[[ ! ${containers[$name]} ]] || printf '    ports:\n'
		for port in ${containers[$name]}; do
			read -ra port <<< "${port//[:\/]/ }"
			printf '    - {name: %s, containerPort: %s, protocol: %s}\n' "${port[@]}"
		done
		printf 'status:\n  phase: %s\n  podIP: %s\n  podIPs: [{ip: %s}, {ip: "%s"}]\n' \
			"${finished[$name]:-Running}" "${address4[$name]}" \
			"${address4[$name]}" "${address6[$name]}"
	done
}

write_nodes() {
	local name
	for name in "${nodes[@]}"; do
		printf -- '---\napiVersion: v1\nkind: Node\nmetadata:\n  name: %s\n  labels: {kubernetes.io/hostname: %s}\n' \
			"$name" "$name"
		printf 'status:\n  addresses:\n'
		printf '  - {type: InternalIP, address: "%s"}\n' \
			"${address4[$name]}" "${address6[$name]}"
	done
}

# apply: the objects, and the policies on standard input, become what is
# enforced.
apply() {
	stage
	enforce "${nodes[@]}"
}

# stage: they are what there is, but no node has been told yet.
stage() {
	cat > "$policies"
	write_pods > "$manifests"
	((${#nodes[@]} == 1)) || write_nodes >> "$manifests"
}

# enforce NODE...: they are told, and that is all that they know of each other.
enforce() {
	local name options
	for name; do
		options=(--allow-empty)
		((${#nodes[@]} == 1)) || options+=(--node "$name")
		nl_at "$name" apply "${options[@]}" -f "$manifests" -f "$policies" \
			> "$work/apply" 2>&1 || {
			cat "$work/apply" >&2
			exit 1
		}
	done
}

# policy NAME SELECTOR [SPEC-LINE...]: the text of a NetworkPolicy, to be piped
# to apply. SELECTOR is flow YAML, as '{pod: b}' or '{}'; NAME may carry a
# namespace.
policy() {
	local namespace=default name=$1 selector=$2 line
	[[ $name != */* ]] || namespace=${name%/*} name=${name#*/}
	printf -- '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: %s\n  namespace: "%s"\nspec:\n  podSelector: {matchLabels: %s}\n' \
		"$name" "$namespace" "$selector"
	for line in "${@:3}"; do
		printf '  %s\n' "$line"
	done
}

# cluster_policy NAME TIER PRIORITY POD SPEC-LINE...: of a ClusterNetworkPolicy,
# about the pods of this name in all namespaces.
cluster_policy() {
	local line
	printf -- '---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: %s}\nspec:\n  tier: %s\n  priority: %s\n  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: %s}}}}\n' \
		"${@:1:4}"
	for line in "${@:5}"; do
		printf '  %s\n' "$line"
	done
}

# --- probes

# resolve NAME: to $resolved. NAME stands for an IPv4 address, [NAME] for an
# IPv6 one; what is no name is an address itself.
resolve() {
	case $1 in
	\[*\]) resolved=${1#\[} resolved=${resolved%\]} resolved=${address6[$resolved]-$resolved} ;;
	*) resolved=${address4[$1]-$1} ;;
	esac
}

# Each "FROM TO PORT VERDICT [OPTION...]" of $rows becomes an answer in
# $answers, all at the same time.
run_probes() {
	local row from to port wanted options time
	answers=()
	for row in "${rows[@]}"; do
		read -r from to port wanted options <<< "$row"
		resolve "$to"
		time=$((patience * 5))
		[[ $wanted != deny ]] || time=$patience
		tell probe "${netns[$from]}" "$resolved" "$port" "$time" "$options"
	done
	tell run
	for row in "${rows[@]}"; do
		hear
		answers+=("$answer")
	done
}

# probe FROM TO PORT WANTED [OPTION...]: one probe, without a verdict on it; to
# $verdict, $server and $client.
# shellcheck disable=SC2034 # for the scenarios
probe() {
	rows=("$*")
	run_probes
	read -r verdict server client <<< "${answers[0]}"
}

# flow_open KEY FROM TO PORT: a connection that stays open; it must succeed.
flow_open() {
	resolve "$3"
	ask open "$1" "${netns[$2]}" "$resolved" "$4" $((patience * 5))
	[[ $answer == accept* ]] || {
		echo "flow $*: $answer" >&2
		exit 1
	}
}

# flow_says DESCRIPTION KEY heard|silence [SIZE]: what is said on it comes back,
# or not in time.
flow_says() {
	# TCP doubles its pause with every silence: it may be long in coming.
	local time=$deadline
	[[ $3 != silence ]] || time=$patience
	ask say "$2" "$time" "${4:-0}"
	is "$1: $2 $3" "$answer" "$3"
}

report_rows() {
	local i row
	for i in "${!rows[@]}"; do
		read -r from to port wanted _ <<< "${rows[i]}"
		row="$1: $from -> $to $port $wanted"
		if [[ ${answers[i]%% *} == "$wanted" ]]; then
			ok "$row"
		else
			not_ok "$row" "got: ${answers[i]}"
		fi
	done
}

# expect DESCRIPTION: probe every row "FROM TO PORT VERDICT [OPTION...]" of
# standard input; one test each.
expect() {
	local from to port wanted
	mapfile -t rows < <(grep -v '^$')
	run_probes
	report_rows "$1"
}

# expect_all VERDICT DESCRIPTION: the rows of the last expect, or of standard
# input when it has any, but with this verdict.
expect_all() {
	local from to port wanted options row i
	for i in "${!rows[@]}"; do
		read -r from to port wanted options <<< "${rows[i]}"
		rows[i]="$from $to $port $1 $options"
	done
	run_probes
	report_rows "$2"
}

# keys_on NODE: the pods that its kernel knows as its own, as far as they have
# addresses, in order.
keys_on() {
	local name
	for name in "${pods[@]}"; do
		[[ ${router[$name]-} == "$1" ]] || continue
		[[ $name == */* ]] || name=default/$name
		printf '%s\n' "$name"
	done | sort | paste -sd ' '
}

# check_matrix DESCRIPTION PORT...: what happens between all pods, and what
# nlctl matrix says of them from the manifests, are the same; so is what a node
# says of its own pods.
check_matrix() {
	local description=$1 from to port cells live offline keys name family i got
	local ports=()
	shift
	for port; do
		ports+=(--port "$port")
	done
	cells='[.cells[] | "\(.from) \(.to) \(.port) \(.verdict)"] | sort[]'
	offline=$(nlctl matrix "${ports[@]}" -o json -f "$manifests" -f "$policies")
	for name in "${nodes[@]}"; do
		live=$(nl_at "$name" matrix "${ports[@]}" -o json | jq -r "$cells")
		keys=$(keys_on "$name")
		is "$description: the matrix from the manifests is the live one of the $name" \
			"$(jq -r --arg keys "$keys" \
				".cells |= map(select([.from, .to] - (\$keys / \" \") == [])) | $cells" \
				<<< "$offline")" "$live"
	done
	offline=$(jq -r "$cells" <<< "$offline")

	rows=()
	while read -r from to port wanted; do
		from=${from#default/} to=${to#default/}
		for family in "$to" "[$to]"; do
			rows+=("$from $family $port $wanted")
		done
	done <<< "$offline"
	run_probes
	got=$(
		for i in "${!rows[@]}"; do
			read -r from to port _ <<< "${rows[i]}"
			printf '%s %s %s %s\n' "$from" "$to" "$port" "${answers[i]%% *}"
		done
	)
	is "$description: ${#rows[@]} connections go as the matrix says" "$got" \
		"$(printf '%s\n' "${rows[@]}")"
}
