# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# How each contender's policy is put in force and taken away, sourced by
# tests/bench/guest. POLICY is the path of a policy's files without their endings.
# What is refused is said on standard error.

# Conntrack on its own: the module asks for it, and has no hook.
conntrack_load() {
	insmod "$directory/accept.ko" hook=0
}

# podwall_load FILE
podwall_load() {
	insmod "$PODWALL_MODULE" && nlctl restore "$1" 2>&1
}

# Somebody who is told of drops, and reads.
listen() {
	nlctl monitor --every > /dev/null 2> /run/listening &
	listener=$!
	until [[ -s /run/listening ]]; do
		kill -0 "$listener" || return
	done
	[[ $(< /run/listening) == listening ]]
}

podwall_unload() {
	nlctl set --no-guard
	nlctl flush
	rmmod podwall
}

# load_contender CONTENDER POLICY: the status is of the first command that fails, so
# each is asked: who tests the status of a function switches errexit off in it.
load_contender() {
	case $1 in
	no-hooks) ;;
	conntrack) conntrack_load ;;
	accept) insmod "$directory/accept.ko" ;;
	podwall-off) insmod "$PODWALL_MODULE" ;;
	podwall) podwall_load "$2.json" ;;
	podwall-audit) podwall_load "$2.audit.json" ;;
	podwall-heard) podwall_load "$2.json" && listen ;;
	nft-chains) nft -f "$2.chains.nft" ;;
	nft-flat) nft -f "$2.flat.nft" ;;
	ipset)
		ipset restore -file "$2.ipset" &&
			"$(iptables_of "$2")-legacy-restore" "$2.iptables"
		;;
	# The node it is on tracks connections for others.
	ebpf)
		conntrack_load && "$directory/ebpf" to-client "$2.ebpf"
		;;
	# It alone does.
	ebpf-connections) "$directory/ebpf" to-client "$2.ebpf" --connections ;;
	esac
}

unload_contender() {
	case $1 in
	no-hooks) ;;
	conntrack | accept) rmmod accept ;;
	podwall-off) rmmod podwall ;;
	podwall | podwall-audit) podwall_unload ;;
	podwall-heard)
		kill "$listener"
		podwall_unload
		;;
	nft-*) nft delete table "$(nft_family "$2")" bench ;;
	ipset)
		# The table, even if empty, would stay in the way of all packets.
		"$(iptables_of "$2")-legacy-restore" <<< $'*filter\nCOMMIT'
		rmmod "$(iptables_of "$2" | tr -d s)_filter"
		ipset destroy
		;;
	ebpf)
		tc qdisc del dev to-client clsact
		rmmod accept
		;;
	ebpf-connections) tc qdisc del dev to-client clsact ;;
	esac > /dev/null
}

# The commands of a policy's family, which its name ends in.
iptables_of() {
	case $1 in
	*-4) echo iptables ;;
	*) echo ip6tables ;;
	esac
}

nft_family() {
	case $1 in
	*-4) echo ip ;;
	*) echo ip6 ;;
	esac
}
