#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Denied connections are told so at once where settings ask for it.

. "${0%/*}/lib.sh"

start a b

policy closed '{pod: b}' 'policyTypes: [Ingress, Egress]' | apply
rows=(
	"a b 80/tcp deny" "a b 80/udp deny" "a [b] 80/tcp deny" "a [b] 80/udp deny"
	"b a 80/tcp deny" "b outside 80/udp deny" "b [outside] 80/tcp deny"
)
expect_all deny "drop"

nl set --deny reject > /dev/null
expect_all rejected "reject"
is "the setting is listed" "$(nl get settings -o json | jq -r .settings.deny_action)" reject

nl set --deny drop > /dev/null
expect_all deny "drop again"
