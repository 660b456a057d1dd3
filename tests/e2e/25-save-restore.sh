#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What was saved and restored is what was there, settings included; a damaged
# file changes nothing.

. "${0%/*}/lib.sh"

start a b
containers[b]='web:80/TCP'

{
	policy web '{pod: b}' 'ingress:' \
		'- {from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{port: web}]}' \
		'- {from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}]}'
	policy egress '{pod: a}' 'policyTypes: [Egress]' 'egress: [{ports: [{port: 80, endPort: 90}]}]'
} | apply
nl set --guard 10.1.0.0/24 --event-rate 7 > /dev/null

verdicts() {
	expect "$1" <<- END
		a b 80/tcp accept
		a b 81/tcp deny
		outside b 81/tcp accept
		a outside 80/udp deny
	END
}

verdicts "before"
saved=$work/state.json
succeeds "save" nlctl --netns "$node" save "$saved"
nl flush > /dev/null
nl set --no-guard --event-rate 100 > /dev/null
expect "flushed" <<- END
	a b 81/tcp accept
	a outside 80/udp accept
END

sed 's/10\.1\.0\.12/10.1.0.13/' "$saved" > "$work/damaged.json"
head -c 500 "$saved" > "$work/short.json"
for file in damaged short; do
	fails "a $file file is refused" nlctl --netns "$node" restore "$work/$file.json"
	is "a $file file changes nothing" "$(nl get pods -o json | jq '.pods | length')" 0
done

succeeds "restore" nlctl --netns "$node" restore "$saved"
verdicts "after"
nl save "$work/again.json"
is "what is saved again is the same" \
	"$(jq -S 'del(.generation, .checksum)' "$work/again.json")" \
	"$(jq -S 'del(.generation, .checksum)' "$saved")"
