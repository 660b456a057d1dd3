# shellcheck shell=bash disable=SC2034,SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Part of lib.sh: namespaces, links, routes, servers and monitors, of one node or
# of several.

node=$tag-node
nodes=(node)
pods=()
agent_PID='' monitors=()
# By end, pod or node; the device is the router's.
declare -A netns=() devices=() address4=() address6=()
# By name: the processes that a scenario has started in pods.
declare -A servers=()
# By pod; of the last three, whether it is not listed, with which addresses if
# not its own, and in what phase it ended.
declare -A labels=() containers=() absent=() listed=() finished=()
# By pod, or namespace with a slash behind it: the mode and the reporting that
# annotations say.
declare -A modes=() reports=()
# By end: the router that its eth0 leads to. By router: a number, of which the
# gateway's addresses are made, when it is not 1. By pod: its node, when there
# are several.
declare -A router=() gateway=() home=()

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
	local link=${devices[$1]} number=${gateway[${router[$1]}]-1}
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
	printf 'link add %s netns %s type veth peer name eth0 netns %s\n' \
		"${devices[$1]}" "${netns[${router[$1]}]}" "${netns[$1]}"
}

serve() {
	ask serve "${netns[$1]}" "$1" {80,81,8080}/{tcp,udp,sctp}
}

# declare_end NAME ROUTER IPV4 IPV6
declare_end() {
	netns[$1]=$tag-${1/\//-}
	devices[$1]=to-${1/\//-}
	# The kernel takes no longer name.
	((${#devices[$1]} < 16)) || devices[$1]=to-$SRANDOM
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

# watch_drops NODE FILE: what its monitor tells from now on, a line for every
# event.
watch_drops() {
	nlctl --netns "${netns[$1]}" monitor --every >> "$2" 2> "$2.errors" &
	monitors+=($!)
	until_true test -s "$2.errors"
	[[ $(< "$2.errors") == listening ]] || {
		cat "$2.errors" >&2
		exit 1
	}
}
