# SPDX-License-Identifier: GPL-2.0-only
"""The policies that requests under test lead from and to."""

from network import CLIENT, PORTS, SERVER
from objects import address, addresses, block, network, peer_set, pod, ports
from objects import rule, rule_set

UDP = 17
SPARE = ("10.3.0.1", "10.3.0.2")
# They hold the server, and not the client.
BLOCKS = ("10.1.0.12/30", "fd00:1::c/126")


class State:
    """Steps from an empty policy, and what then arrives at the server's ports.

    A version for each family: 1 and 2 accept one of both ports each, 0 accepts
    neither, None both.
    """

    ARRIVALS = {
        None: (True, True),
        0: (False, False),
        1: (True, False),
        2: (False, True),
    }

    def __init__(self, steps, *versions):
        self.steps = steps
        self.versions = versions * 2 if len(versions) == 1 else versions

    def arrivals(self, family):
        return self.ARRIVALS[self.versions[family]]


def allow(set_, *numbers):
    return rule(
        tier="policy",
        action="accept",
        any_peer=None,
        peer_set=[set_],
        any_port=None,
        port_range=[ports(number, protocol=UDP) for number in numbers],
        origin=f"version {set_}",
    )


def move(version, families=(0, 1)):
    """The client becomes one of those that a version accepts from."""
    return addresses(*((CLIENT[family], version) for family in families))


def base(version):
    """Little, and spare objects that nothing refers to."""
    return [
        move(version),
        addresses((SPARE[0], 1), (SPARE[1], 2)),
        addresses(("fd00:3::1", 1), ("fd00:3::2", 2)),
        peer_set(1, "one", [1]),
        peer_set(2, "two", [2]),
        peer_set(9, "spare", [9], [block("10.9.0.0/16", "10.9.1.0/24")]),
        rule_set(1, allow(1, PORTS[0]), allow(2, PORTS[1]), isolated="both"),
        rule_set(9, rule(origin="spare")),
        pod("ns/server", *SERVER, ingress_rule_set=1),
        pod("ns/spare", "10.3.0.9"),
    ]


def many_blocks(count, first=20):
    return [
        block(
            f"10.{first + n // 250}.{n % 250}.0/24",
            *(f"10.{first + n // 250}.{n % 250}.{m}/32" for m in range(n % 4)),
        )
        for n in range(count)
    ] + [block(f"fd00:{n + 16:x}::/32", f"fd00:{n + 16:x}:1::/48") for n in range(8)]


def many_rules(count):
    """Enough of them take a program of ports in place of bits."""
    out = []
    for n in range(count):
        tier = ("admin", "policy", "baseline")[n * 3 // count]
        out.append(
            rule(
                tier=tier,
                priority=0 if tier == "policy" else n,
                action="accept" if tier == "policy" else ("accept", "deny", "pass")[n % 3],
                any_peer=None if n % 4 else True,
                peer_set=[10 + n % 3, 1] if n % 4 else None,
                any_port=None if n % 5 else True,
                port_range=[ports(n + 1, n + 9), ports(2000 + n, 65535, 132)] if n % 5 else None,
                cookie=n,
                origin=f"NetworkPolicy default/{n} ingress[0]",
            )
        )
    return out


def full(version):
    """Something of everything that a policy can hold."""
    return base(version) + [
        (
            "settings-set",
            {
                "guarded": [network("10.8.0.0/16"), network("fd00:8::/32")],
                "node-access": "judge",
                "event-rate": 10,
            },
        ),
        addresses(*((f"10.4.{n >> 8}.{n & 255}", 1 + n % 40) for n in range(300))),
        addresses(*((f"fd00:4::{n:x}", 1 + n % 40) for n in range(1, 100))),
        peer_set(10, "ten", range(1, 40, 2), many_blocks(30)),
        peer_set(11, "eleven", range(1, 40, 3), many_blocks(10, 40)),
        peer_set(12, "twelve", range(5, 30)),
        rule_set(2, *many_rules(45), isolated="many"),
        rule_set(3, *many_rules(12), direction="egress", isolated="some"),
        rule_set(4, *many_rules(9), isolation_audited=True),
        rule_set(5, direction="egress"),
        *(
            pod(
                f"ns/pod-{n}",
                f"10.5.0.{n + 1}",
                f"fd00:5::{n + 1:x}",
                uid=f"uid-{n}",
                interface=f"veth{n}",
                ingress_rule_set=2 + n % 2 * 2,
                ingress_enforced_rule_set=4,
                egress_rule_set=3 + n % 2 * 2,
                mode=("enforce", "audit")[n % 2],
            )
            for n in range(12)
        ),
    ]


def big():
    """Objects of each kind that do not fit one message of a listing."""
    origin = "o" * 500
    return (
        base(1)
        + [
            addresses(*((f"10.6.{n >> 8}.{n & 255}", 1 + n % 9) for n in range(first, first + 500)))
            for first in range(0, 2500, 500)
        ]
        + [
            peer_set(20, "twenty", range(1, 4500)),
            peer_set(20, None, range(4500, 9000), append=True),
        ]
        + [rule_set(20)]
        + [
            rule_set(20, *(rule(priority=n, origin=origin) for n in range(first, first + 50)), append=True)
            for first in range(0, 150, 50)
        ]
        + [pod(f"ns/{n:0500}", f"10.7.0.{n + 1}") for n in range(150)]
    )


EMPTY = State([], None)
ONE = State(base(1), 1)
TWO = State(base(2), 2)
FULL_ONE = State(full(1), 1)
FULL_TWO = State(full(2), 2)
GUARDED = State([("settings-set", {"guarded": [network(one) for one in BLOCKS]})], 0)
BIG = State(big(), 1)

# Requests of many addresses, and of many networks.
MANY_ADDRESSES = [address(f"10.30.{n >> 8}.{n & 255}", 1 + n % 60) for n in range(1000)]
MANY_NETWORKS = [network(f"10.{n + 40}.0.0/16") for n in range(40)]
