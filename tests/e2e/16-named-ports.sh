#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A named port is what the server's containers call so, each its own.

. "${0%/*}/lib.sh"

start a b c other/d
containers[other/d]='web:81/TCP'
containers[b]='web:8080/TCP dns:81/UDP'
containers[c]='web:80/TCP'

policy ingress '{}' 'ingress: [{ports: [{port: web}]}]' | apply
expect "ingress" <<- END
	a b 8080/tcp accept
	a b 80/tcp deny
	a b 8080/udp deny
	a c 80/tcp accept
	a c 8080/tcp deny
	b a 80/tcp deny
END
check_matrix "ingress" 80/tcp 8080/tcp

policy egress '{pod: a}' 'policyTypes: [Egress]' \
	'egress: [{to: [{podSelector: {}}], ports: [{port: web}, {port: dns, protocol: UDP}]}]' | apply
expect "egress" <<- END
	a b 8080/tcp accept
	a b 81/udp accept
	a [b] 8080/tcp accept
	a b 80/tcp deny
	a c 80/tcp accept
	a c 8080/tcp deny
	a c 81/udp deny
	a outside 80/tcp deny
END

# Without peers a name still means pods, those of every namespace.
policy egress-anywhere '{pod: a}' 'policyTypes: [Egress]' 'egress: [{ports: [{port: web}]}]' | apply
expect "egress to anyone" <<- END
	a b 8080/tcp accept
	a b 80/tcp deny
	a c 80/tcp accept
	a c 8080/tcp deny
	a other/d 81/tcp accept
	a other/d 80/tcp deny
	a outside 80/tcp deny
	a outside 8080/tcp deny
	a [outside] 81/tcp deny
	b outside 80/tcp accept
END

policy nobody '{pod: b}' 'policyTypes: [Ingress, Egress]' \
	'ingress: [{ports: [{port: nobody}]}]' 'egress: [{ports: [{port: nobody}]}]' | apply
expect "a name that nobody serves" <<- END
	a b 80/tcp deny
	a b 8080/tcp deny
	b c 80/tcp deny
	b outside 80/tcp deny
	b [outside] 8080/tcp deny
END

apply < /dev/null
expect_all accept "without policies"
policy mismatch '{pod: b}' 'ingress: [{ports: [{port: dns}]}]' | apply
expect "a name of another protocol" <<- END
	a b 81/udp deny
	a b 81/tcp deny
END

containers[b]='web:80/TCP'
policy ingress '{}' 'ingress: [{ports: [{port: web}]}]' | apply
expect "the pod calls another port so" <<- END
	a b 80/tcp accept
	a b 8080/tcp deny
END

# Containers of one pod may give one name to ports of two.
containers[b]='web:80/TCP web:81/TCP web:81/UDP'
policy ingress '{pod: b}' 'ingress: [{ports: [{port: web}]}]' | apply
expect "the pod calls two ports so" <<- END
	a b 80/tcp accept
	a b 81/tcp accept
	a b 81/udp deny
	a b 8080/tcp deny
END
policy egress '{pod: a}' 'policyTypes: [Egress]' \
	'egress: [{ports: [{port: web}, {port: web, protocol: UDP}]}]' | apply
expect "the pod calls two ports so, egress" <<- END
	a b 80/tcp accept
	a [b] 81/tcp accept
	a b 81/udp accept
	a b 80/udp deny
	a b 8080/tcp deny
END
