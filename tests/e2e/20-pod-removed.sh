#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# With a pod its policy goes: who owns its address next is not judged by it,
# nor is a pod judged that has ended.

. "${0%/*}/lib.sh"

start a b

closed() {
	policy closed '{pod: b}' 'policyTypes: [Ingress, Egress]' | apply
}

rows=("a b 80/tcp deny" "a [b] 80/udp deny" "b a 80/tcp deny" "outside b 80/tcp deny")
closed
expect_all deny "the pod is there"
flow_rows=("${rows[@]}")

absent[b]=1
closed
expect_all accept "the pod is removed"
is "it is not listed" "$(nl get pods -o json | jq -r '[.pods[].key] | join(" ")')" default/a
is "nor is its address" "$(nl get addresses -o json | jq '[.addresses[] | tostring | select(test("10.1.0.12"))] | length')" 0

absent[b]=''
closed
expect_all deny "the pod is back"

finished[b]=Succeeded
closed
expect_all accept "the pod has ended"

# Another pod, not selected, takes the address over in one step.
finished[b]=Running
closed
rows=("${flow_rows[@]}")
expect_all deny "the pod runs"
labels[b]=pod=new
closed
expect_all accept "the pod has other labels"
