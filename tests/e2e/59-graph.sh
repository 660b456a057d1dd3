#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The graph of the live policy has the edges that traffic has, and draws what was
# denied while it watched.

. "${0%/*}/lib.sh"

start a b c

# edge FROM TO: the ports that the graph lets pass between two labels.
edge() {
	jq -r --arg from "$1" --arg to "$2" '
		(.vertices | map({key: (.id | tostring), value: .label}) | from_entries) as $names |
		[.edges[] | select($names[.from | tostring] == $from and $names[.to | tostring] == $to) |
		 .verdict + " " + .label] | join("; ")' "$work/graph.json"
}

# watch NAME [ARGUMENT...]: a graph to $work/NAME, which listens from now on.
watch() {
	: > "$work/$1.errors"
	nlctl --netns "$node" graph --live 600 "${@:2}" \
		> "$work/$1" 2> "$work/$1.errors" &
	watcher=$!
	until_true grep -q listening "$work/$1.errors"
}

# draw: whoever watches, or was stopped meanwhile, is asked for the picture.
draw() {
	kill -INT "$watcher"
	kill -CONT "$watcher"
	wait "$watcher" || not_ok "graph --live ends well" "$(cat "$work"/*.errors)"
}

{
	policy door '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{port: 80}]}]'
	policy no-way-out '{pod: c}' 'policyTypes: [Egress]' 'egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 80, protocol: UDP}]}]'
} | apply

nl graph -o json > "$work/graph.json"
is "a reaches b on the port that its policy has" "$(edge a b)" "accept 80/tcp"
is "a reaches c, which nothing isolates" "$(edge a c)" "accept all traffic"
is "c does not reach a" "$(edge c a)" ""
is "c does not reach b" "$(edge c b)" ""
is "c reaches the block that its policy has" "$(edge c 192.0.2.0/24)" "accept 80/udp"
is "b reaches the block" "$(edge b 192.0.2.0/24)" "accept all traffic"
is "the block does not reach b" "$(edge 192.0.2.0/24 b)" ""
is "the source is told" "$(jq -c '[.source, .generation > 0, .seconds, .lost]' "$work/graph.json")" '["module",true,0,0]'
expect "traffic is as the graph has it" <<- END
	a b 80/tcp accept
	a b 81/tcp deny
	a c 81/udp accept
	c a 80/tcp deny
	c outside 80/udp accept
	c outside 80/tcp deny
	outside b 80/tcp deny
END

watch live.json -o json
expect "while somebody watches" <<- END
	a b 81/udp deny
	c outside 81/udp deny
	a b 80/udp deny
END
draw
is "denied attempts are counted" \
	"$(jq -c '[.attempts[] | [.client, .server, .label, .audited, .packets >= 1, .reason]] | sort' "$work/live.json")" \
	'[["default/a","default/b","80/udp",false,true,"isolated"],["default/a","default/b","81/udp",false,true,"isolated"],["default/c","192.0.2.10","81/udp",false,true,"isolated"]]'
matches "with what denies them" "$(jq -r '[.attempts[].origin] | join(" ")' "$work/live.json")" 'default/door.*'

watch live.dot -o dot
expect "while somebody watches for dot" <<- END
	a b 81/udp deny
END
draw
matches "dot has the edge" "$(< "$work/live.dot")" 'class="accepted" label="80/tcp"'
matches "and the attempt in red" "$(< "$work/live.dot")" 'class="attempt-denied" label="81/udp\\n[1-9][0-9]* denied".*color="#d62718"'

watch live.html -o html --namespace default
expect "while somebody watches for a page" <<- END
	c outside 81/udp deny
END
draw
matches "the page has a picture" "$(< "$work/live.html")" '<svg .*attempt(-|&#45;)denied.*</svg>'
matches "and the attempt among its data" "$(< "$work/live.html")" '"client":"default/c"'
succeeds "an SVG is drawn" nl graph -o svg
matches "of all pods" "$output" '>a<.*>b<.*>c<'

# In audit mode everything passes, and is drawn in another colour.
modes["default/"]=audit
cp "$policies" "$work/same.yaml"
apply < "$work/same.yaml"
nl graph -o json > "$work/graph.json"
is "what audit mode lets pass is told" "$(edge c a)" "audit all traffic"
# What has arrived is in the picture, though nobody has looked at it before.
watch audit.json -o json
kill -STOP "$watcher"
expect "in audit mode" <<- END
	c a 80/tcp accept
END
draw
is "audited attempts are told" \
	"$(jq -c '[.attempts[] | [.client, .server, .label, .audited]] | unique' "$work/audit.json")" \
	'[["default/c","default/a","80/tcp",true]]'

fails "a pod that is not there" nl graph --pod default/nobody
matches "is told by name" "$output" 'option --pod: "default/nobody" is not among the pods that this node has registered'
fails "an empty namespace" nl graph --namespace nowhere
matches "is told by name, too" "$output" 'no pod of "nowhere" is among those that this node has registered'
nl graph --pod default/c -o json > "$work/graph.json"
is "one pod has its own edges only" \
	"$(jq '[.vertices[] | select(.label == "c").id][0] as $c | [.edges[] | select(.from != $c and .to != $c)] | length' "$work/graph.json")" 0
nl flush > /dev/null
is "an empty policy has no boxes" "$(nl graph -o json | jq -c '[.vertices, .edges]')" '[[],[]]'
