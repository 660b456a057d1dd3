#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Policies of the whole cluster: those of the admin tier come before what
# namespaces say, those of the baseline tier after it.

. "${0%/*}/lib.sh"

start a b c x/d

from_a='{pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: a}}}}'
http='protocols: [{tcp: {destinationPort: {number: 80}}}]'

{
	cluster_policy pass Admin 10 b "ingress: [{action: Pass, from: [$from_a]}]"
	cluster_policy deny Admin 20 b \
		"ingress: [{action: Deny, from: [{namespaces: {}}], $http}]"
	policy server '{pod: b}' 'ingress: [{ports: [{port: 80}, {port: 81}]}]'
} | apply
expect "pass before deny" <<- END
	a b 80/tcp accept
	a [b] 80/tcp accept
	c b 80/tcp deny
	c [b] 80/tcp deny
	c b 81/tcp accept
	c b 8080/tcp deny
	a b 8080/tcp deny
	outside b 80/tcp accept
END
check_matrix "pass before deny" 80/tcp 81/tcp
matches "a drop names the policy of the cluster" "$(grep 'ingress of default/b' "$work/drops")" \
	'ClusterNetworkPolicy deny'

{
	cluster_policy inside Admin 5 a \
		'egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}]}]'
	cluster_policy outside Baseline 5 c \
		'egress: [{action: Deny, to: [{networks: [192.0.2.0/24]}]}]'
} | apply
expect "networks hold pods as well; a baseline without policy" <<- END
	a b 80/tcp deny
	a [b] 80/tcp accept
	a outside 80/tcp accept
	c outside 80/tcp deny
	c [outside] 80/tcp accept
	c b 80/tcp accept
END

{
	cluster_policy outside Baseline 5 c \
		'egress: [{action: Deny, to: [{networks: [192.0.2.0/24]}]}]'
	policy client '{pod: c}' 'policyTypes: [Egress]' 'egress: [{}]'
} | apply
expect "a policy of the namespace goes before the baseline" <<- END
	c outside 80/tcp accept
	c b 80/tcp accept
END

{
	cluster_policy accept Admin 1 a "egress: [{action: Accept, to: [{namespaces: {}}]}]"
	policy server '{pod: b}' 'ingress: []'
} | apply
expect "accepted egress is not accepted ingress" <<- END
	a b 80/tcp deny
	a c 80/tcp accept
END

{
	admin_policy AdminNetworkPolicy first 'priority: 3' 'subject: {namespaces: {}}' \
		"ingress: [{action: Allow, from: [$from_a], ports: [{portNumber: {protocol: TCP, port: 80}}]}]"
	admin_policy BaselineAdminNetworkPolicy default 'subject: {namespaces: {}}' \
		'ingress: [{action: Deny, from: [{namespaces: {}}]}]'
} | apply
expect "the older kinds" <<- END
	a b 80/tcp accept
	a [c] 80/tcp accept
	a b 81/tcp deny
	c b 80/tcp deny
	outside b 80/tcp accept
END
check_matrix "the older kinds" 80/tcp 81/tcp

cluster_policy unknown Admin 1 b 'ingress: [{action: Deny, from: [{planets: {}}]}]' > "$work/unknown.yaml"
fails "a peer that nobody knows is refused" nl apply --allow-empty -f "$manifests" -f "$work/unknown.yaml"
matches "where it stands is said" "$output" 'unknown.yaml:[0-9]+: .*planets'
expect "nothing has changed" <<- END
	a b 80/tcp accept
	c b 80/tcp deny
END

# --- every form of a peer and of a port, in each kind

# beta_policy: as cluster_policy, in the later version.
beta_policy() {
	cluster_policy "$@" | sed 's/v1alpha2/v1beta1/'
}

# rule ACTION PEERS [PORTS]: in flow YAML; PORTS with the name of their field.
rule() {
	printf -- '- {action: %s, %s%s}' "$1" "$2" "${3:+, $3}"
}

# pods NAME; namespaces NAME; node NAME: lists of one peer.
pods() {
	printf '[{pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: %s}}}}]' "$1"
}

namespaces() {
	printf '[{namespaces: {matchLabels: {kubernetes.io/metadata.name: %s}}}]' "$1"
}

node() {
	printf '[{nodes: {matchLabels: {kubernetes.io/hostname: %s}}}]' "$1"
}

# number PROTOCOL PORT; range PROTOCOL FIRST LAST; the latter two as the older
# kinds write them.
number() {
	printf '{%s: {destinationPort: {number: %s}}}' "$@"
}

range() {
	printf '{%s: {destinationPort: {range: {start: %s, end: %s}}}}' "$@"
}

port_number() {
	printf '{portNumber: {protocol: %s, port: %s}}' "$@"
}

port_range() {
	printf '{portRange: {protocol: %s, start: %s, end: %s}}' "$@"
}

networks='[{networks: [192.0.2.0/24, "2001:db8::/32"]}]'
x='subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: x}}}'
containers[b]='web:8080/TCP dns:8080/UDP'
containers[c]='web:80/TCP dns:8080/UDP'
containers[x/d]='web:80/SCTP'

{
	policy closed '{pod: b}' 'ingress: []'
	cluster_policy accept Admin 10 b 'ingress:' \
		"$(rule Pass "from: $(pods a)" "protocols: [$(number tcp 81)]")" \
		"$(rule Accept "from: $(pods a)" "protocols: [$(range tcp 80 81), $(number udp 80)]")" \
		"$(rule Accept "from: $(namespaces x)" "protocols: [$(number tcp 80), $(range sctp 80 81)]")" \
		"$(rule Accept "from: $(pods c)" "protocols: [$(range udp 80 81), $(number sctp 80)]")" \
		"$(rule Accept "from: $(pods c)" 'protocols: [destinationNamedPort: web]')"
	beta_policy deny Admin 10 c 'ingress:' \
		"$(rule Pass "from: $(namespaces x)" "protocols: [$(number sctp 80)]")" \
		"$(rule Deny "from: $(namespaces x)" "protocols: [$(range tcp 80 81), $(range sctp 80 81)]")" \
		"$(rule Deny "from: $(pods a)" "protocols: [$(number udp 80), destinationNamedPort: dns]")" \
		"$(rule Deny 'from: [{pods: {podSelector: {matchLabels: {pod: b}}}}]' \
			"protocols: [$(number tcp 81), $(range udp 81 8080), $(number sctp 80)]")"
	admin_policy AdminNetworkPolicy older 'priority: 10' "$x" 'ingress:' \
		"$(rule Pass "from: $(pods a)" "ports: [$(port_number TCP 80)]")" \
		"$(rule Deny "from: $(namespaces default)" "ports: [$(port_range TCP 80 81)]")" \
		"$(rule Allow "from: $(pods b)" "ports: [$(port_number TCP 8080)]")" \
		"$(rule Deny "from: $(pods b)" "ports: [$(port_number UDP 80), $(port_range SCTP 81 8080)]")" \
		"$(rule Deny "from: $(pods c)" \
			"ports: [$(port_range UDP 80 81), $(port_number SCTP 8080), namedPort: web]")"
	admin_policy BaselineAdminNetworkPolicy default "$x" 'ingress:' \
		"$(rule Allow "from: $(pods a)" "ports: [$(port_range UDP 81 8080)]")" \
		"$(rule Deny "from: $(namespaces default)" \
			"ports: [$(port_number UDP 8080), $(port_range TCP 81 8080)]")" \
		"$(rule Deny "from: $(pods a)" 'ports: [namedPort: web]')"
} | apply
expect "forms of ingress, accepted" <<- END
	a b 80/tcp accept
	a [b] 80/tcp accept
	a b 81/tcp deny
	a b 8080/tcp deny
	c b 80/tcp deny
	a b 80/udp accept
	a b 81/udp deny
	x/d b 80/udp deny
	x/d b 80/tcp accept
	x/d b 81/tcp deny
	x/d b 81/sctp accept
	x/d [b] 81/sctp accept
	x/d b 8080/sctp deny
	a b 81/sctp deny
	c b 81/udp accept
	c b 8080/udp deny
	x/d b 81/udp deny
	c b 80/sctp accept
	c b 81/sctp deny
	a b 80/sctp deny
	c b 8080/tcp accept
	c [b] 8080/tcp accept
	x/d b 8080/tcp deny
END
expect "forms of ingress, denied" <<- END
	x/d c 81/tcp deny
	x/d [c] 80/tcp deny
	x/d c 8080/tcp accept
	a c 81/tcp accept
	x/d c 80/sctp accept
	x/d c 81/sctp deny
	x/d c 8080/sctp accept
	a c 81/sctp accept
	a c 80/udp deny
	a c 81/udp accept
	x/d c 80/udp accept
	a c 8080/udp deny
	a c 8080/tcp accept
	x/d c 8080/udp accept
	b c 81/tcp deny
	b c 80/tcp accept
	b c 81/udp deny
	b c 8080/udp deny
	b c 80/udp accept
	b [c] 80/sctp deny
	b c 81/sctp accept
END
expect "forms of ingress in the older kinds" <<- END
	a x/d 80/tcp accept
	a [x/d] 80/tcp accept
	a x/d 81/tcp deny
	b x/d 80/tcp deny
	outside x/d 80/tcp accept
	b x/d 8080/tcp accept
	b x/d 80/udp deny
	b x/d 81/udp accept
	a x/d 80/udp accept
	b x/d 81/sctp deny
	b x/d 80/sctp accept
	a x/d 81/sctp accept
	c x/d 81/udp deny
	c x/d 8080/sctp deny
	a x/d 8080/sctp accept
	c [x/d] 80/sctp deny
	c x/d 81/sctp accept
	a x/d 8080/udp accept
	b x/d 8080/udp deny
	outside x/d 8080/udp accept
	a x/d 8080/tcp deny
	outside x/d 8080/tcp accept
	a x/d 80/sctp deny
END
check_matrix "forms of ingress" 80/tcp 81/tcp 80/udp 80/sctp

{
	# One of the addresses outside is another node's.
	cat <<- END
		---
		apiVersion: v1
		kind: Node
		metadata: {name: node, labels: {kubernetes.io/hostname: node}}
		status:
		  addresses:
		  - {type: InternalIP, address: ${address4[node]}}
		  - {type: InternalIP, address: "${address6[node]}"}
		---
		apiVersion: v1
		kind: Node
		metadata: {name: other, labels: {kubernetes.io/hostname: other}}
		status:
		  addresses:
		  - {type: InternalIP, address: 198.51.100.7}
	END
	policy closed '{pod: a}' 'policyTypes: [Egress]'
	cluster_policy accept Admin 10 a 'egress:' \
		"$(rule Accept "to: $(namespaces x)" "protocols: [$(number tcp 80), $(range udp 80 81)]")" \
		"$(rule Pass "to: $(pods b)" "protocols: [$(number sctp 80)]")" \
		"$(rule Accept "to: $(pods b)" "protocols: [$(range sctp 80 81), $(number udp 80)]")" \
		"$(rule Accept "to: $networks" "protocols: [$(range tcp 80 81), $(number sctp 80)]")" \
		"$(rule Accept "to: $(node other)" "protocols: [$(number tcp 8080), $(range sctp 80 81)]")" \
		"$(rule Accept "to: $(namespaces default)" 'protocols: [destinationNamedPort: web]')"
	beta_policy deny Admin 10 b 'egress:' \
		"$(rule Pass "to: $(pods a)" "protocols: [$(number tcp 80)]")" \
		"$(rule Deny "to: $(namespaces default)" "protocols: [$(range tcp 80 81), $(number sctp 80)]")" \
		"$(rule Deny "to: $(pods c)" 'protocols: [destinationNamedPort: dns]')" \
		"$(rule Deny "to: $networks" "protocols: [$(number tcp 8080)]")" \
		"$(rule Deny "to: $(node node)" \
			"protocols: [$(number tcp 80), $(range udp 80 81), $(range sctp 80 81)]")"
	admin_policy AdminNetworkPolicy older 'priority: 10' \
		'subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: c}}}}' 'egress:' \
		"$(rule Pass "to: $(pods a)" "ports: [$(port_number TCP 80)]")" \
		"$(rule Deny "to: $(namespaces default)" "ports: [$(port_range TCP 80 81)]")" \
		"$(rule Deny "to: $(pods b)" 'ports: [namedPort: dns]')" \
		"$(rule Deny "to: $networks" "ports: [$(port_number TCP 80), $(port_range SCTP 80 81)]")" \
		"$(rule Deny "to: $(node other)" "ports: [$(port_number SCTP 80), $(port_range TCP 81 8080)]")"
	admin_policy AdminNetworkPolicy allow 'priority: 10' "$x" 'egress:' \
		"$(rule Allow "to: $(pods a)" "ports: [$(port_number TCP 80)]")"
	admin_policy BaselineAdminNetworkPolicy default "$x" 'egress:' \
		"$(rule Allow "to: $(pods b)" "ports: [$(port_range TCP 80 81)]")" \
		"$(rule Deny "to: $(namespaces default)" \
			"ports: [$(port_range TCP 80 81), $(port_number UDP 80)]")" \
		"$(rule Deny "to: $(pods b)" 'ports: [namedPort: dns]')" \
		"$(rule Deny "to: $networks" "ports: [$(port_number SCTP 80)]")" \
		"$(rule Deny "to: $(node other)" "ports: [$(port_range SCTP 81 8080)]")"
} | apply
expect "forms of egress, accepted" <<- END
	a x/d 80/tcp accept
	a [x/d] 80/tcp accept
	a x/d 81/tcp deny
	a b 80/tcp deny
	a x/d 81/udp accept
	a x/d 8080/udp deny
	a c 80/udp deny
	a b 80/sctp deny
	a b 81/sctp accept
	a b 8080/sctp deny
	a c 81/sctp deny
	a b 80/udp accept
	a b 81/udp deny
	a outside 81/tcp accept
	a [outside] 81/tcp accept
	a outside 8080/tcp deny
	a 198.51.100.7 81/tcp deny
	a outside 80/sctp accept
	a outside 81/sctp deny
	a 198.51.100.7 8080/tcp accept
	a 198.51.100.7 81/sctp accept
	a 198.51.100.7 8080/sctp deny
	a b 8080/tcp accept
	a [c] 80/tcp accept
	a c 8080/tcp deny
	a b 8080/udp deny
END
expect "forms of egress, denied" <<- END
	b a 80/tcp accept
	b a 81/tcp deny
	b [c] 80/tcp deny
	b a 8080/tcp accept
	b x/d 81/tcp accept
	b c 80/sctp deny
	b c 81/sctp accept
	b x/d 80/sctp accept
	b c 8080/udp deny
	b c 8080/tcp accept
	b a 8080/udp accept
	b outside 8080/tcp deny
	b [outside] 8080/tcp deny
	b outside 81/tcp accept
	b 198.51.100.7 8080/tcp accept
	b node 80/tcp deny
	b node 81/tcp accept
	b node 81/udp deny
	b [node] 81/udp deny
	b node 8080/udp accept
	b outside 81/udp accept
	b node 80/sctp deny
	b node 8080/sctp accept
	b 198.51.100.7 80/sctp accept
	a node 80/sctp accept
END
expect "forms of egress in the older kinds" <<- END
	c a 80/tcp accept
	c a 81/tcp deny
	c [b] 80/tcp deny
	c b 8080/tcp accept
	c x/d 81/tcp accept
	c b 8080/udp deny
	c a 8080/udp accept
	c outside 80/tcp deny
	c [outside] 80/tcp deny
	c outside 81/tcp accept
	c 198.51.100.7 80/tcp accept
	c outside 81/sctp deny
	c outside 8080/sctp accept
	c 198.51.100.7 81/sctp accept
	c 198.51.100.7 80/sctp deny
	c node 80/sctp accept
	c 198.51.100.7 81/tcp deny
	c node 81/tcp accept
	x/d a 80/tcp accept
	x/d a 81/tcp deny
	x/d b 81/tcp accept
	x/d c 81/tcp deny
	x/d c 8080/tcp accept
	x/d outside 81/tcp accept
	x/d [c] 80/udp deny
	x/d c 81/udp accept
	x/d b 8080/udp deny
	x/d c 8080/udp accept
	x/d outside 80/sctp deny
	x/d outside 81/sctp accept
	x/d 198.51.100.7 80/sctp accept
	x/d 198.51.100.7 81/sctp deny
	x/d node 81/sctp accept
END
check_matrix "forms of egress" 80/tcp 81/tcp 80/udp 80/sctp
