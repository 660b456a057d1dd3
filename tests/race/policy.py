# SPDX-License-Identifier: GPL-2.0-only
"""What every scenario's node enforces: of the traffic from a to b and to
outside, both families, one port is accepted and another denied."""

from objects import addresses, peer_set, pod, ports, rule, rule_set

UDP = 17
ACCEPTED, DENIED = 4000, 3000
ENDS = (
    ("a", "10.1.0.11", "fd00:1::b"),
    ("b", "10.1.0.12", "fd00:1::c"),
    ("outside", "192.0.2.10", "2001:db8::a"),
)
IDENTITIES = {"a": 1, "b": 2, "outside": 3}
# The ports next to them are for who tries one datagram at a time.
PROBED = 1
# outside may be moved to this one, which changes nothing for the traffic.
MOVED = 4
PEERS, EGRESS, INGRESS = 1, 1, 2


def accept(peer_set_id, port=ACCEPTED, origin="a peer's port"):
    return rule(
        tier="policy",
        action="accept",
        any_peer=None,
        peer_set=[peer_set_id],
        any_port=None,
        port_range=[ports(port, port + PROBED, protocol=UDP)],
        origin=origin,
    )


def base(**asked):
    """The steps of a transaction; both pods are what is asked for besides."""
    return (
        peer_set(PEERS, "peers", [*IDENTITIES.values(), MOVED]),
        rule_set(EGRESS, accept(PEERS), direction="egress", isolated="a is isolated"),
        rule_set(INGRESS, accept(PEERS), isolated="b is isolated"),
        addresses(
            *((ip, IDENTITIES[name]) for name, *both in ENDS for ip in both)
        ),
        pod("race/a", *ENDS[0][1:], egress_rule_set=EGRESS, **asked),
        pod("race/b", *ENDS[1][1:], ingress_rule_set=INGRESS, **asked),
    )
