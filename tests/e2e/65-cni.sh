#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# podwall-cni behind other plugins, without an agent: a pod is cut off from the
# moment that its network is set up, also when its address was another pod's, until
# somebody applies its policy.

. "${0%/*}/lib.sh"

start a

directory=$work/podwall
plugins=/usr/lib/cni
podwall_cni=$(dirname "$(command -v nlctl)")/podwall-cni

# chain NAME TYPE RANGE...: a configuration list, whose first plugin is of this
# type; each range is "SUBNET START END".
chain() {
	local name=$1 type=$2 range ranges=()
	shift 2
	for range; do
		read -ra range <<< "$range"
		ranges+=("[{\"subnet\": \"${range[0]}\", \"rangeStart\": \"${range[1]}\", \"rangeEnd\": \"${range[2]}\"}]")
	done
	jq -n --arg name "$name" --arg type "$type" --arg data "$work/ipam" \
		--arg directory "$directory" --argjson ranges "[$(IFS=, && printf '%s' "${ranges[*]}")]" \
		'{cniVersion: "1.0.0", name: $name, plugins: [
			{type: $type, bridge: "cni0", isGateway: true, ipMasq: false, ipam: {
				type: "host-local", dataDir: $data, ranges: $ranges,
				routes: [{dst: "0.0.0.0/0"}, {dst: "::/0"}]}},
			{type: "podwall-cni", directory: $directory, timeout: 1}]}' > "$work/$name.conflist"
}

# plugin COMMAND NAME POD INDEX: what libcni does for one plugin of the list; its
# output goes to $work/POD.output.
plugin() {
	local config type path=$plugins
	config=$(jq -c --slurpfile previous <(cat "$work/$3.result" 2> /dev/null || :) \
		'. as $list | .plugins['"$4"'] + {cniVersion: $list.cniVersion, name: $list.name}
		 + if $previous == [] then {} else {prevResult: $previous[0]} end' "$work/$2.conflist")
	type=$(jq -r .type <<< "$config")
	[[ $type != podwall-cni ]] || path=${podwall_cni%/*}
	in_pod node env CNI_COMMAND="$1" CNI_CONTAINERID="id-$3" CNI_IFNAME=eth0 \
		CNI_NETNS="/run/netns/$tag-$3" CNI_PATH="$plugins" \
		CNI_ARGS="IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=$3;K8S_POD_UID=uid-$3" \
		"$path/$type" <<< "$config" > "$work/$3.output" 2> "$work/$3.errors"
}

# sandbox POD: a namespace for a pod; no_sandbox POD: without it.
sandbox() {
	netns[$1]=$tag-$1
	ip netns add "$tag-$1"
}

no_sandbox() {
	ip netns delete "$tag-$1"
	unset "netns[$1]"
}

# add NAME POD: as libcni does, each plugin with the result of the one in front.
add() {
	rm -f "$work/$2.result"
	plugin ADD "$1" "$2" 0 || return
	mv "$work/$2.output" "$work/$2.result"
	plugin ADD "$1" "$2" 1 || return
	mv "$work/$2.output" "$work/$2.last"
}

# delete NAME POD: the last plugin first.
delete() {
	plugin DEL "$1" "$2" 1 && plugin DEL "$1" "$2" 0
}

# joined POD: what add has made becomes a pod of the scenario.
joined() {
	router[$1]=node
	address4[$1]=$(jq -r '.ips[0].address | split("/")[0]' "$work/$1.last")
	address6[$1]=$(jq -r '.ips[1].address // "" | split("/")[0]' "$work/$1.last")
	labels[$1]=pod=$1
	containers[$1]=''
	pods+=("$1")
	serve "$1"
}

# left POD: it is one no more.
left() {
	local name remaining=()
	for name in "${pods[@]}"; do
		[[ $name == "$1" ]] || remaining+=("$name")
	done
	pods=("${remaining[@]}")
}

guarded() {
	nl get settings -o json | jq -c '.settings.guarded | sort'
}

# known: the pods in the kernel, and their addresses.
known() {
	nl get pods -o json | jq -c '[.. | objects | select(has("key")) | {(.key): (.addresses | sort)}] | add // {}'
}

failure() {
	jq -r '"\(.code) \(.msg): \(.details // "")"' "$work/$1.output"
}

# --- a real chain, whose only address is x's

chain one ptp "10.1.1.0/24 10.1.1.7 10.1.1.7" "fd00:1:0:1::/64 fd00:1:0:1::7 fd00:1:0:1::7"
sandbox x
fails "ADD fails while the network cannot be set up" plugin ADD one x 1
matches "and says so" "$(failure x)" '^7 prevResult is missing'
succeeds "ADD behind ptp and host-local" add one x
is "passes the result on" "$(< "$work/x.last")" "$(jq -c . "$work/x.result")"
is "the file says who it is" \
	"$(jq -c '[.pod, .uid, .ips, .guarded]' "$directory/attachments/id-x@eth0.json")" \
	'["default/x","uid-x",["10.1.1.7","fd00:1:0:1::7"],["10.1.1.7/32","fd00:1:0:1::7/128"]]'
is "and which interface is the node's end" \
	"$(jq -r .host_interface "$directory/attachments/id-x@eth0.json")" \
	"$(jq -r '.interfaces[] | select(.sandbox | not).name' "$work/x.result")"
is "its addresses are guarded" "$(guarded)" '["10.1.1.7/32","fd00:1:0:1::7/128"]'
matches "and the log says why" "$(< "$work/x.errors")" 'x is closed until the agent .*cannot reach the agent'
joined x
expect "no policy is there yet" <<- END
	x outside 80/tcp deny
	outside x 80/tcp deny
	x a 80/tcp deny
	a x 80/udp deny
	x [outside] 80/tcp deny
	outside [x] 80/tcp deny
	node x 80/tcp deny
	a outside 80/tcp accept
END
fails "CHECK fails" plugin CHECK one x 1
matches "CHECK says why" "$(failure x)" '^11 the kernel does not enforce pod default/x: 10.1.1.7 is not registered'

policies_of_all() {
	policy x '{pod: x}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]'
	policy a '{pod: a}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: x}}}]}]'
}
policies_of_all | apply
expect "its policy is there" <<- END
	x outside 80/tcp accept
	outside x 80/tcp deny
	x a 80/tcp accept
	a x 80/tcp accept
	a [x] 80/udp accept
	outside [x] 80/tcp deny
END
succeeds "CHECK" plugin CHECK one x 1
peers() {
	nl get addresses -o json | grep -c "\"$1\"" || :
}
is "it is a peer" "$(peers 10.1.1.7)" 1

# --- the address goes to another pod

# The node lost power, say: nobody took x out.
plugin DEL one x 0
no_sandbox x
sandbox q
succeeds "ADD of a pod with the same address" add one q
left x
joined q
is "the addresses are taken from the first pod" "$(known)" '{"default/a":["10.1.0.11","fd00:1::b"]}'
is "which is no peer any more" "$(peers 10.1.1.7)" 0
expect "the first pod's policy is not the second's" <<- END
	q outside 80/tcp deny
	q a 80/tcp deny
	a q 80/tcp deny
	a [q] 80/tcp deny
END
policy q '{pod: q}' 'ingress: [{}]' | apply
expect "its own policy is there" <<- END
	q outside 80/tcp accept
	outside q 80/tcp accept
END
succeeds "ADD once more of what is registered" plugin ADD one q 1
expect "closes it: nobody says that it is the same pod of this name" <<- END
	outside q 80/tcp deny
END
policy q '{pod: q}' 'ingress: [{}]' | apply
succeeds "DEL of the first pod, too late" plugin DEL one x 1
is "leaves the address guarded for the second" "$(guarded)" '["10.1.1.7/32","fd00:1:0:1::7/128"]'
expect "and does not take it away" <<- END
	outside q 80/tcp accept
	outside [q] 80/tcp accept
END

succeeds "DEL" delete one q
left q
is "the addresses are nobody's" "$(known)" '{"default/a":["10.1.0.11","fd00:1::b"]}'
is "and guarded no more" "$(guarded)" '[]'
is "no file is left" "$(ls "$directory/attachments")" ''
succeeds "DEL again" delete one q
no_sandbox q

# --- the node's block is guarded

nl set --guard 10.1.1.0/24 --guard fd00:1:0:1::/64 > /dev/null
sandbox z
succeeds "ADD into a guarded block" add one z
is "guards nothing besides" "$(guarded)" '["10.1.1.0/24","fd00:1:0:1::/64"]'
joined z
expect "the block is guarded" <<- END
	z outside 80/tcp deny
	outside z 80/tcp deny
END
succeeds "DEL out of a guarded block" delete one z
left z
is "leaves the guard" "$(guarded)" '["10.1.1.0/24","fd00:1:0:1::/64"]'
no_sandbox z
nl set --no-guard > /dev/null

# --- start-up is open

jq '.plugins[1].startUp = "open"' "$work/one.conflist" > "$work/open.conflist"
sandbox w
succeeds "ADD while start-up is open" add open w
is "guards nothing" "$(guarded)" '[]'
joined w
expect "start-up is open" <<- END
	w outside 80/tcp accept
	outside w 80/tcp accept
END
succeeds "DEL while start-up is open" delete open w
left w
no_sandbox w

# --- a bridge

chain two bridge "10.1.2.0/24 10.1.2.10 10.1.2.20"
sandbox v
succeeds "ADD behind a bridge" add two v
matches "the bridge is not the pod's end" \
	"$(jq -r .host_interface "$directory/attachments/id-v@eth0.json")" '^veth'
is "its address is guarded" "$(guarded)" '["10.1.2.10/32"]'
succeeds "DEL behind a bridge" delete two v
no_sandbox v

# --- what the kernel refuses

nl set --limit guarded=1 > /dev/null
sandbox u
fails "ADD when no more can be guarded" add one u
matches "says why" "$(failure u)" "^11 the pod's addresses cannot be guarded: "
is "and leaves nothing" "$(guarded) $(ls "$directory/attachments")" '[] '
plugin DEL one u 0
no_sandbox u
nl set --limit guarded=64 > /dev/null

# --- many at once

# together COMMAND: for 20 containers, behind a plugin that only says so.
together() {
	local i jobs=()
	for i in {1..20}; do
		jq -n --arg ip "10.1.3.$i/32" '{cniVersion: "1.0.0", ips: [{address: $ip}]}' > "$work/m$i.result"
		plugin "$1" one "m$i" 1 &
		jobs+=($!)
	done
	for i in "${jobs[@]}"; do
		wait "$i" || return
	done
}
succeeds "ADD of many at once" together ADD
is "all are guarded" "$(guarded | jq length)" 20
succeeds "DEL of many at once" together DEL
is "none is left" "$(guarded) $(ls "$directory/attachments")" '[] '

jq '.cniVersion = "1.1.0"' "$work/one.conflist" > "$work/status.conflist"
succeeds "STATUS with the module" plugin STATUS status s 1
nl flush > /dev/null
