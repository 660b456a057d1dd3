# SPDX-License-Identifier: GPL-2.0-only
"""Requests that podwall refuses: name, steps, errno, text.

All steps but the last are accepted, in one transaction. None for the text is
one that the kernel gives none for.
"""

from errno import EEXIST, EINVAL, ENOENT, ENOSPC, EOPNOTSUPP, ERANGE

from objects import *  # pylint: disable=wildcard-import,unused-wildcard-import
from podwall_netlink import Raw, attribute

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


def bad_rule(name, values, text, code=EINVAL, **more):
    return case(name, rule_set(5, values, **more), code=code, text=text)


def bad_block(name, values, text, code=EINVAL):
    return case(name, peer_set(5, "five", blocks=[values]), code=code, text=text)


def missing(operation, name, values):
    return case(
        f"{operation} without {name}",
        (operation, values),
        text=f"the attribute {name} is missing",
    )


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


COMMITS = [
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
    *(
        case(
            f"enforced rule set for {direction} without a rule set",
            pod("ns/c", "10.0.0.9", **{f"{direction}_enforced_rule_set": id_}),
            text=f"pod ns/c has the enforced {direction} rule set {id_}, but no {direction} rule set",
        )
        for direction, id_ in (("ingress", 1), ("egress", 2))
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


def explain(name, values, text):
    return case(name, ("explain", {"connection": values}), text=text)


QUERIES = [
    missing("explain", "connection", {}),
    explain(
        "connection without client",
        {"server-ipv4": "10.0.0.1", "protocol": 1},
        "the client needs either ipv4 or ipv6",
    ),
    explain(
        "connection with two servers",
        {**connection("10.0.0.1", "10.0.0.2", 1), "server-ipv6": "fd00::1"},
        "the server needs either ipv4 or ipv6",
    ),
    explain(
        "connection over two families",
        connection("10.0.0.1", "fd00::1", 1),
        "client and server are of different address families",
    ),
    explain(
        "connection without protocol",
        {"client-ipv4": "10.0.0.1", "server-ipv4": "10.0.0.2"},
        "a connection needs a protocol",
    ),
    explain(
        "TCP without port",
        connection("10.0.0.1", "10.0.0.2"),
        "protocol 6 needs a server-port",
    ),
    explain(
        "ICMP with a client's port",
        connection("10.0.0.1", "10.0.0.2", 1, client_port=80),
        "protocol 1 has no ports",
    ),
    missing("transaction-commit", "requests", {}),
    explain(
        "ICMP with port",
        connection("10.0.0.1", "10.0.0.2", 1, server_port=80),
        "protocol 1 has no ports",
    ),
]

# --- what generic netlink refuses by our tables, before podwall is asked

FAILED = "Attribute failed policy validation"
OUT = "integer out of range"
LENGTH = "invalid attribute length"
UNKNOWN = "Unknown attribute type"
NONE_TAKEN = (FAILED, UNKNOWN)


def table(name, operation, values, text, code=EINVAL):
    return case(name, (operation, values), code=code, text=text)


def range_(name, operation, values):
    return table(name, operation, values, OUT, ERANGE)


TABLES = [
    table("unknown attribute", "pod-new", {"key": Raw(99)}, UNKNOWN),
    table("attribute 0", "pod-new", {"key": Raw(0)}, UNKNOWN),
    table("attribute of replies only", "pod-new", {"generation": 1}, "Unsupported attribute"),
    table("unknown attribute in a nest", "pod-new", {"address": [[("ipv4", Raw(9))]]}, UNKNOWN),
    table("counts in a rule", "rule-set-new", {"id": 5, "rule": [rule(packets=1)]}, UNKNOWN),
    table("attribute where none is taken", "transaction-abort", {"generation": 1}, NONE_TAKEN),
    table(
        "attribute of another operation",
        "transaction-commit",
        {"generation": 1},
        "Unsupported attribute",
    ),
    table("attribute for a flush", "flush", {"generation": 1}, NONE_TAKEN),
    table("attribute for settings-get", "settings-get", {"event-rate": 1}, UNKNOWN),
    table("id of 3 bytes", "peer-set-del", {"id": b"abc"}, LENGTH),
    table("id of 8 bytes", "peer-set-del", {"id": bytes(8)}, LENGTH),
    table("generation of 4 bytes", "transaction-begin", {"generation": bytes(4)}, LENGTH),
    table("since of 4 bytes", "transaction-begin", {"since": bytes(4)}, LENGTH),
    table(
        "requests in a begin", "transaction-begin", {"requests": 1}, "Unsupported attribute"
    ),
    table("events lost in a pod", "pod-new", {"key": "k", "events-lost": 1}, UNKNOWN),
    table(
        "report-accepted with a value", "pod-new", [("report-accepted", Raw(11, b"yes!"))],
        FAILED, ERANGE,
    ),
    table("IPv4 of 16 bytes", "pod-new", {"address": [{"ipv4": bytes(16)}]}, LENGTH),
    table(
        "IPv6 of 4 bytes",
        "pod-new",
        {"address": [{"ipv6": bytes(4)}]},
        "binary attribute size out of range",
        ERANGE,
    ),
    table("flag with a value", "peer-set-new", [("append", Raw(5, b"yes!"))], FAILED, ERANGE),
    table(
        "nest without its mark",
        "pod-new",
        [("address", Raw(3, attribute(1, bytes(4))))],
        "NLA_F_NESTED is missing",
    ),
    table(
        "number marked as nest",
        "peer-set-del",
        [("id", Raw(1, bytes(4), nested=True))],
        "NLA_F_NESTED not expected",
    ),
    table("key without NUL", "pod-del", {"key": b"ns/a"}, FAILED),
    table("key without even a NUL", "pod-del", {"key": b""}, FAILED),
    table("key of 512 bytes", "pod-del", {"key": "k" * 512}, FAILED),
    table("name of 512 bytes", "peer-set-new", {"id": 5, "name": "n" * 512}, FAILED),
    table("uid of 64 bytes", "pod-new", {"key": "k", "uid": "u" * 64}, FAILED),
    table("interface of 16 bytes", "pod-new", {"key": "k", "interface": "i" * 16}, FAILED),
    table("origin of 512 bytes", "rule-set-new", {"rule": [rule(origin="o" * 512)]}, FAILED),
    range_("peer set 0", "peer-set-del", {"id": 0}),
    range_("rule set 0", "rule-set-del", {"id": 0}),
    range_("identity 0", "address-new", {"address": [address("10.0.0.9", 0)]}),
    range_("identity 0 in a peer set", "peer-set-new", {"identity": [1, 0]}),
    range_("peer set 0 in a rule", "rule-set-new", {"rule": [rule(peer_set=[0])]}),
    range_("ingress rule set 0", "pod-new", {"ingress-rule-set": 0}),
    range_("egress rule set 0", "pod-new", {"egress-rule-set": 0}),
    range_("enforced ingress rule set 0", "pod-new", {"ingress-enforced-rule-set": 0}),
    range_("enforced egress rule set 0", "pod-new", {"egress-enforced-rule-set": 0}),
    range_("direction 0", "rule-set-new", {"direction": 0}),
    range_("direction 3", "rule-set-new", {"direction": 3}),
    range_("tier 0", "rule-set-new", {"rule": [rule(tier=0)]}),
    range_("tier 4", "rule-set-new", {"rule": [rule(tier=4)]}),
    range_("action 0", "rule-set-new", {"rule": [rule(action=0)]}),
    range_("action 4", "rule-set-new", {"rule": [rule(action=4)]}),
    range_("priority 1000001", "rule-set-new", {"rule": [rule(priority=1000001)]}),
    range_("mode 0", "pod-new", {"mode": 0}),
    range_("mode 3", "pod-new", {"mode": 3}),
    range_("node-access 3", "settings-set", {"node-access": 3}),
    range_("deny-action 3", "settings-set", {"deny-action": 3}),
    range_("event-rate 1000001", "settings-set", {"event-rate": 1000001}),
    range_("prefix-length 129", "settings-set", {"guarded": [network("fd00::/129")]}),
    table(
        "a do where only listing is",
        "pod-get",
        {},
        None,
        EOPNOTSUPP,
    ),
    *(
        table(f"{name} as a request", name, {}, None, EOPNOTSUPP)
        for name in ("drop-ntf", "accept-ntf", "change-ntf")
    ),
]

STAGING = MISSING + ADDRESSES + PEER_SETS + RULE_SETS + PODS + SETTINGS + COMMITS
