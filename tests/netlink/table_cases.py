# SPDX-License-Identifier: GPL-2.0-only
"""What generic netlink refuses by our tables, before podwall is asked."""

from errno import EINVAL, EOPNOTSUPP, ERANGE

from case import case
from objects import address, network, rule
from podwall_netlink import Raw, attribute

FAILED = "Attribute failed policy validation"
OUT = "integer out of range"
LENGTH = "invalid attribute length"
UNKNOWN = "Unknown attribute type"
NONE_TAKEN = (FAILED, UNKNOWN)


def table(name, operation, values, text, code=EINVAL):
    return case(name, (operation, values), code=code, text=text)


def range_(name, operation, values):
    return table(name, operation, values, OUT, ERANGE)


CASES = [
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
