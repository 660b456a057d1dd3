#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# nlctl explain tells the story of a connection: its ends, the way through the
# tiers, and the rules that nearly decided; of the next packet, too.

. "${0%/*}/lib.sh"

start a b c

# story DESCRIPTION WORD...: what explain prints has to be standard input, to the
# letter but for the numbers that the compiler chose.
story() {
	is "$1" "$(nl explain "${@:2}" | sed -E 's/(rule set|identity) [0-9]+/\1 N/g')" "$(cat)"
}

# json FILTER WORD...
json() {
	nl explain "${@:2}" -o json | jq -c "$1"
}

# agrees DESCRIPTION: whatever is asked, the walk comes to what the module says.
agrees() {
	local ends=(default/{a,b,c} 10.1.0.1 192.0.2.10 10.1.0.77 fd00:1::1)
	local ports=(80/tcp 53/udp) count=0 from to walks
	for from in "${ends[@]}"; do
		for to in "${ends[@]}"; do
			nl explain "$from" "$to" "${ports[count++ % 2]}" -o json 2> /dev/null || :
		done
	done > "$work/stories"
	walks=$(jq -cs '[.[].families[] | .egress, .ingress | .walk_agrees] | [length > 90, unique]' \
		"$work/stories")
	is "$1: every walk, of many, comes to what the module says" "$walks" '[true,[true]]'
}

from_a='from: [{podSelector: {matchLabels: {pod: a}}}]'
from_c='[{pods: {namespaceSelector: {}, podSelector: {matchLabels: {pod: c}}}}]'
http='protocols: [{tcp: {destinationPort: {number: 80}}}]'
web=$(policy web '{pod: b}' "ingress: [{$from_a, ports: [{port: 80}, {port: 8000, endPort: 8080}]}, {from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.8/29]}}]}]")
out=$(policy out '{pod: a}' 'policyTypes: [Egress]' 'egress: [{ports: [{port: 53, protocol: UDP}]}, {to: [{podSelector: {matchLabels: {pod: b}}}]}]')
all() {
	printf '%s\n' "$web" "$out"
	cluster_policy pass Admin 10 b "ingress: [{action: Pass, from: $from_c}, {action: Deny, from: [{namespaces: {}}], $http}]"
	cluster_policy last Baseline 1 c "ingress: [{action: Deny, from: [{namespaces: {}}], $http}]"
}
all | apply

# --- the text

story "accepted, and a denial that came near" default/a default/b 8000/tcp <<- 'END'
	default/a (10.1.0.11) -> default/b (10.1.0.12), 8000/tcp: accept
	  client  pod default/a, identity N
	  server  pod default/b, identity N
	  egress of default/a: accept, rule set N (NetworkPolicy default/out egress[1])
	    admin     no rules
	    policy    NetworkPolicy default/out egress[1] accepts, rule 1  <- decides
	    baseline  not reached
	  ingress of default/b: accept, rule set N (NetworkPolicy default/web ingress[0])
	    admin     2 rules, none matches
	    policy    NetworkPolicy default/web ingress[0] accepts, rule 2  <- decides
	    baseline  not reached
	    near miss ClusterNetworkPolicy pass ingress[1] (admin tier, deny):
	              would match but for the port: it has 80/tcp
END
story "passed on by admin, and denied but for the peer" default/c default/b 80/tcp <<- 'END'
	default/c (10.1.0.13) -> default/b (10.1.0.12), 80/tcp: deny
	  client  pod default/c, identity N
	  server  pod default/b, identity N
	  egress of default/c: accept, no policy concerns it
	  ingress of default/b: deny, rule set N (isolated by NetworkPolicy default/web)
	    admin     ClusterNetworkPolicy pass ingress[0] passes it on, priority 10, rule 0
	    policy    isolated; 2 rules, none covers the connection  <- decides
	    baseline  not reached
	    near miss NetworkPolicy default/web ingress[0]:
	              would match but for the peer: it has pods{pod=a} in namespaces{kubernetes.io/metadata.name=default}
	    near miss NetworkPolicy default/web ingress[1]:
	              would match but for the peer: it has 192.0.2.0/24 except 192.0.2.8/29
END
story "an address outside, and an exception" 192.0.2.10 default/b 443/tcp <<- 'END'
	192.0.2.10 -> default/b (10.1.0.12), 443/tcp: deny
	  client  outside the cluster
	  server  pod default/b, identity N
	  egress of 192.0.2.10: accept, the client is no pod of this node
	  ingress of default/b: deny, rule set N (isolated by NetworkPolicy default/web)
	    admin     2 rules, none matches
	    policy    isolated; 2 rules, none covers the connection  <- decides
	    baseline  not reached
	    near miss NetworkPolicy default/web ingress[1]:
	              would match but for the peer: 192.0.2.0/24 excepts 192.0.2.8/29
END
told=$(nl explain default/a default/b 81/tcp)
matches "denied but for the port" "$told" \
	$'near miss NetworkPolicy default/web ingress\\[0\\]:\n +would match but for the port: it has 80/tcp, 8000-8080/tcp\n'
told=$(nl explain default/a default/b 80/tcp)
matches "denied by admin" "$told" \
	'admin +ClusterNetworkPolicy pass ingress\[1\] denies, priority 10, rule 1  <- decides'
matches "and what came too late to accept it" "$told" \
	'policy +not reached; NetworkPolicy default/web ingress\[0\] would accept'
told=$(nl explain default/b default/c 80/tcp)
matches "denied by the baseline" "$told" \
	$'policy +no policy isolates the pod\n +baseline +ClusterNetworkPolicy last ingress\\[0\\] denies, priority 1, rule 0  <- decides'
told=$(nl explain default/b default/c 81/tcp)
matches "nothing decides" "$told" $'baseline +1 rule, none matches\n +default +nothing decided: accept  <- decides'
told=$(nl explain --wide default/a default/b 80/tcp)
matches "every rule" "$told" \
	$'rule 1  <- decides\n +0 pass +ClusterNetworkPolicy pass ingress\\[0\\]\n +peer no .*pod=c.*\n +port yes  any\n'
matches "rules that nobody looked at" "$told" 'NetworkPolicy default/web ingress\[0\] \(not looked at\)'

# --- the node, itself, guarded blocks

told=$(nl explain 10.1.0.1 default/b 99/tcp)
matches "the node reaches its pods" "$told" \
	'client  the node itself.*ingress of default/b: accept, rule set [0-9]+ \(the node reaches its own pods; NetworkPolicy default/web would deny\)'
told=$(nl explain default/a 10.1.0.1 99/tcp)
matches "a pod reaches its node" "$told" 'policy +left out: a pod reaches its own node'
matches "which decides" "$told" 'accept, rule set [0-9]+ \(no rule decides, and it is its own node\)'
ip -n "$node" route add local 203.0.113.0/24 dev lo
told=$(nl explain default/a 203.0.113.7 99/tcp)
matches "what has a local route is the node" "$told" 'policy +left out: a pod reaches its own node'
ip -n "$node" route delete local 203.0.113.0/24 dev lo
told=$(nl explain default/b default/b 99/tcp)
matches "a pod reaches itself" "$told" 'policy +left out: a pod reaches its own Service, and so itself'
agrees "policies"
nl set --guard 10.1.0.0/24 --node-access judge > /dev/null
told=$(nl explain default/c 10.1.0.77 81/tcp)
matches "a guarded address" "$told" \
	'server  no registered pod, in guarded block 10\.1\.0\.0/24.*deny, the address of the server is guarded and belongs to no registered pod'
is "a guarded address, as JSON" "$(json '[.server.place, .server.guarded, .ingress.reason]' default/c 10.1.0.77 81/tcp)" \
	'["guarded","10.1.0.0/24","unregistered"]'
told=$(nl explain default/a 10.1.0.1 99/tcp)
matches "a pod that is judged for its node" "$told" 'policy +isolated; 2 rules, none covers the connection  <- decides'
agrees "guarded, and pods are judged for their node"
nl set --no-guard --node-access accept > /dev/null

# --- JSON

is "as JSON: the ends" "$(json '[.client, .server | del(.identity)]' default/c default/b 80/tcp)" \
	'[{"address":"10.1.0.13","namespace":"default","place":"pod","pod":"default/c"},{"address":"10.1.0.12","namespace":"default","place":"pod","pod":"default/b"}]'
is "as JSON: the walk" \
	"$(json '[.ingress.walk[] | [.enforced, .isolated, .verdict, .reason, [.tiers[] | [.tier, .ending, .rule, [.rules[] | [.index, .action, .covers_peer, .covers_port]]]]]]' default/c default/b 80/tcp)" \
	'[[false,true,"deny","isolated",[["admin","passed",0,[[0,"pass",true,true],[1,"deny",true,true]]],["policy","isolated",null,[[2,"accept",false,true],[3,"accept",false,true]]],["baseline","unreached",null,[]]]]]'
is "as JSON: near misses" \
	"$(json '[.ingress.near_misses[] | [.but_for, .rule.origin, .rule.ports, (.rule.peers | map(.name))]]' default/a default/b 81/tcp)" \
	'[["port","NetworkPolicy default/web ingress[0]",[{"first":80,"last":80,"protocol":"tcp"},{"first":8000,"last":8080,"protocol":"tcp"}],["pods{pod=a} in namespaces{kubernetes.io/metadata.name=default}"]],["peer","NetworkPolicy default/web ingress[1]",[],["192.0.2.0/24 except 192.0.2.8/29"]]]'
is "as JSON: what was there before" \
	"$(json '[.from, .to, .port, .verdict, .ingress.verdict, .ingress.reason, .ingress.tier, .ingress.origin, (.families | keys)]' default/c default/b 80/tcp)" \
	'["default/c","default/b","80/tcp","deny","deny","isolated","policy","NetworkPolicy default/web",["ipv4","ipv6"]]'
walk='.egress, .ingress | .walk | map(.tiers)'
is "the manifests tell the same story" \
	"$(json "$walk" default/a default/b 81/tcp | sed -E 's/"id":[0-9]+/"id":N/g')" \
	"$(nlctl explain -f "$manifests" -f "$policies" default/a default/b 81/tcp -o json | jq -c "$walk" |
		sed -E 's/"id":[0-9]+/"id":N/g')"

# --- audit

sed '/^metadata:$/a\  annotations: {podwall.io/mode: audit}' <<< "$web" | apply
told=$(nl explain default/c default/b 80/tcp)
matches "audited" "$told" \
	'deny \(audit mode: reported, but let pass\), rule set [0-9]+ \(isolated by NetworkPolicy default/web\)'
matches "with and without what is audited" "$told" \
	'with policies in audit mode, rule set ([0-9]+): deny.*without what those in audit mode deny, rule set ([0-9]+): accept'
is "as JSON: both" "$(json '[.ingress.walk[] | [.enforced, .verdict]]' default/c default/b 80/tcp)" \
	'[[false,"deny"],[true,"accept"]]'
agrees "in audit mode"

# --- the next packet

tracing=/sys/kernel/tracing
if [[ ! -d $tracing/instances ]]; then
	ok "the next packet # SKIP the kernel has no tracefs"
	exit
fi

left() {
	find "$tracing/instances" -maxdepth 1 -name 'nlctl-*' | wc -l
}

# await WORD...: nlctl explain --packet, which waits when this returns.
await() {
	: > "$work/waiting"
	nlctl --netns "$node" explain --packet "$@" > "$work/packet" 2> "$work/waiting" &
	explainer=$!
	until_true grep -q '^listening$' "$work/waiting" || {
		cat "$work/waiting" >&2
		exit 1
	}
}

# arrives DESCRIPTION: it does, and nothing is left of the trace.
arrives() {
	local status=0
	wait "$explainer" || status=$?
	is "$1: the packet came" "$status $(grep -v '^listening$' "$work/waiting")" "0 "
	is "$1: the trace is gone" "$(left)" 0
}

packet() {
	jq -c "$1" "$work/packet"
}

all | apply
generation=$(nl status -o json | jq .generation)
await default/a --timeout 600 -o json
probe a b 8080/tcp accept
arrives "an accepted packet"
is "an accepted packet: its connection" \
	"$(packet '[.packet.client.address, .packet.client.pod, .packet.server.address, .packet.server.port, .packet.server.pod, .packet.protocol]')" \
	'["10.1.0.11","default/a","10.1.0.12",8080,"default/b","tcp"]'
is "an accepted packet: how it was judged" \
	"$(packet '[.packet.generation, .packet.egress.verdict, .packet.egress.origin, .packet.ingress.verdict, .packet.ingress.origin]')" \
	"[$generation,\"accept\",\"NetworkPolicy default/out egress[1]\",\"accept\",\"NetworkPolicy default/web ingress[0]\"]"
is "an accepted packet: its story" \
	"$(packet '[.from, .to, .port, .verdict, .egress.walk_agrees, .ingress.walk_agrees, .note]')" \
	'["default/a","default/b","8080/tcp","accept",true,true,null]'

await default/b --denied --timeout 600
probe a b 8080/tcp accept
probe c [b] 80/udp deny
arrives "a denied packet"
matches "a denied packet: which one" "$(< "$work/packet")" \
	'^packet of \[fd00:1::d\]:[0-9]+ \(default/c\) -> \[fd00:1::c\]:80 \(default/b\), udp, length [0-9]+, judged by generation '
matches "a denied packet: how it was judged" "$(< "$work/packet")" \
	$'\n  ingress  deny, default/b is isolated, and no rule covers the connection: NetworkPolicy default/web, rule set [0-9]+\n'
matches "a denied packet: its story" "$(< "$work/packet")" \
	$'\ndefault/c \\(fd00:1::d\\) -> default/b \\(fd00:1::c\\), 80/udp: deny\n.*near miss NetworkPolicy default/web'

await default/c --direction egress --timeout 600 -o json
probe outside c 81/tcp accept
probe c outside icmp accept
arrives "a direction"
is "a direction: only that one" "$(packet '[.packet | has("ingress", "egress")]')" '[false,true]'
is "a direction: a protocol without ports" "$(packet '[.port, .from, .to]')" '["icmp","default/c","192.0.2.10"]'

await default/c --timeout 600
kill "$explainer"
status=0
wait "$explainer" || status=$?
is "a signal ends the wait" "$status" 1
matches "and it is said" "$(< "$work/waiting")" 'ended before a packet of default/c came'
is "a signal: the trace is gone" "$(left)" 0

# ends SIGNAL STATUS: of an explainer that waits, by it; a shell has what it starts
# aside ignore SIGQUIT.
ends() {
	local status=0
	: > "$work/waiting"
	env --default-signal=HUP,QUIT nlctl --netns "$node" explain --packet default/c \
		--timeout 600 > /dev/null 2> "$work/waiting" &
	explainer=$!
	until_true grep -q '^listening$' "$work/waiting"
	is "SIG$1: there is a trace" "$(left)" 1
	kill -s "$1" "$explainer"
	wait "$explainer" 2> /dev/null || status=$?
	is "SIG$1 ends the wait" "$status" "$2"
}
for signal in HUP QUIT; do
	ends "$signal" 1
	is "SIG$signal: the trace is gone" "$(left)" 0
done
ends KILL 137
is "SIGKILL: the trace is left" "$(left)" 1
ends TERM 1
is "the next one removes it" "$(left)" 0
nlctl --netns "$node" explain --packet default/c --timeout 1 2>&1 > /dev/null | true || :
is "nobody reads what it says: the trace is gone" "$(left)" 0

mkfifo "$work/full"
exec {full}<> "$work/full"
dd if=/dev/zero of="$work/full" bs=4096 oflag=nonblock 2> /dev/null || :
nlctl --netns "$node" explain --packet default/c --timeout 600 > "$work/full" 2> "$work/waiting" &
explainer=$!
until_true grep -q '^listening$' "$work/waiting"
probe c outside 80/tcp accept
# With the trace it gives the signals back.
until_true grep -q '^SigBlk:[[:space:]]*0*$' "/proc/$explainer/status"
is "nobody reads the story: the trace is gone" "$(left)" 0
kill "$explainer"
status=0
wait "$explainer" 2> /dev/null || status=$?
is "nobody reads the story: a signal ends it" "$status" 143
exec {full}>&-

fails "no packet comes" nlctl --netns "$node" explain --packet default/c --timeout 1
matches "and it is said too" "$output" 'no such packet of default/c came in 1 s'
is "no packet comes: the trace is gone" "$(left)" 0
fails "a pod that there is not" nlctl --netns "$node" explain --packet default/x --timeout 1
matches "which is named" "$output" 'default/x is not registered on this node'
# shellcheck disable=SC2016 # for the inner shell
fails "without tracefs" unshare -m bash -c \
	'umount -l /sys/kernel/tracing /sys/kernel/debug; nlctl --netns "$0" explain --packet default/c --timeout 1' "$node"
matches "how to mount it is said" "$output" 'mount -t tracefs nodev /sys/kernel/tracing'

await default/c --timeout 600
nl flush > /dev/null
succeeds "the module can be unloaded meanwhile" rmmod podwall
status=0
wait "$explainer" || status=$?
is "which ends the wait" "$status" 1
matches "and is said" "$(< "$work/waiting")" 'the podwall module was unloaded'
is "the module is unloaded: the trace is gone" "$(left)" 0
