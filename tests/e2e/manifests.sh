# shellcheck shell=bash disable=SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Part of lib.sh: the objects as the API server would list them, and nodes that
# are told of them.

policies=$work/policies.yaml
manifests=$work/pods.yaml
: > "$policies"

# write_annotations NAME: those that $modes and $reports have for it, if any.
write_annotations() {
	local words=()
	[[ ! ${modes[$1]-} ]] || words+=("podwall.io/mode: ${modes[$1]}")
	[[ ! ${reports[$1]-} ]] || words+=("podwall.io/report: ${reports[$1]}")
	((!${#words[@]})) || printf '  annotations: {%s}\n' "$(IFS=, && printf '%s' "${words[*]}")"
}

# The pods as the API server would list them, those in $absent left out.
# $containers holds a pod's ports as NAME:PORT/PROTOCOL words, $listed the
# addresses that its status lists where those are not its own two. A pod that no
# link leads to is in the network of its node.
write_pods() {
	local name namespace port label address=() seen=' '
	for name in "${pods[@]}"; do
		namespace=default
		[[ $name != */* ]] || namespace=${name%/*}
		if [[ $seen != *" $namespace "* ]]; then
			seen+="$namespace "
			printf -- '---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: "%s"\n  labels: {kubernetes.io/metadata.name: "%s"}\n' \
				"$namespace" "$namespace"
			write_annotations "$namespace/"
		fi
		[[ ! ${absent[$name]-} ]] || continue
		printf -- '---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: "%s"\n  namespace: "%s"\n  labels:\n' \
			"${name##*/}" "$namespace"
		for label in ${labels[$name]//,/ }; do
			printf '    %s: "%s"\n' "${label%%=*}" "${label#*=}"
		done
		write_annotations "$name"
		printf 'spec:\n'
		[[ ! ${home[$name]-} ]] || printf '  nodeName: %s\n' "${home[$name]}"
		[[ ${router[$name]-} ]] || printf '  hostNetwork: true\n'
		printf '  containers:\n  - name: main\n    image: main\n'
		[[ ! ${containers[$name]} ]] || printf '    ports:\n'
		for port in ${containers[$name]}; do
			read -ra port <<< "${port//[:\/]/ }"
			printf '    - {name: %s, containerPort: %s, protocol: %s}\n' "${port[@]}"
		done
		read -ra address <<< "${listed[$name]-${address4[$name]} ${address6[$name]}}"
		printf 'status:\n  phase: %s\n' "${finished[$name]:-Running}"
		((${#address[@]})) || continue
		printf '  podIP: "%s"\n  podIPs:\n' "${address[0]}"
		printf '  - {ip: "%s"}\n' "${address[@]}"
	done
}

write_nodes() {
	local name
	for name in "${nodes[@]}"; do
		printf -- '---\napiVersion: v1\nkind: Node\nmetadata:\n  name: %s\n  labels: {kubernetes.io/hostname: %s}\n' \
			"$name" "$name"
		printf 'status:\n  addresses:\n'
		printf '  - {type: InternalIP, address: "%s"}\n' \
			"${address4[$name]}" "${address6[$name]}"
	done
}

# apply: the objects, and the policies on standard input, become what is
# enforced.
apply() {
	stage
	enforce "${nodes[@]}"
}

# stage: they are what there is, but no node has been told yet.
stage() {
	cat > "$policies"
	write_pods > "$manifests"
	((${#nodes[@]} == 1)) || write_nodes >> "$manifests"
}

# enforce NODE...: they are told, and that is all that they know of each other.
enforce() {
	local name options
	for name; do
		options=(--allow-empty)
		((${#nodes[@]} == 1)) || options+=(--node "$name")
		nl_at "$name" apply "${options[@]}" -f "$manifests" -f "$policies" \
			> "$work/apply" 2>&1 || {
			cat "$work/apply" >&2
			exit 1
		}
	done
}

# policy NAME SELECTOR [SPEC-LINE...]: the text of a NetworkPolicy, to be piped
# to apply. SELECTOR is flow YAML, as '{pod: b}' or '{}'; NAME may carry a
# namespace.
policy() {
	local namespace=default name=$1 selector=$2 line
	[[ $name != */* ]] || namespace=${name%/*} name=${name#*/}
	printf -- '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: %s\n  namespace: "%s"\nspec:\n  podSelector: {matchLabels: %s}\n' \
		"$name" "$namespace" "$selector"
	for line in "${@:3}"; do
		printf '  %s\n' "$line"
	done
}

# cluster_policy NAME TIER PRIORITY POD SPEC-LINE...: of a ClusterNetworkPolicy,
# about the pods of this name in all namespaces.
cluster_policy() {
	local line
	printf -- '---\napiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: %s}\nspec:\n  tier: %s\n  priority: %s\n  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: %s}}}}\n' \
		"${@:1:4}"
	for line in "${@:5}"; do
		printf '  %s\n' "$line"
	done
}

# admin_policy KIND NAME SPEC-LINE...: of one of the two older kinds.
admin_policy() {
	local line
	printf -- '---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec:\n' \
		"$1" "$2"
	for line in "${@:3}"; do
		printf '  %s\n' "$line"
	done
}
