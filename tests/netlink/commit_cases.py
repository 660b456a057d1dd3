# SPDX-License-Identifier: GPL-2.0-only
"""Transactions whose commit podwall refuses."""

from errno import EEXIST, ENOENT, ENOSPC

from case import COMMIT, case
from objects import address, addresses, ip, network, peer_set, pod, rule, rule_set


def over(name, limit, used, *steps):
    """The base uses this much; with the steps, more than the limit."""
    return case(
        f"over the limit of {name}",
        *steps,
        ("settings-set", {"limits": {name: limit}}),
        COMMIT,
        code=ENOSPC,
        text=f"the policy needs {used} {name}, the limit is {limit} (settings, limits, {name})",
    )


CASES = [
    case(
        "commit that knows of fewer requests",
        peer_set(3, "three"),
        peer_set(4, "four"),
        ("transaction-commit", {"requests": 1}),
        text="2 requests were taken up, not 1: one was refused or lost",
    ),
    case(
        "commit that knows of more requests",
        peer_set(3, "three"),
        ("transaction-commit", {"requests": 2}),
        text="1 requests were taken up, not 2: one was refused or lost",
    ),
    case(
        "flush and removal are requests too",
        ("flush", {}),
        ("address-new", {"address": [address("10.0.0.9", 1)]}),
        ("address-del", {"address": [ip("10.0.0.9")]}),
        ("transaction-commit", {"requests": 1}),
        text="3 requests were taken up, not 1: one was refused or lost",
    ),
    over("addresses", 3, 4, addresses(("10.0.0.9", 9))),
    over("peer-sets", 2, 3, peer_set(3, "three")),
    over("rule-sets", 2, 3, rule_set(3)),
    over("pods", 2, 3, pod("ns/c", "10.0.0.9")),
    over("rules", 2, 3, rule_set(3, rule())),
    over("members", 5, 6, peer_set(3, "three", [7])),
    over("guarded", 1, 2, ("settings-set", {"guarded": [network("10.9.0.0/16")] * 2})),
    case(
        "removal of an unknown address",
        ("address-del", {"address": [ip("10.0.0.9")]}),
        COMMIT,
        code=ENOENT,
        text="address 10.0.0.9 cannot be removed: it does not exist",
    ),
    case(
        "removal of an unknown peer set",
        ("peer-set-del", {"id": 9}),
        COMMIT,
        code=ENOENT,
        text="peer set 9 cannot be removed: it does not exist",
    ),
    case(
        "removal of an unknown rule set",
        ("rule-set-del", {"id": 9}),
        COMMIT,
        code=ENOENT,
        text="rule set 9 cannot be removed: it does not exist",
    ),
    case(
        "removal of an unknown pod",
        ("pod-del", {"key": "ns/z"}),
        COMMIT,
        code=ENOENT,
        text="pod ns/z cannot be removed: it does not exist",
    ),
    case(
        "peer set in use is removed",
        ("peer-set-del", {"id": 1}),
        COMMIT,
        code=ENOENT,
        text="rule set 1: rule 0 refers to peer set 1, which does not exist",
    ),
    case(
        "rule set in use is removed",
        ("rule-set-del", {"id": 2}),
        COMMIT,
        code=ENOENT,
        text="pod ns/a refers to egress rule set 2, which does not exist",
    ),
    case(
        "pod refers to an unknown rule set",
        pod("ns/c", "10.0.0.9", ingress_rule_set=9),
        COMMIT,
        code=ENOENT,
        text="pod ns/c refers to ingress rule set 9, which does not exist",
    ),
    case(
        "rule set of the other direction",
        pod("ns/c", "10.0.0.9", ingress_rule_set=2),
        COMMIT,
        text="pod ns/c: rule set 2 is not for ingress",
    ),
    case(
        "pod refers to an unknown enforced rule set",
        pod("ns/c", "10.0.0.9", ingress_rule_set=1, ingress_enforced_rule_set=9),
        COMMIT,
        code=ENOENT,
        text="pod ns/c refers to enforced ingress rule set 9, which does not exist",
    ),
    case(
        "enforced rule set of the other direction",
        pod("ns/c", "10.0.0.9", egress_rule_set=2, egress_enforced_rule_set=1),
        COMMIT,
        text="pod ns/c: rule set 1 is not for egress",
    ),
    case(
        "two peer sets of one name",
        peer_set(3, "one"),
        COMMIT,
        code=EEXIST,
        text='peer sets 1 and 3 have the same name "one"',
    ),
    case(
        "two pods of one address",
        pod("ns/c", "10.0.0.2"),
        COMMIT,
        code=EEXIST,
        text="address 10.0.0.2 belongs to both pod ns/b and pod ns/c",
    ),
    case(
        "a pod with one address twice",
        pod("ns/c", "10.0.0.9", "10.0.0.9"),
        COMMIT,
        code=EEXIST,
        text="address 10.0.0.9 belongs to both pod ns/c and pod ns/c",
    ),
]
