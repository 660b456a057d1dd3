#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Pods on one bridge are judged when br_netfilter hands their packets over, and
# status warns when it does not.

. "${0%/*}/lib.sh"

start a b c

modprobe br_netfilter
ip -n "$node" -batch - <<- END
	link add br0 type bridge
	link set to-a master br0
	link set to-b master br0
	address add 10.2.0.1/24 dev br0
	link set br0 up
END
for name in a b; do
	address4[$name]=10.2.0${address4[$name]#10.1.0}
	address6[$name]=fd00:2::${address6[$name]##*:}
	ip -n "${netns[$name]}" address add "${address4[$name]}/24" dev eth0
	ip -n "${netns[$name]}" address add "${address6[$name]}/64" dev eth0 nodad
done

# bridged IPV4 IPV6: whether bridged packets are handed over.
bridged() {
	ask sysctl "$node" "net/bridge/bridge-nf-call-iptables=$1" \
		"net/bridge/bridge-nf-call-ip6tables=$2"
}

bridged 1 1
expect "nothing applied" <<- END
	a b 80/tcp accept
	a [b] 80/tcp accept
	b a 80/udp accept
	b a icmp accept
END

policy closed '{pod: b}' 'policyTypes: [Ingress, Egress]' | apply
expect_all deny "judged on the bridge"
expect "the node's own" <<- END
	node b 80/tcp accept
END
is "status does not warn" "$(nl status -o json | jq '[.warnings[] | select(test("br_netfilter"))] | length')" 0

policy from-a '{pod: b}' 'policyTypes: [Ingress, Egress]' \
	'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]' | apply
expect "one client" <<- END
	a b 80/tcp accept
	a [b] 80/tcp accept
	b a 80/udp deny
	b a icmp deny
END

bridged 0 0
expect_all accept "not handed over"
matches "status warns" "$(nl status)" 'warning: .*br_netfilter'
