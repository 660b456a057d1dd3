# SPDX-License-Identifier: GPL-2.0-only
"""Numbered datagrams in fours, one for each of four ports, as fast as they go.

A four goes out by one system call and from one processor, which delivers in
order, so all of it is through or gone with its last datagram.
"""

import ctypes
import multiprocessing
import os
import select
import signal
import socket
import struct
import sys
import time

ONLY = (1000, 2000)
CLOSED, KEPT = 3000, 4000
PORTS = (*ONLY, CLOSED, KEPT)

NUMBERED = struct.Struct("=II")
SO_RCVBUFFORCE = 33
MOST = 1 << 18  # fours of one sender
LIMIT = 240  # seconds for each process
SILENCE = 1  # seconds after which nothing more is taken to come

libc = ctypes.CDLL(None, use_errno=True)


class Header(ctypes.Structure):
    """struct msghdr."""

    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("parts", ctypes.c_void_p),
        ("part_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    ]


class Message(ctypes.Structure):
    """struct mmsghdr."""

    _fields_ = [("header", Header), ("sent", ctypes.c_uint32)]


class Part(ctypes.Structure):
    """struct iovec."""

    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Sender:
    """A client's socket, and a four that only needs its number."""

    def __init__(self, index, server):
        self.index = index
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.data = ctypes.create_string_buffer(NUMBERED.size)
        self.part = Part(ctypes.addressof(self.data), NUMBERED.size)
        self.names = [
            ctypes.create_string_buffer(
                struct.pack("=H", socket.AF_INET)
                + struct.pack("!H4s8x", port, socket.inet_aton(server)),
                16,
            )
            for port in PORTS
        ]
        self.messages = (Message * len(PORTS))(
            *(
                Message(Header(ctypes.addressof(name), 16, ctypes.addressof(self.part), 1))
                for name in self.names
            )
        )

    def send(self, number):
        NUMBERED.pack_into(self.data, 0, self.index, number)
        sent = libc.sendmmsg(self.socket.fileno(), self.messages, len(PORTS), 0)
        if sent != len(PORTS):
            raise OSError(ctypes.get_errno(), f"{sent} of {len(PORTS)} datagrams sent")


class Receiver:
    """The server's sockets, and which of its ports each four reached."""

    def __init__(self):
        self.sockets = []
        self.poll = select.poll()
        self.buffer = bytearray(64)
        for port in PORTS:
            one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            one.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
            one.bind(("", port))
            one.setblocking(False)
            self.poll.register(one, select.POLLIN)
            self.sockets.append(one)
        self.begin(0)

    def begin(self, senders):
        self.arrived = [bytearray(MOST) for _ in range(senders)]
        self.counts = [0] * len(PORTS)

    def drain(self):
        for index, one in enumerate(self.sockets):
            try:
                while True:
                    one.recv_into(self.buffer)
                    sender, number = NUMBERED.unpack_from(self.buffer)
                    self.arrived[sender][number] |= 1 << index
                    self.counts[index] += 1
            except BlockingIOError:
                pass

    def wait_for_last(self, count):
        """Until that many fours are through, or none comes any more.

        All of each is through with its last.
        """
        while self.counts[-1] < count and self.poll.poll(SILENCE * 1000):
            self.drain()
        self.drain()


def send_stream(sender, cpu, sent, stop):
    signal.alarm(LIMIT)
    os.nice(20)
    os.sched_setaffinity(0, {cpu})
    number = 0
    while number < MOST and not stop.value:
        sender.send(number)
        number += 1
        sent[sender.index] = number


def receive_stream(receiver, sent, stop, answer):
    signal.alarm(LIMIT)
    receiver.begin(len(sent))
    while stop.value < 2:
        time.sleep(0.05)
        receiver.drain()
    receiver.wait_for_last(sum(sent))
    fours = [arrived[:count] for arrived, count in zip(receiver.arrived, sent)]
    answer.send(
        {
            "received": sum(receiver.counts),
            "unsettled": max(
                sum(one & 3 in (0, 3) for one in arrived) for arrived in fours
            ),
            "lost": sum(not one & 8 for arrived in fours for one in arrived),
            "leaked": sum(bool(one & 4) for arrived in fours for one in arrived),
        }
    )


class Stream:
    """Senders and a receiver at work, each in a process of its own.

    stop is 1 when the senders shall end, 2 when they have.
    """

    def __init__(self, senders, receiver, cpus):
        self.sent = multiprocessing.RawArray(ctypes.c_uint32, len(senders))
        self.stop = multiprocessing.RawValue(ctypes.c_uint32, 0)
        self.answer, answer = multiprocessing.Pipe(False)
        self.receiver = multiprocessing.Process(
            target=receive_stream,
            args=(receiver, self.sent, self.stop, answer),
            daemon=True,
        )
        self.senders = [
            multiprocessing.Process(
                target=send_stream, args=(one, cpu, self.sent, self.stop), daemon=True
            )
            for one, cpu in zip(senders, cpus)
        ]
        for process in (self.receiver, *self.senders):
            process.start()

    def wait(self, fours=1):
        """Until so many have been sent, from beginning to end, by one sender."""
        wanted = [number + 1 + fours for number in self.sent]
        while all(number < want for number, want in zip(self.sent, wanted)):
            if not all(process.is_alive() for process in self.senders):
                sys.exit("a sender has ended")
            time.sleep(0.001)

    def end(self):
        self.stop.value = 1
        for process in self.senders:
            process.join()
        self.stop.value = 2
        result = self.answer.recv()
        self.receiver.join()
        return {**result, "sent": sum(self.sent) * len(PORTS)}
