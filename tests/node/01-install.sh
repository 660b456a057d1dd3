#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A node with pods that run, and then podwall by its DaemonSet, as
# docs/installation.md says.

. "${0%/*}/node.sh"

serve='echo hello > /tmp/index.html; exec httpd -f -v -p 8080 -h /tmp'
probe='{httpGet: {port: 8080, path: "/"}, periodSeconds: 2, timeoutSeconds: 20}'
kubectl apply --validate=false -f "$top/tests/cluster/definitions.yaml" \
	-f "$here/namespace.yaml"
deploy server server "$serve" "$(jq -n "{readinessProbe: $probe, livenessProbe: $probe}")"
deploy friend friend 'sleep 100000'
deploy stranger stranger 'sleep 100000'
runs server friend stranger
reaches "without podwall" friend server
reaches "without podwall" stranger server

# The overlay that the documentation has people make.
cp -r "$top/deploy/kubernetes" /run/node/
mkdir /run/node/kubernetes/overlays/mine
cat > /run/node/kubernetes/overlays/mine/kustomization.yaml <<- END
	apiVersion: kustomize.config.k8s.io/v1beta1
	kind: Kustomization
	bases:
	  - ../../base
	images:
	  - name: podwall
	    newName: localhost/podwall
END
kubectl apply --validate=false -k /run/node/kubernetes/overlays/mine
succeeds "the DaemonSet is rolled out" until_true rolled_out podwall-agent
agent=$(agent_pod)
matches "one pod of it, of which all is ready" \
	"$(field "$system/$agent" '[.status.containerStatuses[] | "\(.name) \(.ready) \(.restartCount)"] | join(", ")')" \
	'^agent true 0, cni true 0$'
succeeds "the module is loaded" test -d /sys/module/podwall
is "load-module: what DKMS built" \
	"$(cut -d' ' -f4- /var/log/pods/"$system"_podwall-agent-*/load-module/0.log)" \
	"load-module: podwall $(< "$top/VERSION"), which was built here before, is loaded"
is "podwall-cni is the last of the chain" \
	"$(jq -r '[.plugins[].type] | join(" ")' "$conflist")" "bridge podwall-cni"
succeeds "its program is the node's" test -x /opt/cni/bin/podwall-cni
succeeds "the node's condition is True" until_true condition_is '^True '
matches "its pod network is guarded" "$(nlctl get settings)" '10\.244\.0\.0/24'

# What the agent may.
number=$(pgrep -fo 'nlctl-agent|nlctl agent')
status_of() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$number/status"
}
is "the agent has CAP_NET_ADMIN and nothing else" \
	"$(status_of CapPrm) $(status_of CapEff) $(status_of CapBnd)" \
	"0000000000001000 0000000000001000 0000000000001000"
is "it cannot get more, and its system calls are filtered" \
	"$(status_of NoNewPrivs) $(status_of Seccomp)" "1 2"

# Pods that were there before are judged as all others.
reaches "with podwall" friend server
reaches_not "with podwall" stranger server
reaches_not "with podwall" server friend
is "the kubelet reaches an isolated pod" \
	"$(field "x/${pod[server]}" '.status.containerStatuses[0] | "\(.ready) \(.restartCount)"')" "true 0"
is "no pod was made anew" "$(selects x app=server)" "${pod[server]}"
