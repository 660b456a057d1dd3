#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# podwall is removed, as docs/installation.md says: pods work on, and are open, and
# nothing is left but what it names.

. "${0%/*}/node.sh"

# pods_of_before: what they are, and how often they were begun anew.
pods_of_before() {
	local name
	for name in server friend stranger heir; do
		field "x/${pod[$name]}" '"\(.metadata.uid) \(.status.containerStatuses[0].restartCount)"'
	done
}

runs server friend stranger heir
before=$(pods_of_before)
remove=/run/node/kubernetes/remove
sed -i 's,^  - name: podwall$,&\n    newName: localhost/podwall,' "$remove/kustomization.yaml"

kubectl -n "$system" delete daemonset podwall-agent --cascade=foreground
is "that waits for its pods" "$(agent_pod)$(agent_process || :)" ""
reaches "without the agent" friend server
reaches_not "without the agent" stranger server

kubectl apply --validate=false -k "$remove"
succeeds "the way out is rolled out" kubectl -n "$system" rollout status \
	daemonset/podwall-remove --timeout "${deadline}s"
fails "the module is unloaded" test -d /sys/module/podwall
is "podwall-cni is out of the chain" "$(jq -r '[.plugins[].type] | join(" ")' "$conflist")" bridge
is "no file beside it is left" "$(find "${conflist%/*}" -name '*podwall*')" ""
is "what was built is gone" "$(ls -A /var/lib/podwall)" ""
is "so is what podwall-cni wrote of pods" "$(ls -A /run/podwall)" ""
reaches "all is open" friend server
reaches "all is open" stranger server
kubectl delete -k "$remove"
kubectl delete --ignore-not-found -k /run/node/kubernetes/base
# This kubectl is older than its option --subresource.
# shellcheck disable=SC2016 # no variable
must PATCH /api/v1/nodes/worker/status \
	'{"status": {"conditions": [{"type": "PodwallReady", "$patch": "delete"}]}}'
is "the node has no condition of it" "$(condition)" "null null"
# named PATH: names of the objects there that have to do with podwall.
named() {
	api "$1" | jq -r '.items[].metadata.name | select(test("podwall"))'
}
for path in api/v1/namespaces apis/apps/v1/daemonsets api/v1/pods \
	apis/rbac.authorization.k8s.io/v1/clusterroles \
	apis/rbac.authorization.k8s.io/v1/clusterrolebindings; do
	is "nothing is left: $path" "$(named "/$path")" ""
done
is "no pod was begun anew" "$(pods_of_before)" "$before"

# Pods of before end, and others begin.
heir=${pod[heir]} address=${address4[heir]}
must DELETE /apis/apps/v1/namespaces/x/deployments/heir '{"propagationPolicy": "Background"}'
succeeds "a pod that began with podwall ends" until_true gone "x/$heir"
succeeds "the network has its address back" until_true freed "$address"
give_next "$address"
deploy successor friend "$(asking server)"
runs successor
is "the next pod has its address" "${address4[successor]}" "$address"
deploy last stranger "$(asking server)"
runs last
for name in successor last; do
	succeeds "one begins without podwall: $name" until_true says "$name" 'hello|denied'
	is "and is open: $name" "$(said "$name" | sort -u)" hello
done
