#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A new pod sends and is sent to from the moment its address comes up. Until its
# policy is in the kernel nothing gets through, and from then on what the policy
# allows. With podwall-cni that is before its first container runs.

. "${0%/*}/cluster.sh"

start_cluster node1:x/old node2:x/far node3:x/other

policies_of_new() {
	policy x/new '{role: new}' 'policyTypes: [Ingress, Egress]' \
		'ingress: [{from: [{podSelector: {matchLabels: {pod: far}}}], ports: [{port: 7003, protocol: UDP}]}]' \
		'egress: [{to: [{podSelector: {matchLabels: {pod: old}}}], ports: [{port: 7001, protocol: UDP}]}]'
}

policies_of_new | apply
becomes "what is there already" <<- END
	x/old x/far 80/tcp accept
	x/far [x/other] 80/udp accept
END

streams=(out-allowed out-denied in-allowed in-denied)
begin() {
	prober_begin
	fresh out-allowed "$1" x/old 7001
	fresh out-denied "$1" x/old 7002
	fresh in-allowed x/far "$1" 7003
	fresh in-denied x/old "$1" 7004
	phase down
	bind_pod
	connect_pod "$1"
	phase up
	phase up-still
}

# came DESCRIPTION PHASE...: what was to arrive does, what was not never does;
# and in the phases before that nothing.
came() {
	local name
	traffic_end
	for name in "${streams[@]}"; do
		case $name in
		*-allowed)
			arrives "$1" "$name" up none
			arrives "$1" "$name" up-still none
			arrives "$1" "$name" after all
			;;
		*) always none "$1" "$name" ;;
		esac
	done
}

prepare_pod node1 x/new1,role=new
begin x/new1
phase during
run_pod x/new1
turns "by its status" out-allowed all
turns "by its status" in-allowed all
phase after
came "by its status"
end_pod x/new1
remove_pod x/new1
forget_pod x/new1

# From ADD on its own node is right, and the others follow.
prepare_pod node1 x/new2,role=new
begin x/new2
phase during
call_cni ADD x/new2
is "podwall-cni ADD: status" "$ended $(< "$work/cni")" "0 "
is "podwall-cni ADD: the result is the previous one" \
	"$(jq -r '[.ips[].address] | join(" ")' <<< "$output")" \
	"${address4[x/new2]}/32 ${address6[x/new2]}/128"
phase added
call_cni CHECK x/new2
is "podwall-cni CHECK" "$ended $output$(< "$work/cni")" "0 "
run_pod x/new2
turns "by podwall-cni" in-allowed all
phase after
phase deleting
call_cni DEL x/new2
is "podwall-cni DEL" "$ended $output$(< "$work/cni")" "0 "
phase deleted
came "by podwall-cni"
arrives "by podwall-cni" out-allowed added all
arrives "after DEL" out-allowed deleted none
end_pod x/new2
remove_pod x/new2
forget_pod x/new2

# As somebody chose who would rather have it open.
kill_agent node1 TERM
is "the agent ends when it is told to" "$ended" 0
start_agent node1 --start-up open
wait_ready node1
is "nothing of the node is guarded" \
	"$(nl_at node1 get settings -o json | grep -c '10[.]1[.]1[.]0/24' || :)" 0
prepare_pod node1 x/new3,role=new
begin x/new3
phase during
run_pod x/new3
turns "--start-up open" out-denied none
turns "--start-up open" in-denied none
phase after
traffic_end
for name in "${streams[@]}"; do
	arrives "--start-up open" "$name" up all
	case $name in
	*-allowed) arrives "--start-up open" "$name" after all ;;
	*)
		arrives "--start-up open" "$name" during beginning
		arrives "--start-up open" "$name" after none
		;;
	esac
done
