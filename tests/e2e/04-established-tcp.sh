#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A change of policy reaches connections that are open already, cuts them, and
# lets them go on when it is taken back; what it does not concern is not
# disturbed.

. "${0%/*}/lib.sh"

start a b c

from_a='ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]'
from_c='ingress: [{from: [{podSelector: {matchLabels: {pod: c}}}]}]'

# Opened before podwall has anything to enforce.
flow_open early a b 80/tcp
flow_says "before any policy" early heard
policy one '{pod: b}' "$from_a" | apply
flow_says "allowed" early heard
flow_open late a b 80/tcp
flow_open six a '[b]' 80/tcp
flow_says "allowed" late heard
flow_says "allowed" six heard

policy one '{pod: b}' "$from_c" | apply
flow_open other c b 80/tcp
for flow in early late six; do
	flow_says "the policy changed" "$flow" silence
done
flow_says "the policy changed" other heard
expect "a new connection" <<- END
	a b 80/tcp deny
END

policy one '{pod: b}' "$from_a" | apply
for flow in early late six; do
	flow_says "the policy changed back" "$flow" heard
done
flow_says "the policy changed back" other silence

apply < /dev/null
for flow in early late six other; do
	flow_says "the policy is gone" "$flow" heard
done
