#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The client's egress and the server's ingress are judged apart, and both must
# accept.

. "${0%/*}/lib.sh"

start a b

to_b=('policyTypes: [Egress]' 'egress: [{to: [{podSelector: {matchLabels: {pod: b}}}]}]')
from_a='ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]'

rows=("a b 80/tcp deny" "a b 80/udp deny" "a [b] 80/tcp deny")

{
	policy client '{pod: a}' "${to_b[@]}"
	policy server '{pod: b}'
} | apply
expect_all deny "egress accepts, ingress denies"

{
	policy client '{pod: a}' 'policyTypes: [Egress]'
	policy server '{pod: b}' "$from_a"
} | apply
expect_all deny "egress denies, ingress accepts"

{
	policy client '{pod: a}' "${to_b[@]}"
	policy server '{pod: b}' "$from_a"
} | apply
expect_all accept "both accept"
check_matrix "both accept" 80/tcp
