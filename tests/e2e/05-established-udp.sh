#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The same for flows of datagrams and for SCTP: conntrack knows them as
# established, and still each packet is judged by the policy of the moment.

. "${0%/*}/lib.sh"

start a b

# SCTP doubles its pause at every silence, and gives up after some. By its own
# heartbeat, regular or to probe a path that fails, a server would introduce
# itself to conntrack as the client of what began before conntrack: only what the
# client says is asked about here.
for name in a b; do
	ask sysctl "${netns[$name]}" net/sctp/hb_interval=3600000 \
		net/sctp/pf_enable=0 net/sctp/rto_initial=1000 net/sctp/rto_max=1000 \
		net/sctp/path_max_retrans=100 net/sctp/association_max_retrans=100
done

# Before podwall has anything to enforce nothing asks for conntrack either: it
# does not know the first association, and knows the second.
flow_open udp a b 80/udp
flow_open udp6 a '[b]' 80/udp
flow_open sctp-early a b 80/sctp
flow_open other-port a b 81/udp

policy open '{pod: b}' 'ingress: [{}]' | apply
flow_open sctp-late a b 80/sctp
for flow in udp udp6 sctp-early sctp-late; do
	flow_says "allowed" "$flow" heard
done

policy closed '{pod: b}' 'ingress: [{ports: [{protocol: UDP, port: 81}]}]' | apply
for flow in udp udp6 sctp-early sctp-late; do
	flow_says "the policy changed" "$flow" silence
done
flow_says "the policy changed" other-port heard

policy open '{pod: b}' 'ingress: [{}]' | apply
for flow in udp udp6 sctp-early sctp-late other-port; do
	flow_says "the policy changed back" "$flow" heard
done
