# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Results of several programs in one row. What a program's own plan does not
# account for is one more failure.

number=0

result() {
	number=$((number + 1))
	printf '%s %d - %s\n' "$1" "$number" "$2"
}

# merge NAME: read TAP, print it renumbered.
merge() {
	local line planned='' before=$number
	while IFS= read -r line; do
		if [[ $line =~ ^(ok|not\ ok)\ [0-9]+\ -\ (.*) ]]; then
			result "${BASH_REMATCH[1]}" "$1: ${BASH_REMATCH[2]}"
		elif [[ $line =~ ^1\.\.([0-9]+)$ ]]; then
			planned=${BASH_REMATCH[1]}
		else
			printf '%s\n' "$line"
		fi
	done
	if [[ $planned != $((number - before)) ]]; then
		result 'not ok' "$1: ended after $((number - before)) results, its plan is ${planned:-missing}"
	fi
}
