#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# podwall comes again to a node from which it was removed, with pods of before, of
# meanwhile, and of afterwards.

. "${0%/*}/node.sh"

runs server friend stranger successor last
# To build it anew takes too long here.
cp -r "$PODWALL_NODE/modules" /var/lib/podwall/
kubectl apply --validate=false -k /run/node/kubernetes/overlays/mine
succeeds "it is rolled out" until_true rolled_out podwall-agent
succeeds "the node's condition is True" until_true condition_is '^True '
for name in stranger last; do
	reaches_not "what may not is closed" "$name" server
done
# Its address was that of a pod that ended while nobody was told.
for name in friend successor; do
	reaches "what may is open" "$name" server
done
deploy newcomer friend "$(asking server)"
runs newcomer
succeeds "a new pod connects" until_true says newcomer 'hello|denied'
is "at once" "$(said newcomer | head -n 1)" hello
