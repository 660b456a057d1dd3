#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A guarded address is cut off both ways until a registered pod owns it, even
# before there is any pod: a new pod is never open for a moment.

. "${0%/*}/lib.sh"

start a b

rows=(
	"a outside 80/tcp deny" "outside a 80/tcp deny" "a b 80/udp deny"
	"b a 80/tcp deny" "a [outside] 80/tcp deny" "outside [a] 80/udp deny"
	"node a 80/tcp deny" "a outside icmp deny"
)
expect_all accept "nothing is guarded"

flow_open early a outside 80/tcp
nl set --guard 10.1.0.0/24 --guard fd00:1::/64 > /dev/null
expect_all deny "guarded, and no pod is registered"
flow_says "a connection from before" early silence
is "status says that it enforces" "$(nl status -o json | jq .enforcing)" true

absent[b]=1
apply < /dev/null
expect "one pod is registered" <<- END
	a outside 80/tcp accept
	outside a 80/tcp accept
	a [outside] 80/tcp accept
	node a 80/tcp accept
	a b 80/tcp deny
	b outside 80/tcp deny
	outside b 80/tcp deny
	outside [b] 80/tcp deny
	node b 80/tcp deny
END
flow_says "a connection from before" early heard

absent[b]=
apply < /dev/null
expect_all accept "both are registered"

nl flush > /dev/null
expect_all deny "all are removed"
nl set --no-guard > /dev/null
expect_all accept "nothing is guarded any more"

guarded() {
	nl get settings -o json | jq -c '.settings.guarded | sort'
}

nl set --guard 10.1.0.0/25 > /dev/null
nl set --add-guard 10.2.0.0/16 --add-guard fd00:1::/64 > /dev/null
is "blocks are added" "$(guarded)" '["10.1.0.0/25","10.2.0.0/16","fd00:1::/64"]'
nl set --add-guard 10.2.3.0/24 > /dev/null
is "what is guarded already is not added" "$(guarded)" '["10.1.0.0/25","10.2.0.0/16","fd00:1::/64"]'
fails "a block is added and all replaced" nlctl --netns "$node" set --add-guard 10.3.0.0/16 --guard 10.4.0.0/16
matches "says what excludes what" "$output" 'exclude each other'
nl set --guard 10.4.0.0/16 > /dev/null
is "blocks are replaced" "$(guarded)" '["10.4.0.0/16"]'
nl set --no-guard > /dev/null
