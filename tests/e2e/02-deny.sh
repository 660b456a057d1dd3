#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A pod that policies select and no rule allows is silent: probes time out.

. "${0%/*}/lib.sh"

start a b c

policy deny-all '{pod: b}' 'policyTypes: [Ingress, Egress]' | apply
expect "deny all" <<- END
	a b 80/tcp deny
	a b 81/udp deny
	a b 80/sctp deny
	a b 4444/tcp deny
	outside b 80/tcp deny
	b a 80/tcp deny
	b outside 80/tcp deny
	b [c] 80/udp deny
	a c 80/tcp accept
	c a 80/tcp accept
	outside a 80/tcp accept
END
check_matrix "deny all" 80/tcp 80/udp

policy deny-ingress '{}' | apply
expect "no ingress anywhere" <<- END
	a b 80/tcp deny
	b c 80/tcp deny
	c outside 80/tcp accept
END

policy one-client '{pod: b}' 'ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}]}]' | apply
expect "one client" <<- END
	a b 80/tcp accept
	c b 80/tcp deny
	outside b 80/tcp deny
	b c 80/tcp accept
END
check_matrix "one client" 80/tcp 8080/udp

apply < /dev/null
expect_all accept "the policies are gone"
