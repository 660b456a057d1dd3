# SPDX-License-Identifier: GPL-2.0-only
"""Requests that podwall refuses to stage."""

from errno import EINVAL, ENOENT, ENOSPC

from case import case, missing
from objects import address, block, ip, network, peer_set, pod, ports, rule, rule_set


def bad_rule(name, values, text, code=EINVAL, **more):
    return case(name, rule_set(5, values, **more), code=code, text=text)


def bad_block(name, values, text, code=EINVAL):
    return case(name, peer_set(5, "five", blocks=[values]), code=code, text=text)


MISSING = [
    missing("address-new", "address", {}),
    missing("address-del", "address", {}),
    missing("peer-set-new", "id", {"name": "x"}),
    missing("peer-set-new", "name", {"id": 5}),
    missing("peer-set-del", "id", {}),
    missing("rule-set-new", "id", {"direction": "ingress"}),
    missing("rule-set-new", "direction", {"id": 5}),
    missing("rule-set-del", "id", {}),
    missing("pod-new", "key", {"address": [ip("10.0.0.9")]}),
    missing("pod-del", "key", {}),
]

EITHER = "an address needs either ipv4 or ipv6"
BOTH = {"ipv4": "10.0.0.9", "ipv6": "fd00::9", "identity": 1}

ADDRESSES = [
    case("address of no family", ("address-new", {"address": [{"identity": 1}]}), text=EITHER),
    case("address of both families", ("address-new", {"address": [BOTH]}), text=EITHER),
    case(
        "address without identity",
        ("address-new", {"address": [ip("10.0.0.9")]}),
        text="an address needs an identity",
    ),
    case(
        "removed address with identity",
        ("address-del", {"address": [address("10.0.0.1", 1)]}),
        text="an address takes no identity here",
    ),
    case(
        "pod's address with identity",
        ("pod-new", {"key": "ns/x", "address": [address("10.0.0.9", 1)]}),
        text="an address takes no identity here",
    ),
    case(
        "the second address of a request is wrong",
        ("address-new", {"address": [address("10.0.0.9", 1), {"identity": 1}]}),
        text=EITHER,
    ),
]

PEER_SETS = [
    case("peer set's name is empty", peer_set(5, ""), text="a text is empty"),
    case(
        "peer set's name holds a line end",
        peer_set(5, "a\nb"),
        text="a text holds a control character (byte 0x0a)",
    ),
    case(
        "append to a peer set that is only live",
        peer_set(1, None, [4], append=True),
        code=ENOENT,
        text="peer set 1 cannot be appended to: this transaction has not staged it",
    ),
    case(
        "append to a peer set that was removed",
        peer_set(5, "five"),
        ("peer-set-del", {"id": 5}),
        peer_set(5, None, [4], append=True),
        code=ENOENT,
        text="peer set 5 cannot be appended to: this transaction has not staged it",
    ),
    case(
        "append with a name",
        peer_set(5, "five"),
        ("peer-set-new", {"id": 5, "name": "six", "append": True}),
        text="peer set 5: append takes identities and blocks only",
    ),
    bad_block("block without network", {}, "peer set 5: a block needs a network"),
    bad_block(
        "network of no family",
        {"network": {"prefix-length": 8}},
        "a network needs either ipv4 or ipv6",
    ),
    bad_block(
        "network without prefix-length",
        {"network": ip("10.0.0.0")},
        "a network needs a prefix-length",
    ),
    bad_block(
        "IPv4 prefix over 32",
        {"network": network("10.0.0.0/33")},
        "prefix-length 33 is over 32, the most for ipv4",
    ),
    bad_block(
        "unmasked IPv4",
        block("10.0.0.1/31"),
        "network 10.0.0.1/31 has bits set beyond its prefix",
    ),
    bad_block(
        "unmasked IPv6",
        block("fd00::1/64"),
        "network fd00::1/64 has bits set beyond its prefix",
    ),
    bad_block(
        "except outside its block",
        block("10.0.0.0/16", "10.1.0.0/24"),
        "peer set 5: except 10.1.0.0/24 is not a part of 10.0.0.0/16",
    ),
    bad_block(
        "except is its block",
        block("10.0.0.0/16", "10.0.0.0/16"),
        "peer set 5: except 10.0.0.0/16 is not a part of 10.0.0.0/16",
    ),
    bad_block(
        "except of the other family",
        block("0.0.0.0/0", "fd00::/16"),
        "peer set 5: except fd00::/16 is not a part of 0.0.0.0/0",
    ),
    bad_block(
        "except inside another",
        block("10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "10.1.2.0/24"),
        "peer set 5: exceptions 10.1.0.0/16 and 10.1.2.0/24 of one block overlap",
    ),
    bad_block(
        "except around another",
        block("::/0", "fd00:1::/32", "fd00::/16"),
        "peer set 5: exceptions fd00:1::/32 and fd00::/16 of one block overlap",
    ),
    bad_block(
        "the same except twice",
        block("10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/16"),
        "peer set 5: exceptions 10.1.0.0/16 and 10.1.0.0/16 of one block overlap",
    ),
    bad_block(
        "unmasked except",
        block("10.0.0.0/8", "10.1.0.1/16"),
        "network 10.1.0.1/16 has bits set beyond its prefix",
    ),
    bad_block(
        "513 exceptions",
        block("10.0.0.0/8", *(f"10.{n // 256}.{n % 256}.0/24" for n in range(513))),
        "peer set 5: block 10.0.0.0/8 has more than 512 exceptions",
        ENOSPC,
    ),
]

ISOLATION = "rule set 5: isolated and isolation-origin go together"
APPEND = "rule set 5: append takes rules only"
NEEDS = "rule set 5: rule 0 needs tier, action and origin"
PEERS = "rule set 5: rule 0 needs either any-peer or peer-set"
PORTS = "rule set 5: rule 0 needs either any-port or port-range"
RANGE = "rule set 5: rule 0: a port-range needs protocol, first and last"
ACCEPT = {"tier": "policy", "action": "accept"}


def bad_ports(name, values, text, code=EINVAL):
    return bad_rule(name, rule(any_port=None, port_range=values), text, code)


RULE_SETS = [
    case(
        "isolated without origin",
        ("rule-set-new", {"id": 5, "direction": "ingress", "isolated": True}),
        text=ISOLATION,
    ),
    case(
        "origin without isolated",
        ("rule-set-new", {"id": 5, "direction": "ingress", "isolation-origin": "x"}),
        text=ISOLATION,
    ),
    case("isolation's origin holds a tab", rule_set(5, isolated="a\tb"),
         text="a text holds a control character (byte 0x09)"),
    case(
        "append to a rule set that is only live",
        rule_set(1, rule(), append=True),
        code=ENOENT,
        text="rule set 1 cannot be appended to: this transaction has not staged it",
    ),
    *(
        case(
            f"append with {name}",
            rule_set(5),
            ("rule-set-new", {"id": 5, "append": True, name: value}),
            text=APPEND,
        )
        for name, value in (
            ("direction", "ingress"),
            ("isolated", True),
            ("isolation-origin", "x"),
            ("isolation-audited", True),
        )
    ),
    case(
        "isolated, and isolation audited",
        rule_set(5, isolated="x", isolation_audited=True),
        text="rule set 5: isolated and isolation-audited exclude each other",
    ),
    bad_rule("rule without tier", rule(tier=None), NEEDS),
    bad_rule("rule without action", rule(action=None), NEEDS),
    bad_rule("rule without origin", rule(origin=None), NEEDS),
    bad_rule("rule with an empty origin", rule(origin=""), "a text is empty"),
    bad_rule("rule of no peer", rule(any_peer=None), PEERS),
    bad_rule("rule of any and some peers", rule(peer_set=[1]), PEERS),
    bad_rule("rule of no port", rule(any_port=None), PORTS),
    bad_rule("rule of any and some ports", rule(port_range=[ports(1)]), PORTS),
    bad_rule(
        "policy tier without isolation",
        rule(**ACCEPT),
        "rule set 5: rule 0 is in the policy tier, but the rule set is neither isolated nor isolation-audited",
    ),
    bad_rule(
        "policy tier denies",
        rule(tier="policy"),
        "rule set 5: rule 0 is in the policy tier and can only accept",
        isolated="x",
    ),
    bad_rule(
        "policy tier passes",
        rule(tier="policy", action="pass"),
        "rule set 5: rule 0 is in the policy tier and can only accept",
        isolated="x",
    ),
    bad_rule(
        "policy tier has a priority",
        rule(**ACCEPT, priority=1),
        "rule set 5: rule 0 is in the policy tier and has a priority",
        isolated="x",
    ),
    case(
        "tiers out of order",
        rule_set(5, rule(tier="baseline"), rule()),
        text="rule set 5: rule 1 belongs before rule 0 by tier and priority",
    ),
    case(
        "priorities out of order",
        rule_set(5, rule(), rule(priority=7), rule(priority=6)),
        text="rule set 5: rule 2 belongs before rule 1 by tier and priority",
    ),
    case(
        "priorities out of order over an append",
        rule_set(5, rule(priority=7)),
        rule_set(5, rule(priority=6), append=True),
        text="rule set 5: rule 1 belongs before rule 0 by tier and priority",
    ),
    bad_ports("ports without protocol", [{"first": 1, "last": 2}], RANGE),
    bad_ports("ports without first", [{"protocol": 6, "last": 2}], RANGE),
    bad_ports("ports without last", [{"protocol": 6, "first": 2}], RANGE),
    bad_ports(
        "ports of ICMP",
        [ports(1, protocol=1)],
        "rule set 5: rule 0: protocol 1 is none of TCP, UDP and SCTP",
    ),
    bad_ports(
        "ports of UDP-Lite",
        [ports(1, protocol=136)],
        "rule set 5: rule 0: protocol 136 is none of TCP, UDP and SCTP",
    ),
    bad_ports(
        "inverted ports",
        [ports(1), ports(81, 80)],
        "rule set 5: rule 0: port range 81-80 is inverted",
    ),
    bad_ports(
        "513 port ranges",
        [ports(n) for n in range(1, 514)],
        "rule set 5: rule 0 has more than 512 port ranges",
        ENOSPC,
    ),
    bad_rule(
        "1025 peer sets in a rule",
        rule(any_peer=None, peer_set=list(range(1, 1026))),
        "rule set 5: rule 0 has more than 1024 peer sets",
        ENOSPC,
    ),
]

PODS = [
    case("pod's key is empty", pod("", "10.0.0.9"), text="a text is empty"),
    case(
        "pod's key holds DEL",
        pod("a\x7fb", "10.0.0.9"),
        text="a text holds a control character (byte 0x7f)",
    ),
    case(
        "pod's uid holds a control character",
        pod("ns/x", "10.0.0.9", uid="\x01"),
        text="a text holds a control character (byte 0x01)",
    ),
    case("pod's interface is empty", pod("ns/x", "10.0.0.9", interface=""), text="a text is empty"),
    case("pod without address", pod("ns/x"), text="pod ns/x has no address"),
    case(
        "pod with 17 addresses",
        pod("ns/x", *(f"10.0.1.{n}" for n in range(17))),
        code=ENOSPC,
        text="pod ns/x has more than 16 addresses",
    ),
    *(
        case(
            f"enforced rule set for {direction} without a rule set",
            pod("ns/c", "10.0.0.9", **{f"{direction}_enforced_rule_set": id_}),
            text=f"pod ns/c has the enforced {direction} rule set {id_}, but no {direction} rule set",
        )
        for direction, id_ in (("ingress", 1), ("egress", 2))
    ),
]


def limits(**amounts):
    return "settings-set", {"limits": amounts}


SETTINGS = [
    case(
        "guarded and clear-guarded",
        ("settings-set", {"guarded": [network("10.0.0.0/8")], "clear-guarded": True}),
        text="guarded and clear-guarded exclude each other",
    ),
    case(
        "unmasked guarded block",
        ("settings-set", {"guarded": [network("10.0.0.1/8")]}),
        text="network 10.0.0.1/8 has bits set beyond its prefix",
    ),
    case(
        "limit of 1025 guarded blocks",
        limits(guarded=1025),
        text="a limit of 1025 guarded blocks is over 1024, the most that packets can be held against",
    ),
    case(
        "limit of no transactions",
        limits(transactions=0),
        text="a limit of 0 transactions would shut every writer out for good",
    ),
]



CASES = MISSING + ADDRESSES + PEER_SETS + RULE_SETS + PODS + SETTINGS
