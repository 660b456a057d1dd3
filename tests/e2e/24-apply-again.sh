#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Apply changes what differs and nothing else; diff and --dry-run only tell.

. "${0%/*}/lib.sh"

start a b

generation() {
	nl status -o json | jq .generation
}

apply_files=(-f "$manifests" -f "$policies")
policy closed '{pod: b}' | apply
first=$(generation)
succeeds "apply again" nlctl --netns "$node" apply "${apply_files[@]}"
matches "there is nothing to change" "$output" 'nothing to change'
is "the generation stays" "$(generation)" "$first"

policy open '{pod: b}' 'ingress: [{from: [{podSelector: {}}]}]' > "$policies"
for command in diff 'apply --dry-run'; do
	read -ra words <<< "$command"
	succeeds "$command" nlctl --netns "$node" "${words[@]}" "${apply_files[@]}"
	matches "$command tells of the change" "$output" '[1-9][0-9]* to (add|replace)'
	is "$command changes nothing" "$(generation)" "$first"
done
expect "the old policy is enforced" <<- END
	a b 80/tcp deny
END

succeeds "apply" nlctl --netns "$node" apply "${apply_files[@]}"
expect_all accept "the new policy is enforced"
((first < $(generation))) && moved=yes || moved=no
is "the generation moved on" "$moved" yes
succeeds "diff" nlctl --netns "$node" diff "${apply_files[@]}"
matches "finds no difference" "$output" 'nothing to change'
