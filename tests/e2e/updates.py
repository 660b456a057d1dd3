#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Update policy while datagrams stream, and tell what became of them.

updates.py NODE CLIENT CLIENT-ADDRESS SERVER SERVER-ADDRESS

The first of each two words is a network namespace. NODE's policy gets two pods
more, at CLIENT-ADDRESS and SERVER-ADDRESS, and is then switched between two
versions of what the client may send to the server. Datagrams go out in fours,
one for each of these ports, by one system call, in this order:

  1000  only version 0 allows it
  2000  only version 1 allows it
  3000  neither version allows it, though a mixture of both might
  4000  both versions allow it

So of the first two, a pair, one arrives, unless a commit lies between them. The
fourth tells that the others are through or gone: all four are sent from one
processor, which delivers in order.

Each kind of update is done twice over: in a stream, where one sender on each
processor sends as fast as it can, and every version lasts until a four has been
sent under it; and in lockstep, where one four is sent after each commit, from
another processor than the one that committed.

Prints a table with one line for each kind of update:

  updates      in the stream
  commits      in the stream and in lockstep
  built        of these, how many made a policy anew; the others were done in the
               live one. "-" if the kernel has no kprobes to count them by
  sent         datagrams in the stream
  mixed        denied where they arrive. A version denies a datagram where it
               leaves or not at all, so two versions have judged these. Where an
               address moves, the server is no pod, and denies nothing
  unsettled    pairs of which both or neither arrived, at the sender with most
  lost         sent to 4000, did not arrive
  leaked       sent to 3000, arrived
  unexplained  sent, but neither received nor counted as denied
  lockstep     updates in lockstep
  wrong        of these, after how many something else arrived than the new
               version allows
  seconds      that all of it took

What is mixed is counted without a gap, though counters end with their rule set
when it is replaced. Where rule sets are replaced, the server is in audit mode:
then what its own rules deny counts as audited, in a total that belongs to the
network namespace. As long as that is zero, the mode has changed nothing for any
datagram. Where updates leave the rule sets alone, the server, if it is a pod,
enforces, and the rule sets' own counters are complete.
"""

import ctypes
import os
import signal
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "netlink"))

import podwall_netlink as netlink
from builds import Builds
from objects import addresses, peer_set, pod, ports, rule, rule_set
from stream import CLOSED, KEPT, LIMIT, ONLY, Receiver, Sender, Stream

UDP = 17

# Identities that workload W has, of the client and of the server in each
# version, each with a peer set of its own.
CLIENT, SERVER = (9001, 9002), (9003, 9004)
PEERS = {identity: 10000 + identity for identity in CLIENT + SERVER}
EGRESS, INGRESS = (2001, 2002), (2003, 2004)

COLUMNS = (
    "kind updates commits built sent mixed unsettled lost leaked unexplained lockstep"
    " wrong seconds"
).split()

SETTLING = 30  # seconds, and commits, until one is done in place

libc = ctypes.CDLL(None, use_errno=True)


def enter(netns):
    with open("/run/netns/" + netns, "rb") as file:
        if libc.setns(file.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns " + netns)


def allow(identity, *numbers):
    return rule(
        tier="policy",
        action="accept",
        any_peer=None,
        peer_set=[PEERS[identity]],
        any_port=None,
        port_range=[ports(number, protocol=UDP) for number in numbers],
        origin=f"from or to {identity}",
    )


def print_row(columns):
    first, *others = columns
    print(f"{first:17}", *(f"{one:>10}" for one in others), flush=True)


class Updates:
    """One kind of update: what goes before, and the steps to each version."""

    def __init__(self, test, name, prepare, versions, audits):
        self.test, self.name, self.audits = test, name, audits
        test.commit(test.encode(prepare))
        # Each version is a list of transactions.
        self.versions = [[test.encode(one) for one in version] for version in versions]
        self.switch(0)

    def switch(self, version, between=lambda: None):
        for index, transaction in enumerate(self.versions[version % 2]):
            if index:
                between()
            self.test.commit(transaction)

    def settle(self):
        """Until a commit is done in place: what came before is released by then."""
        builds, end = self.test.builds, time.monotonic() + SETTLING
        if not builds.known:
            return
        for number in range(1, 10 * SETTLING):
            before = builds.count()
            self.switch(2 * number + 1)
            self.switch(2 * number)
            if builds.count() == before:
                return
            if time.monotonic() > end:
                break
            time.sleep(0.1)

    def counts(self):
        status = self.test.sock.request("status-get")
        mixed = status["audited-packets"]
        if not self.audits:
            mixed = sum(
                one.get("isolation-packets", 0)
                for one in self.test.sock.dump("rule-set-get")
                if one["id"] in INGRESS
            )
        return mixed, status["denied-packets"]

    def stream(self, updates):
        mixed, denied = self.counts()
        stream = Stream(self.test.senders, self.test.receiver, self.test.cpus)
        for number in range(1, updates + 1):
            stream.wait()
            self.switch(number, lambda: stream.wait(5))
        stream.wait()
        got = stream.end()
        mixed_after, denied_after = self.counts()
        got["unexplained"] = got["sent"] - got["received"] - (denied_after - denied)
        return {**got, "mixed": mixed_after - mixed}

    def lockstep(self, updates):
        receiver, cpus = self.test.receiver, self.test.cpus
        wrong = 0
        receiver.begin(1)
        for number in range(updates):
            os.sched_setaffinity(0, {cpus[number // 2 % len(cpus)]})
            self.switch(number)
            os.sched_setaffinity(0, {cpus[(number // 2 + 1) % len(cpus)]})
            self.test.senders[0].send(number)
            receiver.wait_for_last(number + 1)
            wrong += receiver.arrived[0][number] != 8 | 1 << number % 2
        os.sched_setaffinity(0, cpus)
        # None came late, or twice.
        return wrong + (sum(receiver.counts) != 2 * updates)

    def run(self, updates, lockstep=0):
        start = time.monotonic()
        builds = self.test.builds
        commits, built = self.test.commits, builds.count()
        result = {
            "kind": self.name,
            "updates": updates,
            **self.stream(updates),
            "lockstep": lockstep,
            "wrong": self.lockstep(lockstep),
            "commits": self.test.commits - commits,
            "built": builds.count() - built if builds.known else "-",
            "seconds": round(time.monotonic() - start),
        }
        print_row(result[column] for column in COLUMNS)


class Test:
    """The pods, and the kinds of update."""

    def __init__(self, builds, node, client, client_address, server, server_address):
        self.builds, self.commits = builds, 0
        self.client, self.server = client_address, server_address
        self.cpus = sorted(os.sched_getaffinity(0))
        enter(node)
        self.sock = netlink.Socket(netlink.Spec())
        enter(client)
        self.senders = [Sender(index, self.server) for index in range(len(self.cpus))]
        enter(server)
        self.receiver = Receiver()
        # The neighbours get to know each other.
        self.receiver.begin(len(self.senders))
        for sender in self.senders:
            sender.send(0)
        self.receiver.wait_for_last(len(self.senders))
        self.sock.commit(
            *(
                peer_set(number, f"identity {identity}", [identity])
                for identity, number in PEERS.items()
            )
        )

    def encode(self, steps):
        """Once, so that a commit takes no longer than the kernel."""
        spec = self.sock.spec
        return [
            (name, spec.encode(spec.operations[name]["attribute-set"], values))
            for name, values in steps
        ]

    def commit(self, steps):
        for name, payload in (("transaction-begin", b""), *steps):
            self.sock.raw(name, payload)
        self.sock.request("transaction-commit")
        self.commits += 1

    def identify(self, version):
        return addresses(
            (self.client, CLIENT[version]), (self.server, SERVER[version])
        )

    def pods(self, egress, ingress, mode="enforce"):
        return [
            pod("stream/client", self.client, egress_rule_set=egress),
            pod("stream/server", self.server, ingress_rule_set=ingress, mode=mode),
        ]

    def rule_sets(self, egress, ingress, version, client, server, closed=()):
        """What one version is: closed has the identities that 3000 is for."""
        return [
            rule_set(
                number,
                allow(peer, ONLY[version], KEPT),
                *(allow(one, CLOSED) for one in closed[index : index + 1]),
                direction=direction,
                isolated=f"version {version}",
            )
            for index, (number, peer, direction) in enumerate(
                ((egress, server, "egress"), (ingress, client, "ingress"))
            )
        ]

    def replace(self, name, parts=False):
        """Both rule sets are replaced."""
        versions = [
            self.rule_sets(EGRESS[0], INGRESS[0], version, CLIENT[0], SERVER[0])
            for version in range(2)
        ]
        return Updates(
            self,
            name,
            [self.identify(0), *versions[0], *self.pods(EGRESS[0], INGRESS[0], "audit")],
            [[[one] for one in steps] if parts else [steps] for steps in versions],
            True,
        )

    def reassign(self, name, parts=False):
        """Both pods get other rule sets, and their addresses other identities."""
        prepare = [self.identify(0)]
        for version in range(2):
            prepare += self.rule_sets(
                EGRESS[version],
                INGRESS[version],
                version,
                CLIENT[version],
                SERVER[version],
                (SERVER[1 - version], CLIENT[1 - version]),
            )
        prepare += self.pods(EGRESS[0], INGRESS[0])
        versions = [
            [self.identify(version), *self.pods(EGRESS[version], INGRESS[version])]
            for version in range(2)
        ]
        return Updates(
            self,
            name,
            prepare,
            [[[one] for one in steps] if parts else [steps] for steps in versions],
            False,
        )

    def move(self, name):
        """One address gets another identity, which the kernel does in place.

        The address of a pod it would not, so the server is one no longer.
        """
        updates = Updates(
            self,
            name,
            [
                self.identify(0),
                rule_set(
                    EGRESS[0],
                    *(allow(SERVER[version], ONLY[version], KEPT) for version in range(2)),
                    direction="egress",
                    isolated="both versions",
                ),
                *self.pods(EGRESS[0], INGRESS[0])[:1],
                ("pod-del", {"key": "stream/server"}),
            ],
            [[[addresses((self.server, identity))]] for identity in SERVER],
            False,
        )
        updates.settle()
        return updates


def main():
    signal.alarm(LIMIT)
    os.nice(-15)
    with Builds() as builds:
        test = Test(builds, *sys.argv[1:])
        print_row(COLUMNS)
        test.replace("replace").run(1000, 100)
        test.reassign("reassign").run(500, 50)
        test.move("move").run(300, 200)
        test.replace("replace-by-parts", parts=True).run(20)
        test.reassign("reassign-by-parts", parts=True).run(20)


if __name__ == "__main__":
    main()
