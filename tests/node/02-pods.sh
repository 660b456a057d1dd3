#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Pods begin, change and end on a node with podwall: what they may holds from their
# first packet on.

. "${0%/*}/node.sh"

runs server friend stranger

# The first thing that these do is to connect.
connect=$(asking server)
deploy eager-friend friend "$connect"
deploy eager-stranger stranger "$connect"
deploy eager-closed none "$connect"
runs eager-friend eager-stranger eager-closed
for name in friend stranger closed; do
	succeeds "a new pod connects at once: $name" until_true says "eager-$name" 'hello|denied'
done
is "what it may is open when it begins: its first words" "$(said eager-friend | head -n 1)" hello
succeeds "podwall-cni was called: an attachment" \
	grep -qF "/${pod[eager-friend]}\"" "$attachments"/*

# Labels.
role friend none
role stranger friend
succeeds "labels change: what was open closes" until_true closes friend server 8080
reaches "labels change: what was closed opens" stranger server
role stranger stranger
role friend friend
succeeds "and closes again" until_true closes stranger server 8080
reaches "and opens again" friend server

# seen ADDRESS: how often the server has answered it.
seen() {
	said server | grep -cF ":$1]:" || :
}

# A friend ends, and a stranger has its address.
was=${address4[eager-friend]} friend_was=${pod[eager-friend]}
must DELETE /apis/apps/v1/namespaces/x/deployments/eager-friend \
	'{"propagationPolicy": "Background"}'
succeeds "a pod ends" until_true gone "x/$friend_was"
succeeds "the network has its address back" until_true freed "$was"
is "by then its attachment is gone" "$(grep -lF "/$friend_was\"" "$attachments"/* || :)" ""
is "and the kernel knows it no more" "$(nlctl get pods | grep -c "$friend_was" || :)" 0
answered=$(seen "$was")
fails "the server has answered it" test "$answered" = 0
give_next "$was"
deploy heir stranger "$connect"
runs heir
is "the next pod has its address" "${address4[heir]}" "$was"
succeeds "it connects at once" until_true says heir 'hello|denied'
reaches_not "and has not the rights of the other" heir server

# All that the closed ones ever heard.
is "the server has answered the friend, and not who has its address now" \
	"$(seen "$was")" "$answered"
for name in eager-stranger eager-closed heir; do
	is "nothing but denials since it began: $name" "$(said "$name" | sort -u)" denied
done
for name in eager-stranger eager-closed; do
	is "the server has never answered it: $name" "$(seen "${address4[$name]}")" 0
done

# The kubelet's own probes, of a pod that began behind the policy.
must DELETE "/api/v1/namespaces/x/pods/${pod[server]}"
runs server
succeeds "the kubelet's probes reach an isolated pod" until_true pod_ready "x/${pod[server]}"
reaches "a server begun anew" friend server
reaches_not "a server begun anew" stranger server
is "it was never killed" "$(field "x/${pod[server]}" '.status.containerStatuses[0].restartCount')" 0
