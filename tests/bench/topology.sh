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

# configure NAMESPACE: pktgen, by lines of a file of its and what is written there.
# shellcheck disable=SC2016 # the inner shell expands it
configure() {
	ip netns exec "$1" bash -c 'cd /proc/net/pktgen &&
		while read -r file command; do
			printf "%s\n" "$command" > "$file" || exit
		done'
}

# aim NAMESPACE FAMILY SOURCE SOURCE-PORT DESTINATION DESTINATION-PORT: from every
# processor, each from a source port of its own.
aim() {
	local processor
	for ((processor = 0; processor < processors; processor++)); do
		aim_one "$processor" "$2" "$3" $(($4 + processor)) "$5" "$6"
	done | configure "$1"
}

# What aim_one prints is for configure.
aim_one() {
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
	printf 'kpktgend_%d %s\n' "$1" rem_device_all "$1" "add_device eth0@$1"
	for command in "${commands[@]}"; do
		printf 'eth0@%d %s\n' "$1" "$command"
	done
}

# count_arrived NAMESPACE: how many packets it has dropped.
count_arrived() {
	local link
	link=$(ip -n "$1" -s -s -j link show eth0)
	[[ $link =~ \"otherhost\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

# run_pktgen NAMESPACE COUNT: from every processor so many. Leaves in $microseconds
# how long it took from the first packet of all to the last, or what went wrong in
# $problem. Threads of pktgen begin up to 100 ms apart.
# shellcheck disable=SC2016 # the inner shell expands it
run_pktgen() {
	local line results=0 started=0 stopped=0
	microseconds=0
	while read -r line; do
		if [[ $line =~ started:\ ([0-9]+)us\ +stopped:\ ([0-9]+)us ]]; then
			((started && started <= BASH_REMATCH[1])) || started=${BASH_REMATCH[1]}
			((stopped >= BASH_REMATCH[2])) || stopped=${BASH_REMATCH[2]}
		elif [[ $line =~ Result:\ OK:.*\ $2\ \( ]]; then
			results=$((results + 1))
		else
			problem="pktgen says: ${line##*Result: }"
			return
		fi
	done < <(ip netns exec "$1" bash -c 'cd /proc/net/pktgen &&
		for device in eth0@*; do
			echo "count $0" > "$device" || exit
		done
		echo start > pgctrl
		grep -h -e started: -e Result: eth0@*' "$2")
	microseconds=$((stopped - started))
	((results == processors)) || problem="pktgen has $results results"
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
	[[ $problem ]] || (($(count_arrived client) == before + processors)) ||
		problem='the answer did not arrive'
}

# --- connections, for which the ends have addresses

# connect CLIENT SERVER
connect() {
	ip -n client -batch - <<- END
		address add $1/32 dev eth0
		route add default via 169.254.1.1 dev eth0 onlink
	END
	ip -n server -batch - <<- END
		address add $2/32 dev eth0
		route add default via 169.254.2.1 dev eth0 onlink
	END
	ip -batch - <<- END
		neighbour add 169.254.1.3 dev to-client lladdr $client_mac nud permanent
		neighbour add 169.254.2.3 dev to-server lladdr $server_mac nud permanent
		route add $1/32 via 169.254.1.3 dev to-client onlink
		route add $2/32 via 169.254.2.3 dev to-server onlink
	END
}

disconnect() {
	ip -batch - <<- END
		route delete $1/32 dev to-client
		route delete $2/32 dev to-server
		neighbour delete 169.254.1.3 dev to-client
		neighbour delete 169.254.2.3 dev to-server
	END
	ip -n client address flush dev eth0
	ip -n server address flush dev eth0
}

# stream CLIENT SERVER PORT MIB: one connection sends so much. Leaves in $rate how
# many bits a second arrived, or what went wrong in $problem. With -J iperf3 has its
# errors there, and ends well. It needs a file, and /tmp may not be writable.
stream() {
	local server TMPDIR=/run
	export TMPDIR
	rate=
	ip netns exec server iperf3 -s -1 -p "$3" > /run/iperf3-server 2>&1 &
	server=$!
	until [[ $(ip netns exec server ss -Hltn "sport = :$3") ]]; do
		kill -0 "$server" || break
	done
	if ip netns exec client iperf3 -c "$2" -B "$1" -p "$3" -n "$4M" \
		--connect-timeout 5000 -J > /run/iperf3; then
		rate=$(jq '.end.sum_received.bits_per_second // empty' /run/iperf3)
	fi
	if [[ ! $rate ]]; then
		problem="iperf3 says: $(jq -r .error /run/iperf3)"
		kill "$server" 2> /dev/null || :
	fi
	wait "$server" || :
}
