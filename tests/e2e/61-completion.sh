#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion knows what the module does, and is silent where that cannot be asked.

. "${0%/*}/lib.sh"

start a b

# completes LINE: what bash makes of the last word, one a line, sorted.
completes() {
	bash -c '
		. "$1"
		COMP_LINE=$2 COMP_POINT=${#2}
		read -ra COMP_WORDS <<< "$2"
		[[ $2 != *" " ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_nlctl 2> /dev/null
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' \
		bash "$lib/../../nlctl/completion/nlctl.bash" "$1" | sort | xargs
}

# answers WORD...: the same of nlctl itself, and what it complains of.
answers() {
	nlctl complete -- "$@" 2>&1 | tail -n +2 | cut -f 1 | xargs
}

is "without a policy there are no pods" "$(completes "nlctl -n $node explain ")" ""
{
	policy closed '{pod: b}' 'ingress: [{ports: [{port: 80}]}]'
	policy open '{pod: a}' 'egress: [{}]'
} | apply
is "pods" "$(completes "nlctl -n $node explain ")" "default/a default/b"
is "pods that begin so" "$(completes "nlctl --netns=$node explain default/a default/b")" "default/b"
is "not of another network namespace" "$(completes "nlctl explain ")" ""
matches "network namespaces" "$(completes "nlctl -n ")" "$node"

as_nobody() {
	setpriv --reuid 65534 --clear-groups --bounding-set -all "$@"
}
is "nothing, and silently, without root" \
	"$(as_nobody "$(command -v nlctl)" complete -- explain '' 2>&1)" words
nl flush > /dev/null
rmmod podwall
is "nothing without the module" "$(answers explain '')" ""
fails "which is not loaded for that" test -e /sys/module/podwall
insmod "$PODWALL_MODULE"
