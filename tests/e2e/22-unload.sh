#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module cannot be unloaded from under what it enforces.

. "${0%/*}/lib.sh"

start a b

policy closed '{pod: b}' | apply
fails "rmmod is refused while pods are enforced" rmmod podwall
matches "and says why" "$output" 'in use|busy|Resource temporarily unavailable'
expect "pods are judged still" <<- END
	a b 80/tcp deny
	b a 80/tcp accept
END

nl flush > /dev/null
succeeds "rmmod works after flush" rmmod podwall
expect "without the module" <<- END
	a b 80/tcp accept
END
fails "nlctl without the module" nlctl --netns "$node" status
matches "says so" "$output" 'podwall'

insmod "$PODWALL_MODULE"
nl set --guard 10.1.0.12/32 > /dev/null
fails "rmmod is refused while a block is guarded" rmmod podwall
expect "the block is guarded still" <<- END
	a b 80/tcp deny
	a outside 80/tcp accept
END
nl set --no-guard > /dev/null
succeeds "rmmod works when nothing is guarded" rmmod podwall

insmod "$PODWALL_MODULE"
policy closed '{pod: b}' | apply
expect "loaded again" <<- END
	a b 80/tcp deny
END
