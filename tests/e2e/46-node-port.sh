#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Behind a port of the node the pod counts, and the client that really asks:
# destination NAT comes before the verdict, and masquerading after it.

. "${0%/*}/lib.sh"

start a b c

ip netns exec "$node" nft -f - <<- END
	table inet services {
		chain node_ports {
			fib daddr type local tcp dport 30080 dnat ip to 10.1.0.12:8080
			fib daddr type local udp dport 30080 dnat ip to 10.1.0.12:8080
			fib daddr type local tcp dport 30080 dnat ip6 to [fd00:1::c]:8080
		}
		chain prerouting {
			type nat hook prerouting priority dstnat;
			jump node_ports
		}
		chain output {
			type nat hook output priority -100;
			jump node_ports
		}
		chain postrouting {
			type nat hook postrouting priority srcnat;
			oifname to-b masquerade
		}
	}
END

for from in outside a node; do
	probe "$from" node 30080/tcp accept
	is "the node's port leads $from to the pod" "$verdict $server $client" "accept b 169.254.1.1"
done

rows=(
	"outside node 30080/tcp accept" "outside node 30080/udp accept"
	"outside [node] 30080/tcp accept" "a node 30080/tcp accept"
	"b node 30080/tcp accept" "node node 30080/tcp accept"
)
expect_all accept "no policy"

apply < /dev/null
expect "by the client's other address, without policies" <<- END
	outside node 30080/tcp accept from=198.51.100.7
END
policy client '{pod: b}' 'ingress:' \
	'- from: [{ipBlock: {cidr: 192.0.2.10/32}}, {ipBlock: {cidr: "2001:db8::/32"}}]' \
	'  ports: [{port: 8080}, {port: 8080, protocol: UDP}]' | apply
expect "ingress by the client's own address and the pod's port" <<- END
	outside node 30080/tcp accept
	outside node 30080/udp accept
	outside [node] 30080/tcp accept
	outside node 30080/tcp deny from=198.51.100.7
	a node 30080/tcp deny
	c [node] 30080/tcp deny
	b node 30080/tcp accept
	node node 30080/tcp accept
END

policy address '{pod: b}' 'ingress:' \
	'- from: [{ipBlock: {cidr: 169.254.1.1/32}}, {ipBlock: {cidr: 10.1.0.1/32}}]' | apply
expect "ingress by the address that the server sees" <<- END
	outside node 30080/tcp deny
	outside node 30080/udp deny
	a node 30080/tcp deny
	node node 30080/tcp accept
END

policy port '{pod: b}' 'ingress: [{ports: [{port: 30080}]}]' | apply
expect "ingress by the node's port" <<- END
	outside node 30080/tcp deny
	a node 30080/tcp deny
END

# The pod behind is no way round what holds between pods, and a pod that reaches
# a pod by its node does not reach its node.
policy egress '{pod: a}' 'policyTypes: [Egress]' 'egress:' \
	'- to: [{ipBlock: {cidr: 10.1.0.1/32}}, {podSelector: {matchLabels: {pod: c}}}]' | apply
expect "egress to the node's address" <<- END
	a node 30080/tcp deny
	a node 80/tcp accept
	a c 80/tcp accept
	c node 30080/tcp accept
END
policy egress '{pod: a}' 'policyTypes: [Egress]' \
	'egress: [{to: [{podSelector: {matchLabels: {pod: b}}}], ports: [{port: 8080}]}]' | apply
expect "egress to the pod" <<- END
	a node 30080/tcp accept
	a [node] 30080/tcp accept
	a node 30080/udp deny
END

ip netns exec "$node" nft flush ruleset
expect "the firewall's rules are flushed: services go, policies stay" <<- END
	a node 30080/tcp refused
	a b 8080/tcp accept
	a b 80/tcp deny
	a c 80/tcp deny
END
