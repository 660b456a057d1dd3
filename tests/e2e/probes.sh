# shellcheck shell=bash disable=SC2154 # variables of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Part of lib.sh: connections, and what is expected of them.

# resolve NAME: to $resolved. NAME stands for an IPv4 address, [NAME] for an
# IPv6 one; what is no name is an address itself.
resolve() {
	case $1 in
	\[*\]) resolved=${1#\[} resolved=${resolved%\]} resolved=${address6[$resolved]-$resolved} ;;
	*) resolved=${address4[$1]-$1} ;;
	esac
}

# Each "FROM TO PORT VERDICT [OPTION...]" of $rows becomes an answer in
# $answers, all at the same time.
run_probes() {
	local row from to port wanted options time
	answers=()
	for row in "${rows[@]}"; do
		read -r from to port wanted options <<< "$row"
		resolve "$to"
		time=$answer_time
		[[ $wanted != deny ]] || time=$patience
		tell probe "${netns[$from]}" "$resolved" "$port" "$time" "$options"
	done
	tell run
	for row in "${rows[@]}"; do
		hear
		answers+=("$answer")
	done
}

# probe FROM TO PORT WANTED [OPTION...]: one probe, without a verdict on it; to
# $verdict, $server and $client.
# shellcheck disable=SC2034 # for the scenarios
probe() {
	rows=("$*")
	run_probes
	read -r verdict server client <<< "${answers[0]}"
}

# flow_open KEY FROM TO PORT [OPTION...]: a connection that stays open; it must
# succeed.
flow_open() {
	resolve "$3"
	ask open "$1" "${netns[$2]}" "$resolved" "$4" "$deadline" "${*:5}"
	[[ $answer == accept* ]] || {
		echo "flow $*: $answer" >&2
		exit 1
	}
}

# flow_says DESCRIPTION KEY heard|silence [SIZE]: what is said on it comes back,
# or not in time.
flow_says() {
	# TCP doubles its pause with every silence: it may be long in coming.
	local time=$deadline
	[[ $3 != silence ]] || time=$patience
	ask say "$2" "$time" "${4:-0}"
	is "$1: $2 $3" "$answer" "$3"
}

report_rows() {
	local i row
	for i in "${!rows[@]}"; do
		read -r from to port wanted _ <<< "${rows[i]}"
		row="$1: $from -> $to $port $wanted"
		if [[ ${answers[i]%% *} == "$wanted" ]]; then
			ok "$row"
		else
			not_ok "$row" "got: ${answers[i]}"
		fi
	done
}

# read_rows: the lines of standard input that are not empty become $rows.
read_rows() {
	local row
	rows=()
	while IFS= read -r row; do
		[[ ! $row ]] || rows+=("$row")
	done
}

# expect DESCRIPTION: probe every row "FROM TO PORT VERDICT [OPTION...]" of
# standard input; one test each.
expect() {
	local from to port wanted
	read_rows
	run_probes
	report_rows "$1"
}

# expect_all VERDICT DESCRIPTION: the rows of the last expect, or of standard
# input when it has any, but with this verdict.
expect_all() {
	local from to port wanted options row i
	for i in "${!rows[@]}"; do
		read -r from to port wanted options <<< "${rows[i]}"
		rows[i]="$from $to $port $1 $options"
	done
	run_probes
	report_rows "$2"
}

# keys_on NODE: the pods that its kernel knows as its own, as far as they have
# addresses.
keys_on() {
	local name keys=()
	for name in "${pods[@]}"; do
		[[ ${router[$name]-} == "$1" ]] || continue
		[[ $name == */* ]] || name=default/$name
		keys+=("$name")
	done
	printf '%s' "${keys[*]}"
}

# check_matrix DESCRIPTION PORT...: what happens between all pods, and what
# nlctl matrix says of them from the manifests, are the same; so is what a node
# says of its own pods.
check_matrix() {
	local description=$1 from to port cells live offline keys name family i got
	local ports=()
	shift
	for port; do
		ports+=(--port "$port")
	done
	cells='[.cells[] | "\(.from) \(.to) \(.port) \(.verdict)"] | sort[]'
	offline=$(nlctl matrix "${ports[@]}" -o json -f "$manifests" -f "$policies")
	for name in "${nodes[@]}"; do
		live=$(nl_at "$name" matrix "${ports[@]}" -o json | jq -r "$cells")
		keys=$(keys_on "$name")
		is "$description: the matrix from the manifests is the live one of the $name" \
			"$(jq -r --arg keys "$keys" \
				".cells |= map(select([.from, .to] - (\$keys / \" \") == [])) | $cells" \
				<<< "$offline")" "$live"
	done
	offline=$(jq -r "$cells" <<< "$offline")

	rows=()
	while read -r from to port wanted; do
		from=${from#default/} to=${to#default/}
		for family in "$to" "[$to]"; do
			rows+=("$from $family $port $wanted")
		done
	done <<< "$offline"
	run_probes
	got=$(
		for i in "${!rows[@]}"; do
			read -r from to port _ <<< "${rows[i]}"
			printf '%s %s %s %s\n' "$from" "$to" "$port" "${answers[i]%% *}"
		done
	)
	is "$description: ${#rows[@]} connections go as the matrix says" "$got" \
		"$(printf '%s\n' "${rows[@]}")"
}
