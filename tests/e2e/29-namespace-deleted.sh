#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A network namespace that dies takes its policy with it, hooks and all, and
# does not keep the module from being unloaded.

. "${0%/*}/lib.sh"

start a b

second=$tag-second
netns[second]=$second
ip netns add "$second"

policy closed '{}' 'policyTypes: [Ingress, Egress]' > "$policies"
write_pods > "$manifests"
nlctl --netns "$second" apply -f "$manifests" -f "$policies" > /dev/null
nlctl --netns "$second" set --guard 10.1.0.0/24 > /dev/null
is "one namespace enforces" "$(nlctl --netns "$second" status -o json | jq .enforcing)" true
is "the other does not" "$(nl status -o json | jq .enforcing)" false
expect "each namespace has its own policy" <<- END
	a b 80/tcp accept
	outside a 80/tcp accept
END
fails "rmmod is refused" rmmod podwall

ip netns delete "$second"
succeeds "rmmod works when the namespace is gone" until_true module_gone
insmod "$PODWALL_MODULE"
is "the other namespace holds nothing" "$(nl status -o json | jq .used.pods)" 0
