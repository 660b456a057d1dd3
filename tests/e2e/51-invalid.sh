#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A packet that conntrack takes for invalid belongs to no connection, and stands
# for itself: who sends it is its client, and both ends' policies hold.

. "${0%/*}/lib.sh"

start a b

# The node counts what conntrack takes for invalid, but not what the ends answer
# to that.
ip netns exec "$node" nft -f - <<- END
	table inet count {
		counter invalid { }
		chain forward {
			type filter hook forward priority filter;
			ct state invalid meta length > 100 counter name invalid
		}
	}
END

invalid() {
	ip netns exec "$node" nft -j list counter inet count invalid |
		jq '[.nftables[].counter.packets // empty] | add'
}

# segments DESCRIPTION: each row "FROM PORT TO PORT FLAGS SEQUENCE VERDICT" of
# standard input is one segment, and conntrack takes it for invalid.
segments() {
	local before from port to to_port flags sequence wanted source
	rows=()
	while read -r from port to to_port flags sequence wanted; do
		resolve "$from"
		source=$resolved
		from=${from//[\[\]]/}
		rows+=("$from $to $to_port/segment $wanted flags=$flags sequence=$sequence from=$source source_port=$port at=${netns[${to//[\[\]]/}]}")
	done
	before=$(invalid)
	run_probes
	report_rows "$1"
	is "$1: they are invalid" "$(($(invalid) - before))" "${#rows[@]}"
}

# beyond: sequence numbers outside the window of the open connection.
beyond() {
	ask sequence stream
	read -r of_client of_server <<< "$answer"
	of_client=$(((of_client + (1 << 30)) % (1 << 32)))
	of_server=$(((of_server + (1 << 30)) % (1 << 32)))
}

# stray DESCRIPTION TO-B FROM-B: segments of no connection and of an open one, to
# b and from it.
stray() {
	beyond
	segments "$1" <<- END
		a 4001 b 81 R 1 $2
		a 4002 b 81 - 1 $2
		[a] 4003 [b] 81 FSRPAU 1 $2
		a 4000 b 80 A $of_client $2
		b 80 a 4000 A $of_server $3
		[b] 80 [a] 4000 SA 1 $3
	END
}

policy open '{pod: b}' 'policyTypes: [Ingress, Egress]' 'ingress: [{}]' 'egress: [{}]' | apply
flow_open stream a b 80/tcp source_port=4000
flow_says "open" stream heard
stray "open" accept accept

# To the connection itself these policies make no difference: it is ingress.
policy no-egress '{pod: b}' 'policyTypes: [Ingress, Egress]' 'ingress: [{}]' | apply
stray "the server may begin nothing" accept deny
flow_says "the server may begin nothing" stream heard

policy no-ingress '{pod: a}' | apply
stray "the client accepts nothing" accept deny
flow_says "the client accepts nothing" stream heard

policy by-port '{pod: b}' 'ingress: [{ports: [{port: 80}]}]' | apply
beyond
segments "one port is allowed" <<- END
	a 4004 b 81 R 1 deny
	a 4000 b 80 A $of_client accept
END
flow_says "one port is allowed" stream heard

policy closed '{pod: b}' | apply
stray "ingress is denied" deny accept
flow_says "ingress is denied" stream silence
