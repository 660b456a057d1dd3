#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Listings cut long lists, and wide ones do not, and show more.

. "${0%/*}/lib.sh"

start a b

# No two of them make a larger one.
blocks=
port_list=
for ((i = 1; i <= 20; i++)); do
	blocks+="192.0.$((i * 2)).0/24,"
	port_list+="{port: $((1000 + i * 2))},"
done
policy many '{pod: b}' "ingress: [{from: [{ipBlock: {cidr: 192.0.0.0/16, except: [$blocks]}}], ports: [$port_list]}]" | apply
expect "datagrams" <<- END
	a b 80/udp deny
	b a 80/udp accept
END

# columns WORD...: the headings of a listing.
columns() {
	nl get "$@" | head -n 1 | sed -E 's/ {2,}/,/g'
}

# blocks_in TEXT: how many exceptions the last column of a listing names.
blocks_in() {
	sed -n 's/.* except//p' <<< "$1" | grep -oE '192\.0\.[0-9]+\.0/24' | wc -l
}

narrow=$(nl get peersets)
is "a cell names 16 exceptions" "$(blocks_in "$narrow")" 16
matches "and says how many more there are" "$narrow" 'and 4 more'
wide=$(nl get peersets --wide)
is "a wide one names all" "$(blocks_in "$wide")" 20
is "and nothing more" "$(grep -c 'and [0-9]* more' <<< "$wide")" 0
matches "ports are cut as well" "$(nl get rulesets)" '1032/tcp and 4 more'
matches "or not" "$(nl get rulesets --wide)" '1038/tcp 1040/tcp '
for what in pods rulesets peersets; do
	fails "$what have further columns" test "$(columns "$what" --wide)" = "$(columns "$what")"
	is "$what have the others as well" \
		"$(comm -23 <(columns "$what" | tr , '\n' | sort) <(columns "$what" --wide | tr , '\n' | sort))" ""
done
is "how many rules name a set" "$(nl get peersets --wide | awk -F '  +' 'NR > 1 { print $3 }')" 1
is "what was decided for the pods" \
	"$(nl get pods --wide | awk 'NR > 1 { print $1, $(NF - 3), $(NF - 2), $(NF - 1), $NF }')" \
	$'default/a 3 0 0 0\ndefault/b 2 1 0 0'
is "JSON is the same either way" "$(nl get rulesets -o json)" "$(nl get rulesets -o json --wide)"
is "JSON tells why" \
	"$(nl get pods -o json | jq -c '[.pods[] | select(.key == "default/b") | .traffic[] | select(.verdict == "deny") | [.direction, .mode, .reason, .packets]], [.pods[].events_lost]')" \
	$'[["ingress","enforce","isolated",1]]\n[0,0]'
