# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# podwall-cni comes into a chain, stays there, and goes out again, in directories
# such as a node has.

network=$work/node/net.d
programs=$work/node/bin
printf '#!/bin/sh\n' > "$work/podwall-cni"

cni() {
	env PROGRAMS="$programs" CONFIGURATIONS="$network" PLUGIN="$work/podwall-cni" \
		"${settings[@]}" "$image/cni" "$@"
}

# begin: an empty node.
begin() {
	rm -rf "$work/node"
	mkdir -p "$network" "$programs"
	settings=()
}

# put NAME TEXT
put() {
	printf '%s\n' "$2" > "$network/$1"
}

types() {
	jq -c '[.plugins[].type]' "$network/$1"
}

foreign='{
  "name": "k8s-pod-network",
  "cniVersion": "0.3.1",
  "disableCheck": true,
  "x-own": {"z": 1, "a": [null, 2.5, "\u00e9 \"quoted\""]},
  "plugins": [
    {"type": "calico", "log_level": "info", "mtu": 0, "ipam": {"type": "calico-ipam"}},
    {"type": "portmap", "snat": true, "capabilities": {"portMappings": true}}
  ]
}'

begin
put 10-calico.conflist "$foreign"
put 20-other.conflist "$foreign"
put 05-notes.txt "no configuration"
chmod 600 "$network/10-calico.conflist"
chown 1234:4321 "$network/10-calico.conflist"
fails "before, there is something to do" cni check
succeeds "podwall-cni is chained" cni install
is "behind the others, into the first list" "$(types 10-calico.conflist)" \
	'["calico","portmap","podwall-cni"]'
is "and into no other" "$(types 20-other.conflist)" '["calico","portmap"]'
is "nothing else of the file changes, nor its order" \
	"$(jq -c 'del(.plugins[-1])' "$network/10-calico.conflist")" "$(jq -c . <<< "$foreign")"
is "its entry says no more than its type" \
	"$(jq -c '.plugins[-1]' "$network/10-calico.conflist")" '{"type":"podwall-cni"}'
is "the file keeps its owner and mode" \
	"$(stat -c '%u:%g %a' "$network/10-calico.conflist")" "1234:4321 600"
is "the program is there, and may be run" "$(stat -c %a "$programs/podwall-cni")" 755
succeeds "it is the image's" cmp "$work/podwall-cni" "$programs/podwall-cni"
is "nothing is left beside them" \
	"$(find "$network" "$programs" -mindepth 1 -printf '%f\n' | LC_ALL=C sort | xargs)" \
	"05-notes.txt 10-calico.conflist 20-other.conflist podwall-cni"
succeeds "then nothing is left to do" cni check

before=$(stat -c '%i %Y' "$network/10-calico.conflist" "$programs/podwall-cni")
succeeds "a second time" cni install
is "nothing is written" \
	"$(stat -c '%i %Y' "$network/10-calico.conflist" "$programs/podwall-cni")" "$before"

settings=(START_UP=open TIMEOUT=3)
fails "with other settings there is something to do" cni check
succeeds "they are taken over" cni install
is "in place of the former" "$(jq -c '.plugins[2:]' "$network/10-calico.conflist")" \
	'[{"type":"podwall-cni","startUp":"open","timeout":3}]'
settings=()

printf '#!/bin/sh\n# newer\n' > "$work/podwall-cni"
fails "a newer program is something to do" cni check
succeeds "it replaces the older one" cni install
succeeds "by itself" cmp "$work/podwall-cni" "$programs/podwall-cni"

jq '.plugins |= [.[2], .[0], .[1]]' "$network/10-calico.conflist" > "$work/moved"
cp "$work/moved" "$network/10-calico.conflist"
succeeds "an entry in front is moved" cni install
is "to the end" "$(types 10-calico.conflist)" '["calico","portmap","podwall-cni"]'

# Others may be the first later, or have been before.
settings=(CHAIN=20-other.conflist)
succeeds "a list that is named" cni install
is "is taken in place of the first" "$(types 20-other.conflist)" \
	'["calico","portmap","podwall-cni"]'
settings=()
succeeds "podwall-cni is taken out" cni remove
is "of all lists" "$(types 10-calico.conflist) $(types 20-other.conflist)" \
	'["calico","portmap"] ["calico","portmap"]'
is "which are what they were" "$(jq -c . "$network/20-other.conflist")" "$(jq -c . <<< "$foreign")"
succeeds "the program stays" test -x "$programs/podwall-cni"
is "a file that is no configuration stays" "$(< "$network/05-notes.txt")" "no configuration"
succeeds "taking it out again is nothing" cni remove

begin
succeeds "a node without a configuration yet is none to complain of" cni install
succeeds "the program is there for it" test -x "$programs/podwall-cni"
fails "but it is not done" cni check

# refuses DESCRIPTION NAME TEXT WORDS: the file is not touched.
refuses() {
	local said status=0
	begin
	put "$2" "$3"
	said=$(cni install 2>&1) || status=$?
	is "$1 is refused" "$status" 1
	succeeds "$1: it says why" grep -qF -- "$4" <<< "$said"
	is "$1: it stays what it is" "$(< "$network/$2")" "$3"
	is "$1: nothing is left beside it" "$(ls -A "$network")" "$2"
}

refuses "a single plugin" 10-bridge.conf '{"type": "bridge", "cniVersion": "0.3.1"}' \
	"no list of plugins"
refuses "a list without a plugin" 10-a.conflist '{"cniVersion": "1.0.0", "plugins": []}' \
	"no list of plugins"
refuses "what is no JSON" 10-a.conflist '{"cniVersion": "1.0.0", "plugins": [' \
	"no list of plugins"
refuses "an empty file" 10-a.conflist '' "no list of plugins"
refuses "plugins that are no list" 10-a.conflist '{"plugins": {"type": "x"}}' \
	"no list of plugins"
refuses "an old version" 10-a.conflist '{"cniVersion": "0.2.0", "plugins": [{"type": "x"}]}' \
	"cniVersion before 0.3.1"
refuses "no version" 10-a.conflist '{"plugins": [{"type": "x"}]}' \
	"cniVersion before 0.3.1"
for version in 0.3.1 0.4.0 1.0.0 1.1.0; do
	begin
	put 10-a.conflist "{\"cniVersion\": \"$version\", \"plugins\": [{\"type\": \"x\"}]}"
	succeeds "version $version is taken" cni install
done

begin
put target.old "$foreign"
ln -s target.old "$network/10-a.conflist"
fails "a link is refused" cni install
succeeds "and stays one" test -L "$network/10-a.conflist"

begin
put 10-a.conflist "$foreign"
chattr +i "$network" 2> /dev/null && {
	fails "a directory that cannot be written is told of" cni install
	chattr -i "$network"
	is "and the file stays" "$(jq -c . "$network/10-a.conflist")" "$(jq -c . <<< "$foreign")"
}

# A reader never finds half of a file.
begin
put 10-a.conflist "$foreign"
cp "$network/10-a.conflist" "$work/whole"
(
	while [[ ! -e $work/stop ]]; do
		jq -e '.plugins | length >= 2' "$network/10-a.conflist" > /dev/null || echo torn
	done
) > "$work/reader" 2>&1 &
reader=$!
for _ in {1..20}; do
	cni install > /dev/null
	cni remove > /dev/null
done
touch "$work/stop"
wait "$reader"
is "whoever reads it meanwhile finds it whole" "$(< "$work/reader")" ""

# within SECONDS COMMAND...
within() {
	local end=$((SECONDS + $1))
	until "${@:2}"; do
		((SECONDS < end)) || return 1
		sleep 0.1
	done
}

begin
settings=(SECONDS_BETWEEN=0.2)
env PROGRAMS="$programs" CONFIGURATIONS="$network" PLUGIN="$work/podwall-cni" \
	"${settings[@]}" "$image/cni" keep > "$work/kept" 2>&1 &
keeper=$!
put 10-a.conflist "$foreign"
succeeds "a configuration that comes later is found" within 30 cni check
put 10-a.conflist "$foreign"
succeeds "one that is written anew, too" within 30 cni check
rm "$programs/podwall-cni"
succeeds "and a program that is gone" within 30 cni check
put 05-b.conf '{"type": "bridge"}'
succeeds "what is wrong" within 30 grep -qF "05-b.conf is no list" "$work/kept"
rm "$network/05-b.conf"
put 10-a.conflist "$foreign"
succeeds "is no end of it" within 30 cni check
kill "$keeper"
status=0
wait "$keeper" || status=$?
is "it ends when it is told to" "$status" 0
is "it says nothing twice in a row" "$(uniq -d "$work/kept")" ""

# Told so by a program that it runs.
begin
put 10-a.conflist "$foreign"
mkdir "$work/told"
# shellcheck disable=SC2016 # the program expands it
printf '#!/bin/sh\nkill -TERM "$(cat %s)"\nexec /usr/bin/jq "$@"\n' "$work/keeper" > "$work/told/jq"
chmod +x "$work/told/jq"
status=0
# shellcheck disable=SC2016 # the inner shell expands it
env PROGRAMS="$programs" CONFIGURATIONS="$network" PLUGIN="$work/podwall-cni" \
	PATH="$work/told:$PATH" sh -c 'echo $$ > "$1"; exec "$2" keep' - "$work/keeper" \
	"$image/cni" > /dev/null 2>&1 || status=$?
is "so it does while it installs" "$status" 0
fails "what it does not know it does not do" "$image/cni" purge
