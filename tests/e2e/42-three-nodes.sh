#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Policies span nodes: each node enforces those of its own pods, and knows the
# pods of others as peers. A change counts on a node once that node has heard
# of it.

. "${0%/*}/nodes.sh"

start_nodes node1:x/a node1:y/a node2:x/b node2:y/b node3:x/c node3:z/a

apply < /dev/null
expect "without policies" <<- END
	x/b x/a 80/tcp accept
	x/b [x/a] 80/udp accept
	x/c x/a 80/sctp accept
	x/a [z/a] 80/tcp accept
	outside x/a 80/tcp accept
END

policy x/in '{pod: a}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]' | apply
expect "ingress from pods of another node" <<- END
	x/b x/a 80/tcp accept
	x/b x/a 80/udp accept
	x/b x/a 80/sctp accept
	x/b [x/a] 80/tcp accept
	x/c x/a 80/tcp deny
	x/c [x/a] 80/udp deny
	x/c x/a 80/sctp deny
	y/b x/a 80/tcp deny
	y/a x/a 80/tcp deny
	outside x/a 80/tcp deny
	x/c y/a 80/tcp accept
END
check_local "with a policy"

y='namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "y"}}'
{
	policy x/in '{}' "ingress: [{from: [{$y}]}]"
	policy x/out '{pod: a}' 'policyTypes: [Egress]' \
		"egress: [{to: [{$y, podSelector: {matchLabels: {pod: b}}}]}]"
} | apply
expect "ingress from a namespace on two nodes, egress to a pod of another" <<- END
	y/b x/a 80/tcp accept
	y/a [x/a] 80/tcp accept
	y/a x/b 80/udp accept
	y/b [x/c] 80/sctp accept
	x/b x/a 80/tcp deny
	z/a [x/a] 80/tcp deny
	x/c x/b 80/udp deny
	z/a x/c 80/sctp deny
	x/a y/b 80/tcp accept
	x/a y/b 80/udp accept
	x/a [y/b] 80/sctp accept
	x/a y/a 80/udp deny
	x/a [z/a] 80/sctp deny
	x/a outside 80/tcp deny
	x/b z/a 80/tcp accept
END

# Both nodes have a say, and each denies by itself.
to_b='egress: [{to: [{podSelector: {matchLabels: {pod: b}}}]}]'
from_a='ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]'
{
	policy x/client '{pod: a}' 'policyTypes: [Egress]' "$to_b"
	policy x/server '{pod: b}' 'ingress: []'
} | apply
expect_drops "only the client's side allows it" node2 x/b ingress <<- END
	x/a x/b 80/tcp
	x/a x/b 80/udp
	x/a [x/b] 80/sctp
END
{
	policy x/client '{pod: a}' 'policyTypes: [Egress]' 'egress: []'
	policy x/server '{pod: b}' "$from_a"
} | apply
expect_drops "only the server's side allows it" node1 x/a egress <<- END
	x/a x/b 80/tcp
	x/a x/b 80/udp
	x/a [x/b] 80/sctp
END
{
	policy x/client '{pod: a}' 'policyTypes: [Egress]' "$to_b"
	policy x/server '{pod: b}' "$from_a"
} | apply
mapfile -t before < <(drop_counts)
expect "both sides allow it" <<- END
	x/a x/b 80/tcp accept
	x/a x/b 80/udp accept
	x/a [x/b] 80/sctp accept
END
is "both sides allow it: no node drops" "$(drop_counts)" "$(printf '%s\n' "${before[@]}")"

containers[x/b]='web:8080/TCP'
containers[y/b]='web:80/TCP'
containers[z/a]='web:81/TCP web:81/UDP'
{
	policy x/named '{pod: a}' 'policyTypes: [Egress]' \
		'egress: [{to: [{namespaceSelector: {}}], ports: [{port: web}]}]'
	policy y/block '{pod: a}' \
		'ingress: [{from: [{ipBlock: {cidr: 10.1.2.0/24}}, {ipBlock: {cidr: "fd00:1:3::/64"}}]}]'
	policy x/block '{pod: c}' 'policyTypes: [Egress]' \
		'egress: [{to: [{ipBlock: {cidr: 10.1.0.0/16, except: [10.1.2.0/24]}}]}]'
} | apply
expect "named ports of servers on other nodes, and blocks of these" <<- END
	x/a x/b 8080/tcp accept
	x/a x/b 80/tcp deny
	x/a [y/b] 80/tcp accept
	x/a [y/b] 8080/tcp deny
	x/a z/a 81/tcp accept
	x/a z/a 81/udp deny
	x/a [z/a] 80/tcp deny
	x/a x/c 80/tcp deny
	z/a y/b 8080/tcp accept
	x/b y/a 80/tcp accept
	y/b y/a 80/udp accept
	z/a y/a 80/tcp deny
	z/a [y/a] 80/sctp accept
	x/b [y/a] 80/tcp deny
	y/b [y/a] 80/udp deny
	x/c x/a 80/tcp accept
	x/c z/a 80/udp accept
	x/c x/b 80/tcp deny
	x/c y/b 80/udp deny
	x/c [x/a] 80/tcp deny
END

policies_by_role() {
	policy x/server '{pod: a}' \
		'ingress: [{from: [{podSelector: {matchLabels: {role: client}}}]}]'
	policy z/server '{}' \
		"ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}]}]"
	policy x/client '{role: client}' 'policyTypes: [Egress]' \
		'egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {pod: a}}}]}]'
}

# expect_roles DESCRIPTION EGRESS SERVER1 SERVER3: of the client's own policy,
# by what it forbids; and of the servers on two nodes.
expect_roles() {
	expect "$1" <<- END
		x/b y/b 80/udp $2
		x/b outside 80/tcp $2
		x/b x/a 80/tcp $3
		x/b [x/a] 80/udp $3
		x/b z/a 80/tcp $4
		x/b [z/a] 80/udp $4
		x/c x/a 80/udp deny
		x/c outside 80/tcp accept
	END
}

policies_by_role | apply
expect_roles "before the label" accept deny deny
labels[x/b]+=,role=client
policies_by_role | stage
enforce node2
expect_roles "the client's node knows the label" deny deny deny
enforce node1
expect_roles "one server's node does as well" deny accept deny
flow_open steady x/b x/a 81/tcp
enforce node3
expect_roles "all nodes do" deny accept accept
labels[x/b]=pod=b
policies_by_role | stage
enforce node1
expect_roles "one server's node knows that the label is gone" deny deny accept
flow_says "and cuts what is established" steady silence
labels[x/b]+=,role=client
policies_by_role | apply
expect_roles "the label is back" deny accept accept
flow_says "the connection goes on" steady heard

# The pod ends, and another takes its address, before anyone has heard of it.
index=${address4[x/b]##*.}
remove_pod x/b
add_pod node2 x/d "$index"
rows=("x/d outside 80/tcp deny" "x/d y/b 80/udp deny")
expect_all deny "in the place of a client that has gone"
rows=("x/d x/a 80/tcp accept" "x/d [z/a] 80/udp accept")
expect_all accept "in the place of a client that has gone"
policies_by_role | stage
enforce node2
expect "its own node knows the other" <<- END
	x/d outside 80/tcp accept
	x/d y/b 80/udp accept
	x/d x/a 80/tcp accept
END
enforce node1 node3
expect "all nodes know the other" <<- END
	x/d x/a 80/tcp deny
	x/d [z/a] 80/udp deny
	x/d outside 80/tcp accept
END
check_local "one has gone, another come"

# It comes back on another node, not the client of anyone at first.
add_pod node3 x/b
policies_by_role | apply
expect_roles "moved, without the label" accept deny deny
labels[x/b]+=,role=client
policies_by_role | stage
enforce node2 node3
expect_roles "its former node knows the label, and its new one" deny deny accept
enforce node1
expect_roles "all nodes do" deny accept accept

{
	policies_by_role
	policy y/in '{}' 'ingress:' \
		"- {from: [{$y}, {ipBlock: {cidr: 10.1.3.0/24}}, {ipBlock: {cidr: \"fd00:1:3::/64\"}}]}" \
		'- {ports: [{protocol: UDP, port: 80}]}'
	policy x/out '{pod: c}' 'policyTypes: [Egress]' 'egress: [{ports: [{port: 80}]}]'
	cluster_policy admin Admin 5 b \
		'egress: [{action: Deny, to: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: "z"}}}], protocols: [{udp: {destinationPort: {number: 80}}}]}]'
} | apply
check_matrix "the whole cluster" 80/tcp 80/udp
