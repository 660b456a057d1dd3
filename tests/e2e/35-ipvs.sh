#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connections that IPVS spreads over pods never pass FORWARD, and are judged
# all the same, by the pod behind.

. "${0%/*}/lib.sh"

start a b c

if ! modprobe ip_vs_rr 2> /dev/null; then
	ok "a service of IPVS # SKIP the kernel has no ip_vs_rr"
	exit
fi
ip -n "$node" address add 10.96.0.1/32 dev lo
ask sysctl "$node" net/ipv4/vs/conntrack=1
ip netns exec "$node" ipvsadm -A -t 10.96.0.1:80 -s rr
ip netns exec "$node" ipvsadm -a -t 10.96.0.1:80 -r 10.1.0.12:8080 -m

probe a 10.96.0.1 80/tcp accept
is "the service leads to the pod" "$verdict $server $client" "accept b 10.1.0.11"

policy from-a '{pod: b}' 'policyTypes: [Ingress, Egress]' \
	'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{port: 8080}]}]' | apply
expect "ingress by the pod's port" <<- END
	a 10.96.0.1 80/tcp accept
	c 10.96.0.1 80/tcp deny
	outside 10.96.0.1 80/tcp deny
END

policy to-c '{pod: a}' 'policyTypes: [Egress]' \
	'egress: [{to: [{podSelector: {matchLabels: {pod: c}}}]}]' | apply
expect "egress to another pod only" <<- END
	a 10.96.0.1 80/tcp deny
	c 10.96.0.1 80/tcp accept
END
