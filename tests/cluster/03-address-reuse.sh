#!/bin/bash
# shellcheck disable=SC2034,SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A pod ends and another gets its address, on the same node and on another. What
# the first was allowed is nothing to the second.

. "${0%/*}/cluster.sh"

start_cluster node1:x/old,role=trusted node2:x/server node3:x/third node2:x/client
index=${address4[x/old]##*.}

# The server trusts the one; and the one is open to the client.
trust() {
	policy x/server '{pod: server}' \
		'ingress: [{from: [{podSelector: {matchLabels: {role: trusted}}}]}]'
	policy x/trusted '{role: trusted}' \
		'ingress: [{from: [{podSelector: {matchLabels: {pod: client}}}]}]'
	policy x/plain '{role: plain}' \
		'ingress: [{from: [{podSelector: {matchLabels: {pod: third}}}]}]'
}

# nobody_has ADDRESS: no kernel knows the address.
nobody_has() {
	local name
	for name in "${nodes[@]}"; do
		! nl_at "$name" get addresses -o json | grep -qF "\"$1\"" || return 1
		! nl_at "$name" get pods -o json | grep -qF "\"$1\"" || return 1
	done
}

# pod_ends NAME: as a kubelet lets it end.
pod_ends() {
	local address=${address4[$1]}
	end_pod "$1"
	remove_pod "$1"
	forget_pod "$1"
	if until_true nobody_has "$address"; then
		ok "$1 has ended: no node knows its address"
	else
		not_ok "$1 has ended: no node knows its address"
	fi
}

# follow NAME: the pod follows at the same address, with traffic from and to it
# from its first moment on.
follow() {
	prober_begin
	fresh "$1-server" "$1" x/server 7001
	fresh "client-$1" x/client "$1" 7002
	fresh "third-$1" x/third "$1" 7003
	phase down
	bind_pod
	connect_pod "$1"
	phase up
	serve "$1"
	run_pod "$1"
}

# followed NAME STREAM...: these become what is allowed, all others never do; not
# even at first, where the address is guarded.
guarded=yes
followed() {
	local stream
	for stream in "${@:2}"; do
		turns "$1" "$stream" all
	done
	phase after
	traffic_end
	for stream in "$1-server" "client-$1" "third-$1"; do
		if [[ " ${*:2} " == *" $stream "* ]]; then
			arrives "$1" "$stream" after all
		elif [[ $guarded ]]; then
			always none "$1" "$stream"
		else
			arrives "$1" "$stream" after none
		fi
	done
}

trust | apply
becomes "the first owner" <<- END
	x/old x/server 80/tcp accept
	x/old [x/server] 80/udp accept
	x/client x/old 80/tcp accept
	x/third [x/old] 80/tcp deny
	x/third x/server 80/tcp deny
END

pod_ends x/old
prepare_pod node1 x/plain,role=plain "$index"
follow x/plain
followed x/plain third-x/plain
becomes "the second owner, on the same node" <<- END
	x/plain x/server 80/tcp deny
	x/plain [x/server] 80/udp deny
	x/client x/plain 80/tcp deny
	x/third [x/plain] 80/tcp accept
END

# To another node the address comes with a route of its own. It is not of that
# node's network, which alone is guarded.
route_to() {
	printf 'route replace %s dev %s via %s onlink\n' \
		"${address4[$1]}" "${devices[$2]}" "${address4[$2]}" \
		"${address6[$1]}" "${devices[$2]}" "${address6[$2]}" |
		ip -n "${netns[underlay]}" -batch -
}

pod_ends x/plain
prepare_pod node3 x/moved,role=trusted "$index" node1
route_to x/moved node3
follow x/moved
guarded=''
followed x/moved x/moved-server client-x/moved
guarded=yes
becomes "the third owner, on another node" <<- END
	x/moved x/server 80/tcp accept
	x/moved [x/server] 80/udp accept
	x/client x/moved 80/tcp accept
	x/client [x/moved] 80/sctp accept
END

pod_ends x/moved
prepare_pod node1 x/back,role=plain "$index"
route_to x/back node1
follow x/back
followed x/back third-x/back
becomes "the fourth owner, on the first node again" <<- END
	x/back x/server 80/tcp deny
	x/client x/back 80/tcp deny
	x/third x/back 80/tcp accept
	x/third [x/back] 80/udp accept
END

# While the object of the one that has gone is there still, the next comes: the
# API has both, and one of them has ended.
end_pod x/back
finished[x/back]=Succeeded
publish
remove_network x/back
prepare_pod node1 x/last,role=trusted "$index"
follow x/last
followed x/last x/last-server client-x/last
must_api get /api/v1/namespaces/x/pods/back
matches "the fourth owner is there still" "$(jq -r .status.phase <<< "$reply")" Succeeded
must_api delete /api/v1/namespaces/x/pods/back
forget_end x/back
publish
becomes "the fifth owner" <<- END
	x/last x/server 80/tcp accept
	x/client [x/last] 80/tcp accept
	x/third x/last 80/tcp deny
END
check_matrix "in the end" 80/tcp
