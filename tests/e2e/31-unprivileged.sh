#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Only the administrator of the machine may ask or change anything: not root of
# a user namespace, not even over a network namespace of its own.

. "${0%/*}/lib.sh"

start a b

policy closed '{pod: b}' | apply
before=$(nl get pods)

refused() {
	fails "$1" "${@:2}"
	matches "$1: says why" "$output" 'CAP_NET_ADMIN'
}

refused "flush in a user namespace" in_pod node unshare -Ur nlctl flush
refused "apply in a user namespace" in_pod node unshare -Ur nlctl apply -f "$manifests"
refused "get in a user namespace" in_pod node unshare -Ur nlctl get pods
refused "set in a network namespace of its own" in_pod node unshare -Urn nlctl set --guard 10.0.0.0/8
refused "monitor in a network namespace of its own" in_pod node unshare -Urn nlctl monitor --count 1
refused "status of a plain user" in_pod node setpriv --reuid=65534 --clear-groups nlctl status

is "nothing changed" "$(nl get pods)" "$before"
expect "the policy is enforced" <<- END
	a b 80/tcp deny
END
