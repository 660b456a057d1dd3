#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A range of ports holds both of its ends and nothing beyond.

. "${0%/*}/lib.sh"

start a b

range() {
	policy range '{pod: b}' "ingress: [{ports: [{port: $1, endPort: $2, protocol: $3}]}]" | apply
}

range 80 81 TCP
expect "80-81" <<- END
	a b 80/tcp accept
	a b 81/tcp accept
	a b 82/tcp deny
	a b 8080/tcp deny
	a b 80/udp deny
END

range 81 8079 TCP
expect "81-8079" <<- END
	a b 80/tcp deny
	a b 81/tcp accept
	a b 4444/tcp refused
	a b 8080/tcp deny
END
check_matrix "81-8079" 80/tcp 81/tcp 8080/tcp

range 8080 8080 UDP
expect "8080-8080" <<- END
	a b 8080/udp accept
	a b 81/udp deny
	a b 8080/tcp deny
END

range 1 65535 TCP
expect "1-65535" <<- END
	a b 80/tcp accept
	a b 65535/tcp refused
	a b 80/udp deny
END
