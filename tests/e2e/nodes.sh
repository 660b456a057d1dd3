# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What scenarios with three nodes build on, besides lib.sh, which this sources.
#
#     pods of node1           pods of node2           pods of node3    outside
#     10.1.1.N                10.1.2.N                10.1.3.N         192.0.2.10
#     fd00:1:1::N             fd00:1:2::N             fd00:1:3::N      2001:db8::10
#          |                       |                       |             |
#     +----+------------+     +----+------------+     +----+------------+  |
#     | node1           |     | node2           |     | node3           |  |
#     | 172.16.0.11     |     | 172.16.0.12     |     | 172.16.0.13     |  |
#     | fd00:16::11     |     | fd00:16::12     |     | fd00:16::13     |  |
#     | podwall, nlctl  |     | podwall, nlctl  |     | podwall, nlctl  |  |
#     +----+------------+     +----+------------+     +----+------------+  |
#          |                       |                       |             |
#     +----+-----------------------+-----------------------+-------------+--+
#     |   underlay: a router, which enforces nothing                        |
#     +---------------------------------------------------------------------+
#
# All nodes are given the same manifests; each knows only its own name besides.

. "${BASH_SOURCE[0]%/*}/lib.sh"

nodes=(node1 node2 node3)
declare -A indexes=()

# start_nodes NODE:NAMESPACE/POD[,LABEL=VALUE...]...: as start does.
start_nodes() {
	local spec name
	netns[underlay]=$tag-underlay
	address4[underlay]=172.16.0.1 address6[underlay]=fd00:16::1
	gateway[underlay]=2
	for name in "${nodes[@]}"; do
		declare_end "$name" underlay "172.16.0.1${name#node}" "fd00:16::1${name#node}"
	done
	declare_end outside underlay 192.0.2.10 2001:db8::10
	for spec; do
		declare_pod_on "${spec%%:*}" "${spec#*:}"
	done
	launch
	for name in "${nodes[@]}"; do
		printf 'route add %s dev %s via %s onlink\n' \
			"10.1.${name#node}.0/24" "${devices[$name]}" "${address4[$name]}" \
			"fd00:1:${name#node}::/64" "${devices[$name]}" "${address6[$name]}"
	done | ip -n "${netns[underlay]}" -batch -
	for name in "${nodes[@]}"; do
		watch_drops "$name" "$work/drops-$name"
	done
}

# declare_pod_on NODE NAMESPACE/POD[,LABEL=VALUE...] [INDEX]
declare_pod_on() {
	local index=${3-}
	[[ $index ]] || index=$((indexes[$1] = ${indexes[$1]-10} + 1))
	declare_pod "$2" "$1" "10.1.${1#node}" "fd00:1:${1#node}" "$index"
	home[${2%%,*}]=$1
}

# add_pod NODE NAMESPACE/POD[,LABEL=VALUE...] [INDEX]: one more, while all
# runs; with an address that no other has had, or the one of that index.
add_pod() {
	local name=${2%%,*}
	declare_pod_on "$@"
	end_namespace "$name" | ip -batch -
	link_commands "$name" | ip -n "${netns[$1]}" -batch -
	network_commands "$name" | ip -n "${netns[$name]}" -batch -
	serve "$name"
}

# remove_network NAME: a pod's own, and its link.
remove_network() {
	ip -n "${netns[${home[$1]}]}" link delete "${devices[$1]}"
	ip netns delete "${netns[$1]}"
}

# forget_end NAME: there is no such pod any more.
forget_end() {
	local name
	for name in netns devices router home address4 address6 labels containers; do
		unset "${name}[$1]"
	done
	for name in "${!pods[@]}"; do
		[[ ${pods[name]} != "$1" ]] || unset "pods[name]"
	done
}

# remove_pod NAME: it ends, and its network with it.
remove_pod() {
	remove_network "$1"
	forget_end "$1"
}

# add_host_pod NODE NAMESPACE/POD: a pod in the network of its node. What it
# serves is what the node serves.
add_host_pod() {
	pods+=("$2")
	home[$2]=$1
	labels[$2]="pod=${2##*/}"
	containers[$2]=''
	netns[$2]=${netns[$1]}
	address4[$2]=${address4[$1]}
	address6[$2]=${address6[$1]}
}

# drop_counts: how many packets each node has denied.
drop_counts() {
	local name
	for name in "${nodes[@]}"; do
		nl_at "$name" stats -o json
	done | jq .packets.denied
}

# told_of NODE PATTERN: its monitor has.
told_of() {
	grep -qE "$2" "$work/drops-$1"
}

# expect_drops DESCRIPTION NODE POD DIRECTION: every row "FROM TO PORT" of
# standard input is denied; by this node and no other, for this pod.
expect_drops() {
	local i before after who=()
	mapfile -t before < <(drop_counts)
	: > "$work/drops-$2"
	read_rows
	rows=("${rows[@]/%/ deny}")
	run_probes
	report_rows "$1"
	mapfile -t after < <(drop_counts)
	for i in "${!nodes[@]}"; do
		((after[i] == before[i])) || who+=("${nodes[i]}")
	done
	is "$1: which nodes drop" "${who[*]}" "$2"
	if until_true told_of "$2" " drop .*  $4 of $3: "; then
		ok "$1: $2 tells of it"
	else
		not_ok "$1: $2 tells of it" "wanted: drop, $4 of $3"
	fi
}

# check_local DESCRIPTION: each node has its own pods in its kernel, and of all
# addresses those whose identities a peer set of these pods has.
check_local() {
	local name all=()
	for name in "${pods[@]}"; do
		[[ ! ${router[$name]-} ]] || all+=("${address4[$name]}" "${address6[$name]}")
	done
	for name in "${nodes[@]}"; do
		is "$1: pods on $name" \
			"$(nl_at "$name" get pods -o json | jq -c '.pods | map(.key) | sort')" \
			"$(jq -cn '$ARGS.positional[] | split(" ") | sort' --args "$(keys_on "$name")")"
		is "$1: addresses on $name are those of pods" \
			"$(nl_at "$name" get addresses -o json |
				jq -c '(.addresses | map(.address)) - ($ARGS.positional[] | split(" "))' --args "${all[*]}")" "[]"
		is "$1: identities on $name are those of peer sets" \
			"$(nl_at "$name" get addresses -o json | jq -c '.addresses | map(.identity) | unique')" \
			"$(nl_at "$name" get peersets -o json | jq -c '[.peer_sets[].identities[]] | unique')"
	done
}
