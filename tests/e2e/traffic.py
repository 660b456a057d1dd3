#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-2.0-only
"""Send datagrams without a pause, and tell what arrived of each phase.

Reads commands from standard input and answers each with one line, but for the
last:

  stream NAME NETNS ADDRESS NETNS ADDRESS PORT
              ok: from here on datagrams go from the first to the second, each
              with the number of its turn
  phase NAME  ok: what is sent from here on belongs to this phase; answered when
              every stream has sent some of it
  more        ok, when every stream has sent some more
  end         NAME PHASE FROM TO RECEIVED FIRST LAST for each stream and phase,
              in which FROM to TO were sent; FIRST and LAST are the numbers that
              arrived first and last, or -

A stream whose address is not there yet begins when it comes up. In each turn
every stream sends one datagram, in the order of their commands, from one
processor, which delivers in order.
"""

import ctypes
import os
import select
import socket
import struct
import sys
import time

NUMBERED = struct.Struct("!II")
# What every stream sends of a phase at least.
SOME = 20
# Seconds for all that arrives in the end, and without any more of it.
LIMIT = 30
SILENCE = 1

libc = ctypes.CDLL(None, use_errno=True)


def enter(netns):
    with open("/run/netns/" + netns, "rb") as file:
        if libc.setns(file.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns " + netns)


class Stream:
    def __init__(self, index, name, netns, address, to_netns, to, port):
        self.index, self.name = index, name
        self.netns, self.address, self.to = netns, address, (to, int(port))
        self.family = socket.AF_INET6 if ":" in to else socket.AF_INET
        enter(to_netns)
        self.receiver = socket.socket(self.family, socket.SOCK_DGRAM)
        if self.family == socket.AF_INET6:
            self.receiver.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.receiver.bind(("", int(port)))
        self.receiver.setblocking(False)
        self.sender = None
        self.first = None  # the turn that it sent in first
        self.arrived = []

    def begin(self):
        enter(self.netns)
        sender = socket.socket(self.family, socket.SOCK_DGRAM)
        try:
            sender.bind((self.address, 0))
        except OSError:
            sender.close()
            return
        sender.setblocking(False)
        self.sender = sender

    def send(self, turn):
        if not self.sender:
            self.begin()
        if not self.sender:
            return
        if self.first is None:
            self.first = turn
        try:
            self.sender.sendto(NUMBERED.pack(self.index, turn), self.to)
        except OSError:
            pass  # of an earlier one, or there is no way there: a denial

    def receive(self):
        try:
            while True:
                index, number = NUMBERED.unpack(self.receiver.recv(NUMBERED.size))
                if index == self.index:
                    self.arrived.append(number)
        except BlockingIOError:
            pass

    def report(self, phase, begin, end):
        arrived = [turn for turn in self.arrived if begin <= turn < end]
        return (self.name, phase, end if self.first is None else max(begin, self.first),
                end - 1, len(arrived), min(arrived, default="-"),
                max(arrived, default="-"))


class Traffic:
    def __init__(self):
        self.streams = []
        self.phases = []  # the name and first turn of each
        self.turn = 0
        self.buffer = b""

    def take_turn(self):
        for stream in self.streams:
            stream.send(self.turn)
        for stream in self.streams:
            stream.receive()
        self.turn += 1

    def command(self):
        """The next one, None while there is none; traffic goes on until then."""
        while b"\n" not in self.buffer:
            if not select.select([0], [], [], 0 if self.streams else None)[0]:
                return None
            data = os.read(0, 65536)
            if not data:
                sys.exit(0)
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode().split()

    def more(self):
        for _ in range(SOME):
            self.take_turn()

    def drain(self):
        receivers = [stream.receiver for stream in self.streams]
        end = time.monotonic() + LIMIT
        while select.select(receivers, [], [], SILENCE)[0] and time.monotonic() < end:
            for stream in self.streams:
                stream.receive()

    def report(self):
        ends = [begin for _, begin in self.phases[1:]] + [self.turn]
        for stream in self.streams:
            for (phase, begin), end in zip(self.phases, ends):
                print(*stream.report(phase, begin, end))

    def obey(self, words):
        """What is answered."""
        if words[0] == "stream":
            self.streams.append(Stream(len(self.streams), *words[1:]))
            return "ok"
        if words[0] == "phase":
            self.phases.append((words[1], self.turn))
        self.more()
        return "ok"

    def run(self):
        while True:
            words = self.command()
            if words is None:
                self.take_turn()
                continue
            if words[0] == "end":
                self.drain()
                self.report()
                return
            print(self.obey(words), flush=True)


if __name__ == "__main__":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    Traffic().run()
