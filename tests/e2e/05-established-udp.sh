#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The same for flows of datagrams and for SCTP: conntrack knows them as
# established, and still each packet is judged by the policy of the moment.

. "${0%/*}/lib.sh"

start a b

flow_open udp a b 80/udp
flow_open udp6 a '[b]' 80/udp
flow_open sctp a b 80/sctp
flow_open ping-port a b 81/udp

policy open '{pod: b}' 'ingress: [{}]' | apply
for flow in udp udp6 sctp; do
	flow_says "allowed" "$flow" heard
done

policy closed '{pod: b}' 'ingress: [{ports: [{protocol: UDP, port: 81}]}]' | apply
for flow in udp udp6 sctp; do
	flow_says "the policy changed" "$flow" silence
done
flow_says "the policy changed" ping-port heard

policy open '{pod: b}' 'ingress: [{}]' | apply
for flow in udp udp6 sctp ping-port; do
	flow_says "the policy changed back" "$flow" heard
done
