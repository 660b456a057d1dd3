#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A connection from the very port to the very port of an earlier one, which
# conntrack still remembers, is judged by the policy of the moment; and who
# turns it round begins a connection of its own.

. "${0%/*}/lib.sh"

start a b

# The client itself keeps no closed connections, so it may use its port again.
ask sysctl "${netns[a]}" net/ipv4/tcp_max_tw_buckets=0

# known PROTOCOL PATTERN: conntrack on the node knows such a connection from port
# 4000 of a to port 80 of b.
known() {
	ip netns exec "$node" conntrack -L -p "$1" 2> /dev/null |
		grep -qE "$2.*sport=4000 dport=80 "
}

# use DESCRIPTION: open the connections, have something said, and close them.
use() {
	local to
	for to in b '[b]'; do
		flow_open "$to" a "$to" 80/tcp source_port=4000
		flow_says "$1" "$to" heard
		ask close "$to" "$deadline"
	done
	for to in "${address4[b]}" "${address6[b]}"; do
		succeeds "$1: the node remembers the closed connection to $to" \
			until_true known tcp "TIME_WAIT.* dst=$to"
	done
	expect "$1" <<- END
		a b 80/udp accept source_port=4000
		a [b] 80/udp accept source_port=4000
	END
	succeeds "$1: and that of datagrams" until_true known udp "dst=${address4[b]}"
}

again=(
	"a b 80/tcp deny source_port=4000" "a [b] 80/tcp deny source_port=4000"
	"a b 80/udp deny source_port=4000" "a [b] 80/udp deny source_port=4000"
)

policy open '{pod: b}' 'ingress: [{}]' | apply
use "allowed"

policy closed '{pod: b}' | apply
succeeds "the node remembers it still" known tcp TIME_WAIT
rows=("${again[@]}")
expect_all deny "ingress is denied, the same ports"

policy open '{pod: b}' 'ingress: [{ports: [{port: 80}, {port: 80, protocol: UDP}]}]' | apply
use "allowed again"

policy closed '{pod: a}' 'policyTypes: [Egress]' | apply
rows=("${again[@]}")
expect_all deny "egress is denied, the same ports"

# After a deny there may be a connection that was never answered.
apply < /dev/null
use "the policies are gone"

# turned DESCRIPTION WANTED: the server begins, from the port it served on.
turned() {
	expect "$1" <<- END
		b a 4000/segment $2 flags=S from=${address4[b]} source_port=80 at=${netns[a]}
		b [a] 4000/segment $2 flags=S from=${address6[b]} source_port=80 at=${netns[a]}
	END
}

turned "without policy the server may begin" accept
policy server '{pod: b}' 'policyTypes: [Ingress, Egress]' 'ingress: [{}]' | apply
use "the server may answer"
turned "it may not begin, though conntrack remembers its answers" deny
