# shellcheck shell=bash disable=SC2034,SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Part of cluster.sh: pods that come and go while all runs, in the steps that a
# kubelet and its runtime take, so that a scenario can look between them:
#
#     prepare_pod     it has a network namespace, whose link is down
#     bind_pod        its object is there, bound to a node, and has no address
#     connect_pod     its address is up, as the main CNI plugin has it
#     call_cni ADD    podwall-cni, if the cluster has it
#     run_pod         the status says that it runs, and its addresses
#
# and backwards:
#
#     end_pod         its object is to be deleted, and lists its addresses still
#     call_cni DEL
#     remove_pod      its network is gone (of nodes.sh)
#     forget_pod      its object is gone

# prepare_pod NODE NAMESPACE/POD[,LABEL=VALUE...] [INDEX [HOME]]: with an address
# that no other has had, or the one of that index, of the network of HOME.
prepare_pod() {
	local name=${2%%,*}
	declare_pod_on "${4:-$1}" "${@:2:2}"
	router[$name]=$1 home[$name]=$1
	finished[$name]=Pending listed[$name]=''
	end_namespace "$name" | ip -batch -
}

# publish: the objects are what this scenario knows of pods, with the policies
# that there were.
publish() {
	cp "$policies" "$work/published"
	apply < "$work/published"
}

bind_pod() {
	publish
}

connect_pod() {
	link_commands "$1" | ip -n "${netns[${home[$1]}]}" -batch -
	network_commands "$1" | ip -n "${netns[$1]}" -batch -
}

run_pod() {
	unset "finished[$1]" "listed[$1]"
	publish
}

# end_pod NAME: it is given its time.
end_pod() {
	must_api delete "/api/v1/namespaces/${1%/*}/pods/${1#*/}" 30
}

# forget_pod: the object of a pod that remove_pod has removed.
forget_pod() {
	must_api delete "/api/v1/namespaces/${1%/*}/pods/${1#*/}"
	publish
}

# new_pod NODE NAMESPACE/POD[,LABEL=VALUE...] [INDEX [HOME]]: all steps at once,
# without a CNI plugin.
new_pod() {
	local name=${2%%,*}
	prepare_pod "$@"
	bind_pod
	connect_pod "$name"
	serve "$name"
	run_pod "$name"
}

# call_cni ADD|DEL|CHECK NAME: as a runtime calls podwall-cni behind
# another plugin; to $output what it said, to $ended its status; what it told
# people is in $work/cni.
call_cni() {
	local uid node=${home[$2]}
	must_api get "/api/v1/namespaces/${2%/*}/pods/${2#*/}"
	uid=$(jq -r '.metadata.uid // ""' <<< "$reply")
	ended=0
	output=$(jq -n --arg directory "$work/run-$node" --arg four "${address4[$2]}/32" \
		--arg six "${address6[$2]}/128" --arg netns "/run/netns/${netns[$2]}" \
		--arg device "${devices[$2]}" '{
			cniVersion: "1.0.0", name: "test", type: "podwall-cni",
			$directory, timeout: 120,
			prevResult: {
				cniVersion: "1.0.0",
				interfaces: [{name: $device}, {name: "eth0", sandbox: $netns}],
				ips: [{address: $four, interface: 1}, {address: $six, interface: 1}]
			}
		}' |
		CNI_COMMAND=$1 CNI_CONTAINERID=${netns[$2]} CNI_IFNAME=eth0 CNI_PATH=/nowhere \
			CNI_NETNS=/run/netns/${netns[$2]} \
			CNI_ARGS="IgnoreUnknown=1;K8S_POD_NAMESPACE=${2%/*};K8S_POD_NAME=${2#*/};K8S_POD_UID=$uid" \
			ip netns exec "${netns[$node]}" podwall-cni 2> "$work/cni") || ended=$?
}
