#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The agent loses its rights and gets them back; its token is replaced; somebody
# else claims to be the API server. Nothing of that changes what is in force.

. "${0%/*}/cluster.sh"

start_peers
binding=/apis/rbac.authorization.k8s.io/v1/clusterrolebindings
accounts=/api/v1/namespaces/$account_namespace/serviceaccounts

# spec_only: an object that was read, to be made again.
spec_only() {
	jq -c 'del(.metadata.uid, .metadata.resourceVersion, .metadata.creationTimestamp,
		.metadata.managedFields, .metadata.selfLink)' <<< "$reply"
}

# cut NODE: its agent's connections.
cut() {
	in_pod "$1" ss -K dport = :6443 > "$work/cut"
}

peer_policy b | apply
peer_becomes "with all rights" b c

# answers NODE TOKEN STATUS: the API server does, to who asks for pods with the token.
answers() {
	[[ $(in_pod "$1" curl -s -o /dev/null -w '%{http_code}' --cacert "$PODWALL_CONTROL/ca.pem" \
		-H "Authorization: Bearer $2" https://172.16.0.20:6443/api/v1/pods) == "$3" ]]
}

# A watch that is open stays open: the API server asks when one begins.
must_api get "$binding/podwall-agent"
saved=$(spec_only)
must_api delete "$binding/podwall-agent"
# The API server hears of that from its store, like anybody else.
succeeds "the rights are gone" until_true answers node1 \
	"$(< "$work/credentials-node1/token")" 403
cut node1
says "without rights: it says so" node1 'forbidden|cannot (list|watch)'
peer_becomes "without rights" b c
is "without rights: alive" "$(http_status node1 healthz)" 200
kill_agent node1
start_agent node1
says "begun without rights: it says so" node1 'forbidden|cannot (list|watch)'
peer_becomes "begun without rights" b c
is "begun without rights: alive, but not ready" "$(health node1)" "200 503"
must_api post "$binding" "$saved"
wait_ready node1
ok "rights given back: it is ready"
peer_policy c | apply
peer_becomes "rights given back" c b

# A new account by the same name: tokens of the old one are worth nothing.
must_api get "$accounts/$account"
saved=$(spec_only)
must_api delete "$accounts/$account"
must_api post "$accounts" "$saved"
# The API server believes a token for some seconds that it has seen.
for name in "${nodes[@]}"; do
	succeeds "the old token of $name is refused" until_true answers "$name" \
		"$(< "$work/credentials-$name/token")" 401
done
cut node1
cut node3
says "an old token: it says so" node1 'nauthorized'
peer_becomes "an old token" c b
for name in "${nodes[@]}"; do
	new_token "$name"
done
peer_policy b | apply
peer_becomes "a new token, by the same name" b c
wait_ready node3
# node2 has its token in the kubeconfig itself, which is read once.
cut node2
says "an old token in the kubeconfig: it says so" node2 'nauthorized'
policy x/b '{pod: b}' 'ingress: []' | apply
kill_agent node2
start_agent node2
becomes "a new token, in a new kubeconfig" <<- END
	x/a x/b 80/tcp deny
	x/c [x/b] 80/udp deny
	x/c x/a 80/tcp accept
END

# An authority that has not signed the server.
kill_agent node1
write_kubeconfig node1 "$PODWALL_CONTROL/other.pem"
start_agent node1
says "another authority: it says so" node1 'certificate'
is "another authority: alive, but not ready" "$(health node1)" "200 503"
expect "another authority: what was in force is in force" <<- END
	x/a x/b 80/tcp deny
	x/c x/a 80/tcp accept
END
write_kubeconfig node1 "$PODWALL_CONTROL/ca.pem"
wait_ready node1
ok "the right authority: it is ready"
