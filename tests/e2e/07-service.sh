#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Behind a service address the pod counts: policies match its address and its
# port, and never those of the service.

. "${0%/*}/lib.sh"

start a b c

ip netns exec "$node" nft -f - <<- END
	table ip services {
		chain prerouting {
			type nat hook prerouting priority dstnat;
			ip daddr 10.96.0.1 tcp dport 80 dnat to 10.1.0.12:8080
			ip daddr 10.96.0.1 udp dport 81 dnat to 10.1.0.12:80
		}
	}
END

probe a 10.96.0.1 80/tcp accept
is "the service leads to the pod" "$verdict $server $client" "accept b 10.1.0.11"

policy pod-port '{pod: b}' \
	'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{port: 8080}]}]' | apply
expect "ingress by the pod's port" <<- END
	a 10.96.0.1 80/tcp accept
	a 10.96.0.1 81/udp deny
	c 10.96.0.1 80/tcp deny
	outside 10.96.0.1 80/tcp deny
	a b 80/tcp deny
END

policy service-port '{pod: b}' 'ingress: [{ports: [{port: 80}]}]' | apply
expect "ingress by the service's port" <<- END
	a 10.96.0.1 80/tcp deny
	a b 80/tcp accept
END

policy to-service '{pod: a}' 'policyTypes: [Egress]' \
	'egress: [{to: [{ipBlock: {cidr: 10.96.0.1/32}}]}]' | apply
expect "egress to the service's address" <<- END
	a 10.96.0.1 80/tcp deny
	a 10.96.0.1 81/udp deny
	c 10.96.0.1 80/tcp accept
END

policy to-pod '{pod: a}' 'policyTypes: [Egress]' \
	'egress: [{to: [{podSelector: {matchLabels: {pod: b}}}]}]' | apply
expect "egress to the pod" <<- END
	a 10.96.0.1 80/tcp accept
	a 10.96.0.1 81/udp accept
	a c 80/tcp deny
END
