# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Real servers in pods, and what asks them. For scenarios, after lib.sh.

# shellcheck disable=SC2154 # what lib.sh has
: "$work" "$patience" "$deadline" "${netns[@]}"

# What curl is told of names: its --resolve options.
hosts=()

# run_server POD NAME COMMAND...: a server of that name, in the foreground of the
# pod; it logs to a file. It ends with the scenario.
run_server() {
	ip netns exec "${netns[$1]}" "${@:3}" &> "$work/$2.log" &
	servers[$2]=$!
}

listens() {
	local sockets
	sockets=$(< "/proc/$1/net/tcp")$(< "/proc/$1/net/tcp6")
	[[ $sockets =~ $(printf ':%04X [0-9A-F]+:0000 0A' "$2") ]]
}

# wait_for NAME PORT: until the server listens; its log if it never does.
wait_for() {
	until_true listens "${servers[$1]}" "$2" || {
		echo "$1 does not listen on port $2" >&2
		cat "$work/$1.log" >&2
		exit 1
	}
}

# serve_web POD: nginx in the pod, as server web-POD. What stands between the
# braces of its http section comes from standard input.
serve_web() {
	local name=web-${1/\//-} part
	mkdir "$work/$name"
	{
		printf '%s;\n' "daemon off" "user root" "worker_processes 1" \
			"pid $work/$name/pid" "error_log stderr"
		printf 'events {}\nhttp {\n'
		printf '%s;\n' "access_log off" "default_type text/plain"
		for part in client_body proxy fastcgi uwsgi scgi; do
			printf '%s_temp_path %s;\n' "$part" "$work/$name/$part"
		done
		cat
		printf '}\n'
	} > "$work/$name/conf"
	run_server "$1" "$name" nginx -e stderr -p "$work/$name" -c "$work/$name/conf"
}

# certificate NAME...: a key and a certificate for all of them (DNS:HOST or
# IP:ADDRESS), to $work/key.pem and $work/certificate.pem.
certificate() {
	local IFS=,
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-subj "/CN=${1#*:}" -addext "subjectAltName=$*" \
		-keyout "$work/key.pem" -out "$work/certificate.pem" 2> "$work/openssl" || {
		cat "$work/openssl" >&2
		exit 1
	}
}

# One request of curl's configuration; for each, curl then writes a line. None
# goes over another's connection.
web_request() {
	local time=$deadline
	[[ $3 != deny ]] || time=$patience
	printf '%s\n' "url = $2" "output = $work/body-$1" "max-time = $time" \
		"cacert = $work/certificate.pem" 'header = "Connection: close"' \
		globoff http1.1 \
		"write-out = \"$1 %{exitcode} %{http_code} %{time_connect} %{errormsg}\\n\""
	printf '%s %s\n' "${hosts[@]}"
	(($# == 3)) || printf '%s\n' "${@:4}"
	echo next
}

# Each "FROM URL WANTED [OPTION...]" of $requests becomes an answer in $answers.
# All are asked at the same time, by one curl for each FROM. No answer counts as
# deny only if the connection never came to be.
run_requests() {
	local i from words files=() file jobs=() code status connected message
	answers=()
	for i in "${!requests[@]}"; do
		read -ra words <<< "${requests[i]}"
		from=${words[0]}
		file=$work/requests-${from/\//-}
		if [[ ! -e $file ]]; then
			files+=("$file")
			printf '%s\n' "$from" silent no-progress-meter parallel parallel-immediate > "$file"
		fi
		web_request "$i" "${words[@]:1}" >> "$file"
	done
	for file in "${files[@]}"; do
		read -r from < "$file"
		# The last "next" would be one too many.
		sed '1d; $d' "$file" | in_pod "$from" curl -K - > "$file.answers" || : &
		jobs+=($!)
	done
	wait "${jobs[@]}"
	while read -r i status code connected message; do
		if ((status == 28)) && [[ $connected == 0.000000 ]]; then
			answers[i]=deny
		elif ((status)); then
			answers[i]="error:$status $message"
		elif [[ $code != 200 ]]; then
			answers[i]=$code
		else
			read -r "answers[$i]" < "$work/body-$i" || :
		fi
	done < <(cat "${files[@]/%/.answers}")
	rm "${files[@]}" "${files[@]/%/.answers}"
}

report_requests() {
	local i from url wanted options row
	run_requests
	for i in "${!requests[@]}"; do
		read -r from url wanted options <<< "${requests[i]}"
		row="$1: $from $options $url $wanted"
		if [[ ${answers[i]-} && ${answers[i]%% *} == "$wanted" ]]; then
			ok "$row"
		else
			not_ok "$row" "got: ${answers[i]-no word from curl}"
		fi
	done
}

# expect_web DESCRIPTION: request every row "FROM URL WANTED [OPTION...]" of
# standard input; one test each. WANTED is the first word of the answer, its
# status if that is not 200, error:NUMBER by curl, or deny when the connection
# was not made in time. Options are curl's. Names in $hosts are known.
expect_web() {
	mapfile -t requests < <(grep -v '^$')
	report_requests "$1"
}

# expect_all_web WANTED DESCRIPTION: the rows of the last expect_web, but with
# this answer.
expect_all_web() {
	local i words
	for i in "${!requests[@]}"; do
		read -ra words <<< "${requests[i]}"
		words[2]=$1
		requests[i]=${words[*]}
	done
	report_requests "$2"
}

monitored() {
	[[ $(< "$work/drops") =~ \ drop\ +$1($'\n'|$) ]]
}

# drop_line POD DIRECTION PROTOCOL CLIENT SERVER ORIGIN: a pattern for what nlctl
# monitor tells of a pod that ORIGIN isolates; the first two of the last three
# are patterns, too.
drop_line() {
	printf '([a-z/-]+ )?%s -> ([a-z/-]+ )?%s %s  %s of %s: isolated by %s' \
		"$4" "$5" "$3" "$2" "$1" "$6"
}

# dropped DESCRIPTION PATTERN: nlctl monitor tells of it, in one line; the
# pattern has no room for a line's end.
dropped() {
	if until_true monitored "$2"; then
		ok "$1"
	else
		not_ok "$1" "wanted: $2" "$(tail -n 20 "$work/drops")"
	fi
}
