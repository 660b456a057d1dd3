# SPDX-License-Identifier: GPL-2.0-only
"""A request that podwall refuses: name, steps, errno, text.

All steps but the last are accepted, in one transaction. None for the text is
one that the kernel gives none for.
"""

from errno import EINVAL

from objects import addresses, block, peer_set, pod, ports, rule, rule_set

# What every case finds, and leaves, in place.
BASE = [
    addresses(("10.0.0.1", 1), ("10.0.0.2", 2), ("fd00::1", 1)),
    peer_set(1, "one", [1], [block("10.0.0.0/8", "10.1.0.0/16")]),
    peer_set(2, "two", [2, 3]),
    rule_set(
        1,
        rule(tier="policy", action="accept", any_peer=None, peer_set=[1]),
        isolated="a policy",
    ),
    rule_set(2, rule(any_port=None, port_range=[ports(22)]), direction="egress"),
    pod("ns/a", "10.0.0.1", "fd00::1", uid="u1", ingress_rule_set=1, egress_rule_set=2),
    pod("ns/b", "10.0.0.2", interface="veth0", mode="audit"),
]

COMMIT = ("transaction-commit", None)


def case(name, *steps, code=EINVAL, text):
    return name, list(steps), code, text


def missing(operation, name, values):
    return case(
        f"{operation} without {name}",
        (operation, values),
        text=f"the attribute {name} is missing",
    )
