#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Serve, and open connections, in any number of network namespaces.

One process plays all parts, so that probes run side by side and starting it
is paid for once. It reads commands from standard input and answers each with
one line:

  serve NETNS NAME PORT/PROTO...            ok
  probe NETNS ADDRESS PORT/PROTO TIMEOUT [OPTION...]
                                            (answered by run, in order)
  run                                       VERDICT [SERVER CLIENT] for each
  open ID NETNS ADDRESS PORT/PROTO TIMEOUT [OPTION...]
                                            VERDICT [SERVER CLIENT]
  say ID TIMEOUT [SIZE]                     heard, silence, or an error
  close ID TIMEOUT                          ok, when the server has closed too
  sequence ID                               what either end of a stream of TCP
                                            sends next: CLIENT SERVER
  received TEXT                             the client that sent it, or none
  sysctl NETNS NAME=VALUE...                ok

PROTO is tcp, udp or sctp; icmp and icmpv6 have no port. Options of probe and
open: from=ADDRESS, source_port=PORT, size=BYTES, text=WORD, df=1. Verdicts are
accept; deny, when nothing came back in time; refused, by the server's kernel;
rejected, by somebody on the way; or error:NAME.

A probe may be a segment instead, one packet of TCP that no ordinary socket
sends: its options are from, source_port, flags=LETTERS out of FSRPAU, or -,
sequence=NUMBER and at=NETNS, where it arrives or does not.

A stream server greets with "NAME CLIENT" and a newline, then echoes; a
datagram server puts the same line in front of what it echoes.
"""

import ctypes
import errno
import os
import selectors
import socket
import struct
import sys
import time

IPPROTO_SCTP = 132
IP_MTU_DISCOVER, IP_PMTUDISC_DO = 10, 2
TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ = 19, 20, 21
TCP_REPAIR_OFF_NO_WP, TCP_RECV_QUEUE, TCP_SEND_QUEUE = -1, 1, 2
KINDS = {
    "tcp": (socket.SOCK_STREAM, socket.IPPROTO_TCP),
    "udp": (socket.SOCK_DGRAM, socket.IPPROTO_UDP),
    "sctp": (socket.SOCK_STREAM, IPPROTO_SCTP),
    "icmp": (socket.SOCK_RAW, socket.IPPROTO_ICMP),
    "icmpv6": (socket.SOCK_RAW, socket.IPPROTO_ICMPV6),
}
VERDICTS = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "refused",
    errno.EHOSTUNREACH: "rejected",
    errno.EACCES: "rejected",
    # What a hook drops on its way out of the sender's own namespace.
    errno.EPERM: "deny",
}

libc = ctypes.CDLL(None, use_errno=True)
selector = selectors.DefaultSelector()
received = {}
flows = {}


def enter(netns):
    with open("/run/netns/" + netns, "rb") as file:
        if libc.setns(file.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns " + netns)


def name_error(error):
    return VERDICTS.get(error, "error:" + errno.errorcode.get(error, str(error)))


def plain(address):
    return address[7:] if address.startswith("::ffff:") else address


def note(data, client):
    for word in data.split():
        received[word.decode(errors="replace")] = client


class Listener:
    def __init__(self, name, port, proto):
        kind, number = KINDS[proto]
        self.name = name
        self.stream = kind == socket.SOCK_STREAM
        self.socket = socket.socket(socket.AF_INET6, kind, number)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("::", port))
        if self.stream:
            self.socket.listen(64)
        self.socket.setblocking(False)
        selector.register(self.socket, selectors.EVENT_READ, self)

    def greeting(self, peer):
        return f"{self.name} {plain(peer[0])}\n".encode()

    def ready(self, _mask):
        try:
            if self.stream:
                connection, peer = self.socket.accept()
                Session(connection, plain(peer[0]), self.greeting(peer))
            else:
                data, peer = self.socket.recvfrom(65535)
                note(data, plain(peer[0]))
                self.socket.sendto(self.greeting(peer) + data, peer)
        except OSError:
            pass  # the peer's errors come back here; it sees them itself


class Session:
    def __init__(self, connection, client, greeting):
        self.socket, self.client = connection, client
        self.output = greeting
        connection.setblocking(False)
        selector.register(connection, 0x3, self)

    def ready(self, mask):
        try:
            if mask & selectors.EVENT_READ:
                data = self.socket.recv(65536)
                if not data:
                    raise ConnectionResetError
                note(data, self.client)
                self.output += data
            if self.output:
                self.output = self.output[self.socket.send(self.output):]
        except BlockingIOError:
            pass
        except OSError:
            selector.unregister(self.socket)
            self.socket.close()
            return
        selector.modify(self.socket, 0x3 if self.output else 0x1, self)


class Flow:
    """A client: connects, says one thing, and hears the answer or not."""

    def __init__(self, netns, address, port, timeout, options=()):
        options = dict(option.split("=", 1) for option in options)
        number, _, proto = port.rpartition("/")
        kind, protocol = KINDS[proto]
        self.raw = kind == socket.SOCK_RAW
        self.datagram = kind != socket.SOCK_STREAM
        self.input = self.output = b""
        self.result = self.broken = None
        self.timeout = float(timeout)
        self.start_clock()
        self.count = 0
        enter(netns)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.v6 = family == socket.AF_INET6
        self.socket = socket.socket(family, kind, protocol)
        self.socket.setblocking(False)
        if self.v6 and not self.raw:
            # Its port may be another socket's for IPv4.
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if "df" in options:
            self.socket.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO)
        selector.register(self.socket, 0x3, self)
        self.send_text(int(options.get("size", 0)), options.get("text"))
        try:
            if "from" in options or "source_port" in options:
                self.socket.bind((options.get("from", "::" if self.v6 else "0.0.0.0"),
                                  int(options.get("source_port", 0))))
            self.socket.connect((address, int(number or 0)))
        except BlockingIOError:
            pass
        except OSError as error:
            self.fail(error)

    def start_clock(self):
        self.deadline = time.monotonic() + self.timeout

    def send_text(self, size=0, text=None):
        self.count += 1
        text = text or f"{os.getpid()}-{id(self)}-{self.count}"
        self.expected = text.encode() + b"\n"
        self.output += b"x" * max(0, size - len(self.expected) - 1) + b" " + self.expected
        if self.raw:
            # The kernel fills in the checksum of ICMPv6.
            self.output = struct.pack("!BBHHH", 128 if self.v6 else 8, 0, 0,
                                      os.getpid() & 0xffff, self.count) + self.output
            if not self.v6:
                self.output = self.output[:2] + checksum(self.output) + self.output[4:]

    def fail(self, error):
        self.broken = name_error(error.errno)
        self.result = self.result or self.broken
        selector.unregister(self.socket)

    def read(self):
        data = self.socket.recv(65536)
        if not data and not self.datagram:
            raise ConnectionResetError(errno.ECONNRESET, "closed")
        if self.raw:
            data = data if self.v6 else data[(data[0] & 15) * 4:]
            if data[:1] != (b"\x81" if self.v6 else b"\x00"):
                return
        self.input += data

    def ready(self, mask):
        try:
            if mask & selectors.EVENT_READ:
                self.read()
            if mask & selectors.EVENT_WRITE and self.output:
                sent = self.socket.send(self.output)
                self.output = b"" if self.datagram else self.output[sent:]
        except BlockingIOError:
            pass
        except OSError as error:
            self.fail(error)
            return
        if self.result is None and self.expected in self.input:
            self.result = ("accept " + self.greeting()).rstrip()
        selector.modify(self.socket, 0x3 if self.output else 0x1, self)

    def greeting(self):
        return "" if self.raw else self.input.split(b"\n")[0].decode()

    def say(self, timeout, size=0):
        self.input = b""
        self.result = self.broken
        self.deadline = time.monotonic() + timeout
        if not self.broken:
            self.send_text(size)
            selector.modify(self.socket, 0x3, self)

    def end(self, timeout):
        self.result = self.broken or ("ok" if self.datagram else None)
        self.deadline = time.monotonic() + timeout
        if self.result is None:
            self.expected = b"\0"
            self.socket.shutdown(socket.SHUT_WR)

    def sequence(self, queue):
        self.socket.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        self.socket.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, queue)
        number = self.socket.getsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ)
        self.socket.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_OFF_NO_WP)
        return number & 0xffffffff

    def close(self):
        if not self.broken:
            selector.unregister(self.socket)
        self.socket.close()


class Segment:
    """One packet of TCP, and whether it arrives."""

    def __init__(self, netns, address, port, timeout, options):
        options = dict(option.split("=", 1) for option in options)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.mark = f"segment-{os.getpid()}-{id(self)}-".encode()
        self.result = None
        self.timeout = float(timeout)
        self.start_clock()
        enter(options["at"])
        self.socket = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP)
        self.socket.setblocking(False)
        selector.register(self.socket, selectors.EVENT_READ, self)
        enter(netns)
        with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP) as sender:
            sender.bind((options["from"], 0))
            ports = struct.pack("!HH", int(options["source_port"]),
                                int(port.split("/")[0]))
            flags = sum(1 << "FSRPAU".index(one) for one in options["flags"].strip("-"))
            data = ports + struct.pack("!IIBBHHH", int(options.get("sequence", 1)), 1,
                                       5 << 4, flags, 1024, 0, 0)
            data += self.mark.ljust(100, b".")
            pseudo = b"".join(socket.inet_pton(family, one)
                              for one in (options["from"], address))
            pseudo += struct.pack("!II", len(data), socket.IPPROTO_TCP)
            sender.sendto(data[:16] + checksum(pseudo + data) + data[18:], (address, 0))

    def start_clock(self):
        self.deadline = time.monotonic() + self.timeout

    def ready(self, _mask):
        try:
            if self.mark in self.socket.recv(65536):
                self.result = "accept"
        except BlockingIOError:
            pass

    def close(self):
        selector.unregister(self.socket)
        self.socket.close()


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return struct.pack("!H", ~(total + (total >> 16)) & 0xffff)


def pump(timeout):
    ready = selector.select(timeout)
    for key, mask in ready:
        key.data.ready(mask)
    return bool(ready)


def settle(clients):
    """Let everything run until each client has its result or is out of time."""
    while True:
        now = time.monotonic()
        waiting = [client for client in clients if client.result is None]
        for client in waiting:
            if client.deadline <= now:
                client.result = "deny"
        waiting = [client for client in waiting if client.result is None]
        if not waiting:
            return
        pump(min(client.deadline for client in waiting) - now)


class Commands:
    def __init__(self):
        self.probes = []
        self.buffer = b""
        os.set_blocking(0, False)
        selector.register(0, selectors.EVENT_READ, self)

    def ready(self, _mask):
        data = os.read(0, 65536)
        if not data:
            sys.exit(0)
        self.buffer += data

    def step(self):
        while b"\n" not in self.buffer:
            pump(None)
        line, self.buffer = self.buffer.split(b"\n", 1)
        name, *words = line.decode().split()
        try:
            answer = getattr(self, "do_" + name)(*words)
        except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
            answer = f"failed {name}: {error!r}"
        if answer is not None:
            print(answer, flush=True)

    def do_serve(self, netns, name, *ports):
        enter(netns)
        for port in ports:
            number, proto = port.split("/")
            Listener(name, int(number), proto)
        return "ok"

    def do_probe(self, netns, address, port, timeout, *options):
        self.probes.append((netns, address, port, timeout, options))

    def do_run(self):
        probes, self.probes = self.probes, []
        clients = [(Segment if probe[2].endswith("/segment") else Flow)(*probe)
                   for probe in probes]
        # The first has waited for the last to be opened.
        for client in clients:
            client.start_clock()
        settle(clients)
        for client in clients:
            client.close()
        # Servers close as well, before a new policy can come between the two:
        # an end that waits for the other's goodbye outlives its namespace.
        for _ in range(len(clients) * 4):
            if not pump(0.02):
                break
        return "\n".join(client.result for client in clients)

    def do_open(self, key, netns, address, port, timeout, *options):
        flows[key] = Flow(netns, address, port, timeout, options)
        settle([flows[key]])
        return flows[key].result

    def do_say(self, key, timeout, size="0"):
        flow = flows[key]
        flow.say(float(timeout), int(size))
        settle([flow])
        word = flow.result.split()[0]
        return {"accept": "heard", "deny": "silence"}.get(word, word)

    def do_close(self, key, timeout):
        flow = flows.pop(key)
        flow.end(float(timeout))
        settle([flow])
        flow.close()
        return "ok" if flow.datagram or flow.broken else "failed close: no answer"

    def do_sequence(self, key):
        return " ".join(str(flows[key].sequence(queue))
                        for queue in (TCP_SEND_QUEUE, TCP_RECV_QUEUE))

    def do_received(self, text):
        return received.get(text, "none")

    def do_sysctl(self, netns, *settings):
        enter(netns)
        for setting in settings:
            name, value = setting.split("=", 1)
            with open("/proc/sys/" + name, "w", encoding="ascii") as file:
                file.write(value)
        return "ok"


commands = Commands()
while True:
    commands.step()
