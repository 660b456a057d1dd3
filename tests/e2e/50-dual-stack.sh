#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Selectors mean a pod with all of its addresses, in whatever order the API lists
# them; a block means the addresses of its own family and says nothing of the
# other.

. "${0%/*}/lib.sh"

start a b c
a4=10.1.0.11 a6=fd00:1::b b4=10.1.0.12 b6=fd00:1::c c4=10.1.0.13 c6=fd00:1::d

# listing ORDER: a and b list both of their addresses, c one or the other.
listing() {
	case $1 in
	4-first) listed=([a]="$a4 $a6" [b]="$b4 $b6" [c]=$c4) ;;
	6-first) listed=([a]="$a6 $a4" [b]="$b6 $b4" [c]=$c6) ;;
	esac
}

from_a='ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]'
for order in 4-first 6-first; do
	listing "$order"
	policy by-name '{pod: b}' "$from_a" | apply
	expect "a peer by its labels ($order)" <<- END
		a b 80/tcp accept
		a [b] 80/tcp accept
		c b 80/tcp deny
		c [b] 80/tcp deny
		outside b 80/udp deny
		outside [b] 80/udp deny
	END

	policy one-family '{pod: b}' \
		'ingress: [{from: [{ipBlock: {cidr: 10.1.0.11/32}}]}]' | apply
	expect "a block of IPv4 ($order)" <<- END
		a b 80/tcp accept
		a [b] 80/tcp deny
		c b 80/tcp deny
	END

	policy everything '{pod: b}' 'policyTypes: [Ingress, Egress]' \
		'ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]' \
		'egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]' | apply
	expect "one family each way ($order)" <<- END
		a b 80/tcp deny
		outside b 80/tcp deny
		a [b] 80/tcp accept
		outside [b] 80/tcp accept
		b outside 80/tcp accept
		b [outside] 80/tcp deny
		b a 80/udp accept
		b [a] 80/udp deny
	END
done

# The address that c does not list is nobody's: not the one that the policy
# selects, nor the one that another's policy means.
from_c='ingress: [{from: [{podSelector: {matchLabels: {pod: c}}}]}]'
for order in 4-first 6-first; do
	listing "$order"
	[[ $order == 4-first ]] && four=accept six=deny || four=deny six=accept
	policy peer '{pod: b}' "$from_c" | apply
	expect "a peer of one family ($order)" <<- END
		c b 80/tcp $four
		c [b] 80/tcp $six
		a b 80/tcp deny
		a [b] 80/tcp deny
	END
	policy subject '{pod: c}' | apply
	expect "a pod of one family is isolated ($order)" <<- END
		a c 80/tcp $six
		a [c] 80/tcp $four
		c a 80/tcp accept
		c [a] 80/tcp accept
	END
done

# The API lists another address of the pod later.
listed[c]="$c6 $c4"
policy subject '{pod: c}' | apply
expect "it has both" <<- END
	a c 80/tcp deny
	a [c] 80/tcp deny
END
apply < /dev/null
expect_all accept "without policies"
