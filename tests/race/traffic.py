# SPDX-License-Identifier: GPL-2.0-only
"""Datagrams with numbers, from one sender on each processor, and which of them
arrived."""

import ctypes
import os
import select
import socket
import struct
import time
from collections import namedtuple

from node import enter
from policy import ACCEPTED, DENIED, PROBED
from workers import GRACE, processes

NUMBERED = struct.Struct("!II")
SO_RCVBUFFORCE = 33
# Its processes.
SENDERS = "senders"
# Turns of one of them.
MOST = 1 << 17
# Seconds without anything, after which nothing more is taken to come: while
# something is missing that must arrive, and while nothing is.
PATIENCE, SILENCE = 20, 1

Flow = namedtuple("Flow", "client server address port")


def flows_between(client, server, ports):
    """In both families."""
    return [
        Flow(client.netns, server.netns, address, port)
        for port in ports
        for address in (server.ipv4, server.ipv6)
    ]


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def open_receiver(address, port):
    """A socket that everything fits in, in this namespace."""
    family = family_of(address)
    out = socket.socket(family, socket.SOCK_DGRAM)
    out.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        out.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    out.bind(("", port))
    out.setblocking(False)
    return out


class Senders:
    """One socket for each namespace and family."""

    def __init__(self, index, flows):
        self.index = index
        self.out = []
        sockets = {}
        for flow in flows:
            key = flow.client, family_of(flow.address)
            if key not in sockets:
                enter(flow.client)
                sockets[key] = socket.socket(key[1], socket.SOCK_DGRAM)
                # Nothing gets lost for want of room on the way out.
                sockets[key].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            self.out.append((sockets[key], (flow.address, flow.port)))

    def send(self, number):
        data = NUMBERED.pack(self.index, number)
        for out, address in self.out:
            out.sendto(data, address)


def send(turns, index, flows, sent):
    senders = Senders(index, flows)
    for number in turns:
        if number == MOST:
            break
        senders.send(number)
        sent[index] = number + 1
    # The race may go on for longer than the numbers do.
    for _ in turns:
        select.select([], [], [], 0.1)
    return sent[index]


class Receivers:
    """A socket for each flow, and the numbers that have reached it."""

    def __init__(self, senders, flows):
        self.flows = []
        self.arrived = {}
        self.poll = select.poll()
        for index, flow in enumerate(flows):
            enter(flow.server)
            one = open_receiver(flow.address, flow.port)
            self.poll.register(one, select.POLLIN)
            self.flows.append(one)
            self.arrived[index] = [bytearray(MOST) for _ in range(senders)]

    def drain(self):
        for index, one in enumerate(self.flows):
            try:
                while True:
                    sender, number = NUMBERED.unpack(one.recv(64))
                    self.arrived[index][sender][number] = 1
            except BlockingIOError:
                pass


def receive(_turns, senders, flows, sent, ready, ended):
    receivers = Receivers(senders, flows)
    ready.value = 1
    while not ended.value:
        receivers.poll.poll(50)
        receivers.drain()
    while True:
        arrived = [
            sum(one.count(1, 0, end) for one, end in zip(receivers.arrived[index], sent))
            for index in range(len(flows))
        ]
        missing = any(
            got < sum(sent) for flow, got in zip(flows, arrived) if flow.port == ACCEPTED
        )
        if not receivers.poll.poll((PATIENCE if missing else SILENCE) * 1000):
            return arrived
        receivers.drain()


class Traffic:
    """To be started before a race, and ended after it.

    Then it knows its results: [(flow, sent, received)].
    """

    def __init__(self, race, flows):
        self.race = race
        self.flows = flows
        self.results = None
        cpus = sorted(os.sched_getaffinity(0))
        self.sent = processes.RawArray(ctypes.c_uint32, len(cpus))
        ready, self.ended = (processes.RawValue(ctypes.c_uint32, 0) for _ in range(2))
        race.start("receiver", receive, len(cpus), flows, self.sent, ready, self.ended)
        self.receiver = race.workers.pop()
        while not ready.value and not self.receiver.pipe.poll():
            select.select([], [], [], 0.01)
        # The others go first, but not always.
        for index, cpu in enumerate(cpus):
            race.start(SENDERS, send, index, flows, self.sent, cpu=cpu, nice=10)

    def end(self):
        """Once the senders have ended."""
        self.ended.value = 1
        received = self.receiver.result(time.monotonic() + GRACE)
        self.results = [
            (flow, sum(self.sent), got) for flow, got in zip(self.flows, received)
        ]
        return self.results


class Prober:
    """From a to b: a datagram that policy denies and one that it accepts, in
    this order, from one processor."""

    def __init__(self, node):
        self.ends = []
        self.number = 0
        self.cpus = sorted(os.sched_getaffinity(0))
        for address in (node.ends["b"].ipv4, node.ends["b"].ipv6):
            enter(node.ends["b"].netns)
            receivers = [
                open_receiver(address, port + PROBED) for port in (DENIED, ACCEPTED)
            ]
            enter(node.ends["a"].netns)
            sender = socket.socket(family_of(address), socket.SOCK_DGRAM)
            self.ends.append((address, sender, receivers))
        enter(node.netns)

    def arrives(self):
        """Whether what policy denies arrives, in each family."""
        out = []
        os.sched_setaffinity(0, {self.cpus[self.number % len(self.cpus)]})
        for address, sender, (denied, accepted) in self.ends:
            self.number += 1
            data = struct.pack("!I", self.number)
            for port in (DENIED, ACCEPTED):
                sender.sendto(data, (address, port + PROBED))
            # The second tells that the first is through or gone.
            if not select.select([accepted], [], [], 60)[0]:
                raise RuntimeError("what is accepted does not arrive")
            if accepted.recv(64) != data:
                raise RuntimeError("what is accepted arrived late")
            try:
                out.append(denied.recv(64) == data)
            except BlockingIOError:
                out.append(False)
        os.sched_setaffinity(0, self.cpus)
        return out


def report(tap, results):
    """One result for what must arrive, and one for what must not."""
    for port, text in (
        (ACCEPTED, "what is accepted never gets lost"),
        (DENIED, "what is denied never arrives"),
    ):
        mine = [(flow, count, got) for flow, count, got in results if flow.port == port]
        if not mine:
            continue
        wrong = [
            f"to {flow.address} port {port}: {got} of {count}"
            for flow, count, got in mine
            if got != (count if port == ACCEPTED else 0)
        ]
        total = sum(count for _, count, _ in mine)
        tap.result(total and not wrong, f"{text}: {total} datagrams", *wrong)
