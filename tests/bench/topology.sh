# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What packets are timed on, sourced by tests/bench/guest.
#
#     namespace client --- to-client  [this namespace: routes]  to-server --- namespace server
#     pktgen                          the contender                           drops all
#
# The packets leave for a link-layer address that nobody has. So the IP layer of
# the server drops them as its first act, counts them, and answers nothing.

client_mac=02:00:00:00:00:01
router_mac=02:00:00:00:00:02
server_mac=02:00:00:00:00:03
nobody=02:00:00:00:00:ff
client_port=40000

topology() {
	ip -batch - <<- END
		netns add client
		netns add server
		link add to-client address $router_mac type veth peer name eth0 netns client address $client_mac
		link add to-server address $router_mac type veth peer name eth0 netns server address $server_mac
		link set to-client addrgenmode none
		link set to-server addrgenmode none
		address add 169.254.1.1/32 dev to-client
		address add 169.254.2.1/32 dev to-server
	END
	# Nothing but the flow shall pass.
	local end
	for end in client server; do
		ip netns exec "$end" sysctl -qw net.ipv6.conf.{all,default,eth0}.disable_ipv6=1
		ip -n "$end" link set eth0 up
	done
	sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ip -batch - <<- END
		link set to-client up
		link set to-server up
		route add default via 169.254.2.2 dev to-server onlink
		neighbour add 169.254.2.2 dev to-server lladdr $nobody nud permanent
		neighbour add 169.254.1.2 dev to-client lladdr $nobody nud permanent
		route add default via fe80::2 dev to-server
		neighbour add fe80::2 dev to-server lladdr $nobody nud permanent
		neighbour add fe80::2 dev to-client lladdr $nobody nud permanent
	END
}

# configure NAMESPACE FILE COMMAND: of pktgen.
configure() {
	printf '%s\n' "$3" | ip netns exec "$1" tee "/proc/net/pktgen/$2" > /dev/null
}

# aim NAMESPACE FAMILY SOURCE SOURCE-PORT DESTINATION DESTINATION-PORT
aim() {
	local command commands=(
		'pkt_size 100' 'delay 0' "dst_mac $router_mac"
		"udp_src_min $4" "udp_src_max $4"
		"udp_dst_min $6" "udp_dst_max $6"
	)
	if [[ $2 == 4 ]]; then
		commands+=("src_min $3" "src_max $3" "dst_min $5" "dst_max $5")
	else
		commands+=("src6 $3" "dst6 $5")
	fi
	configure "$1" kpktgend_0 rem_device_all
	configure "$1" kpktgend_0 'add_device eth0'
	for command in "${commands[@]}"; do
		configure "$1" eth0 "$command"
	done
}

# count_arrived NAMESPACE: how many packets it has dropped.
count_arrived() {
	ip -n "$1" -s -s -j link show eth0 | jq '.[0].stats64.rx.otherhost // 0'
}

# run_pktgen NAMESPACE COUNT: leaves in $microseconds how long it took, or what
# went wrong in $problem.
run_pktgen() {
	local result
	configure "$1" eth0 "count $2"
	configure "$1" pgctrl start
	result=$(ip netns exec "$1" cat /proc/net/pktgen/eth0)
	if [[ $result =~ Result:\ OK:\ ([0-9]+)\(.*\ $2\ \( ]]; then
		microseconds=${BASH_REMATCH[1]}
	else
		problem="pktgen says: ${result##*Result: }"
	fi
}

# answer FAMILY CLIENT SERVER PORT: one packet back, so that conntrack calls the
# connection established. It has to arrive.
answer() {
	local before via=169.254.1.2 onlink=onlink length=32
	[[ $1 == 4 ]] || via=fe80::2 onlink='' length=128
	# shellcheck disable=SC2086 # nothing, or one word
	ip "-$1" route replace "$2/$length" via $via dev to-client $onlink
	before=$(count_arrived client)
	aim server "$1" "$3" "$4" "$2" "$client_port"
	run_pktgen server 1
	ip "-$1" route delete "$2/$length" dev to-client
	[[ $problem ]] || (($(count_arrived client) == before + 1)) ||
		problem='the answer did not arrive'
}
