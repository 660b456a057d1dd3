#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Policies of the whole cluster: those of the admin tier come before what
# namespaces say, those of the baseline tier after it.

. "${0%/*}/lib.sh"

start a b c

# admin_policy KIND NAME SPEC-LINE...
admin_policy() {
	local line
	printf -- '---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec:\n' \
		"$1" "$2"
	for line in "${@:3}"; do
		printf '  %s\n' "$line"
	done
}

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
matches "a drop names the policy of the cluster" "$(grep 'default/b ingress' "$work/drops")" \
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
