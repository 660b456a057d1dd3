#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Errors that an allowed connection causes come back, from the pod at its end
# and from routers on its way: path MTU discovery works under deny-all.

. "${0%/*}/lib.sh"

start a b

allowed=(
	'policyTypes: [Ingress, Egress]'
	'egress: [{ports: [{port: 80}, {protocol: UDP}]}]'
)
{
	policy client '{pod: a}' "${allowed[@]}"
	policy server '{pod: b}' 'policyTypes: [Ingress, Egress]' \
		'ingress: [{ports: [{port: 80}, {protocol: UDP}]}]'
} | apply
expect "port unreachable" <<- END
	a b 4444/udp refused
	a [b] 4444/udp refused
	a outside 4444/udp refused
	a b 4444/tcp deny
	b a 4444/udp deny
END

# The node's way to b is narrower than a knows.
ip -n "$node" route change 10.1.0.12 dev to-b mtu lock 1300
ip -n "$node" -6 route change fd00:1::c dev to-b mtu lock 1300
expect "fragmentation needed" <<- END
	a b 80/udp error:EMSGSIZE size=1400 df=1
	a b 80/udp accept size=1200 df=1
	b a 80/udp deny size=1400 df=1
END
for to in b '[b]'; do
	flow_open "stream-$to" a "$to" 80/tcp
	flow_says "a stream finds the path's MTU" "stream-$to" heard 20000
done
matches "the pod learnt it from an error" "$(ip -n "${netns[a]}" route get 10.1.0.12)" 'mtu 1300'
matches "the pod learnt it for IPv6" "$(ip -n "${netns[a]}" route get fd00:1::c)" 'mtu 1300'
