# SPDX-License-Identifier: GPL-2.0-only
"""Requests to fail: for each operation of the specification at least one."""

from network import CLIENT, PORTS, SERVER
from objects import connection, ip, network, peer_set, pod, rule_set
from policies import BIG, BLOCKS, EMPTY, FULL_ONE, FULL_TWO, GUARDED, ONE, TWO
from policies import MANY_ADDRESSES, MANY_NETWORKS, SPARE, State, allow
from policies import many_blocks, many_rules, move


class Case:
    """A request, the policy before it, and where its transaction leads.

    new is for what a commit that follows the request makes of old, or the
    commit under test: the versions alone, since what it holds is read back from
    one that nothing failed in.
    """

    def __init__(self, name, step, old, staged=(), new=None):
        self.name = name
        self.operation, self.values = step
        self.old = old
        self.staged = list(staged)
        self.new = new


def staging(name, step, old=ONE, new=2):
    """Of a transaction that, but for this request, moves the client.

    So whether the transaction was taken shows in what arrives.
    """
    return Case(f"{step[0]}, {name}", step, old, [move(2)], State([], new))


def commit(name, old, new, *staged):
    return Case(f"transaction-commit, {name}", ("transaction-commit", None), old, staged, new)


MEMBERS = (range(100, 2000), many_blocks(60))

STAGING = [
    staging("one", ("address-new", {"address": [{**ip("10.3.0.3"), "identity": 3}]})),
    staging("a thousand", ("address-new", {"address": MANY_ADDRESSES})),
    staging("one", ("address-del", {"address": [ip(SPARE[0])]})),
    staging("several", ("address-del", {"address": [ip(one) for one in SPARE + ("fd00:3::1",)]})),
    staging("one member", peer_set(30, "thirty", [3])),
    staging("many members, blocks, exceptions", peer_set(30, "thirty", *MEMBERS)),
    Case(
        "peer-set-new, appended",
        peer_set(30, None, *MEMBERS, append=True),
        ONE,
        [move(2), peer_set(30, "thirty", range(1, 100))],
        State([], 2),
    ),
    staging("a spare one", ("peer-set-del", {"id": 9})),
    staging("one rule", rule_set(30, allow(1, 80), isolated="all")),
    Case(
        "rule-set-new, rules that take programs",
        rule_set(30, *many_rules(50), isolated="all"),
        FULL_ONE,
        [move(2)],
        State([], 2),
    ),
    Case(
        "rule-set-new, appended",
        rule_set(30, *(allow(1, n, 9) for n in range(100, 140)), append=True),
        ONE,
        [move(2), rule_set(30, allow(1, 80), isolated="all")],
        State([], 2),
    ),
    staging("a spare one", ("rule-set-del", {"id": 9})),
    staging("little", pod("ns/p", "10.3.0.7")),
    staging(
        "all of it",
        pod(
            "ns/" + "p" * 500,
            *(f"fd00:9::{n:x}" for n in range(16)),
            uid="u" * 63,
            interface="i" * 15,
            ingress_rule_set=1,
            ingress_enforced_rule_set=1,
            mode="audit",
        ),
    ),
    staging("a spare one", ("pod-del", {"key": "ns/spare"})),
    Case("flush", ("flush", {}), ONE, [], EMPTY),
    Case("flush, of what was staged", ("flush", {}), ONE, [move(2), pod("ns/p", "10.3.0.7")], EMPTY),
    staging("one", ("settings-set", {"event-rate": 3})),
    staging(
        "many blocks",
        (
            "settings-set",
            {"guarded": MANY_NETWORKS, "deny-action": "reject", "limits": {"guarded": 50}},
        ),
    ),
]

COMMITS = [
    commit("the first, which registers hooks", EMPTY, ONE, *ONE.steps),
    commit("nothing", ONE, ONE),
    commit("a replacement", ONE, TWO, ("flush", {}), *TWO.steps),
    commit("a replaced rule set", ONE, State([], 2), rule_set(1, allow(2, 9), allow(1, PORTS[1]), isolated="x")),
    commit("an address in place", ONE, State([], 2, 1), move(2, [0])),
    commit("an address in place, IPv6", ONE, State([], 1, 2), move(2, [1])),
    commit("a pod's removal", ONE, EMPTY, ("pod-del", {"key": "ns/server"})),
    commit("the last removal, which unregisters hooks", ONE, EMPTY, ("flush", {})),
    commit("a first guarded block", EMPTY, GUARDED, ("settings-set", {"guarded": [network(one) for one in BLOCKS]})),
    commit("no guarded block any more", GUARDED, EMPTY, ("settings-set", {"clear-guarded": True})),
    commit("the first, of everything", EMPTY, FULL_ONE, *FULL_ONE.steps),
    commit("a replacement of everything", FULL_ONE, FULL_TWO, ("flush", {}), *FULL_TWO.steps),
    commit(
        "changes within everything",
        FULL_ONE,
        State([], 2),
        move(2),
        peer_set(11, "eleven", range(2, 50), many_blocks(20, 30)),
        rule_set(2, *many_rules(35), isolated="fewer"),
        pod("ns/pod-3", "10.5.0.200", ingress_rule_set=2),
    ),
]

OTHERS = [
    Case("transaction-begin", ("transaction-begin", {}), ONE),
    Case("transaction-abort", ("transaction-abort", {}), ONE, [move(2), pod("ns/p", "10.3.0.7")]),
]

QUERIES = [
    Case("settings-get", ("settings-get", {}), FULL_ONE),
    Case("status-get", ("status-get", {}), FULL_ONE),
    Case(
        "explain",
        ("explain", {"connection": connection(CLIENT[0], SERVER[0], 17, server_port=PORTS[0])}),
        FULL_ONE,
    ),
]

LISTINGS = [
    Case(f"{operation}, {name}", (operation, {}), state)
    for name, state in (("nothing", EMPTY), ("one message", FULL_ONE), ("many messages", BIG))
    for operation in ("address-get", "peer-set-get", "rule-set-get", "pod-get")
]
