#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What was saved and restored is what was there, settings included, and where
# asked for with what was guarded before; a damaged file changes nothing.

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

# A restore opens what was not guarded when the file was saved, unless told not
# to. The saved 10.1.0.0/24 holds the second block.
nl set --guard 10.2.0.0/16 --guard 10.1.0.0/25 > /dev/null
nl restore --keep-guard "$saved" > /dev/null
is "restore --keep-guard guards the file's blocks and those before" \
	"$(nl get settings -o json | jq -c .settings.guarded)" \
	'["10.1.0.0/24","10.2.0.0/16"]'
nl restore "$saved" > /dev/null
is "restore guards the file's blocks" \
	"$(nl get settings -o json | jq -c .settings.guarded)" '["10.1.0.0/24"]'

nl set --no-guard > /dev/null
succeeds "restore --if-empty, with a policy" nlctl --netns "$node" restore --if-empty "$saved"
succeeds "restore --if-empty of a damaged file, with a policy" \
	nlctl --netns "$node" restore --if-empty "$work/damaged.json"
is "restore --if-empty replaces no policy" "$(nl get settings -o json | jq -c .settings.guarded)" '[]'
nl flush > /dev/null
succeeds "restore --if-empty, without a policy" nlctl --netns "$node" restore --if-empty --keep-guard "$saved"
verdicts "after that"
