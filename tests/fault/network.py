# SPDX-License-Identifier: GPL-2.0-only
"""A client, a router that podwall runs on, and a server, as namespaces.

    client            router            server
    10.1.0.11  eth0 - to-client
    fd00:1::b
                      to-server - eth0  10.1.0.12, fd00:1::c, the pod's
                                        10.2.0.12, fd00:2::c, nobody's
"""

import ctypes
import os
import secrets
import select
import socket
import subprocess

CLIENT = ("10.1.0.11", "fd00:1::b")
SERVER = ("10.1.0.12", "fd00:1::c")
BESIDE = ("10.2.0.12", "fd00:2::c")
FAMILIES = (socket.AF_INET, socket.AF_INET6)
# What the first and the second version of a policy accept.
PORTS = (1001, 1002)
CONTROL = 1003
PATIENCE = 60000  # ms, for what must arrive

libc = ctypes.CDLL(None, use_errno=True)


def enter(file):
    if libc.setns(file.fileno(), 0x40000000):
        raise OSError(ctypes.get_errno(), "setns")


class Network:
    """The process that makes it lives in the router from then on."""

    def __init__(self):
        tag = "pw" + secrets.token_hex(4)
        self.names = {end: f"{tag}-{end}" for end in ("router", "client", "server")}
        # Both ends of a link on one processor deliver in order.
        os.sched_setaffinity(0, {0})
        self.build()
        self.files = {
            end: open("/run/netns/" + name, "rb") for end, name in self.names.items()
        }
        self.senders = self.sockets("client", lambda family: self.open(family))
        self.receivers = self.sockets(
            "server",
            lambda family: [
                self.open(family, (SERVER[family], PORTS[0])),
                self.open(family, (SERVER[family], PORTS[1])),
                self.open(family, (BESIDE[family], CONTROL)),
            ],
        )
        enter(self.files["router"])
        self.number = 0
        self.datagrams = 0

    def build(self):
        router = self.names["router"]
        lines = [f"netns add {name}" for name in self.names.values()]
        for end in ("client", "server"):
            lines.append(
                f"link add to-{end} netns {router} type veth"
                f" peer name eth0 netns {self.names[end]}"
            )
        self.ip(lines)
        for end, addresses in (("client", CLIENT), ("server", SERVER + BESIDE)):
            self.ip(
                ["link set eth0 up"]
                + [f"address add {one}{self.host(one)} dev eth0" for one in addresses]
                + [
                    "route add default via 169.254.1.1 dev eth0 onlink",
                    "route add default via fe80::1 dev eth0",
                ],
                self.names[end],
            )
            self.ip(
                [
                    f"address add 169.254.1.1/32 dev to-{end}",
                    f"address add fe80::1/64 dev to-{end} nodad",
                    f"link set to-{end} up",
                ]
                + [f"route add {one} dev to-{end}" for one in addresses],
                router,
            )
        with open("/proc/self/ns/net", "rb") as here, open(
            "/run/netns/" + router, "rb"
        ) as there:
            enter(there)
            for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
                with open("/proc/sys/net/" + name, "w", encoding="ascii") as file:
                    file.write("1")
            enter(here)

    @staticmethod
    def host(address):
        return "/128 nodad" if ":" in address else "/32"

    @staticmethod
    def ip(lines, netns=None):
        where = ["-n", netns] if netns else []
        subprocess.run(
            ["ip", *where, "-batch", "-"], input="\n".join(lines), text=True, check=True
        )

    def sockets(self, end, make):
        enter(self.files[end])
        return [make(family) for family in (0, 1)]

    @staticmethod
    def open(family, address=None):
        one = socket.socket(FAMILIES[family], socket.SOCK_DGRAM)
        if address:
            one.bind(address)
            one.setblocking(False)
        return one

    def arrivals(self, family):
        """Which of a datagram to each port of PORTS arrive at the server.

        A third one goes the same way behind them, to an address of nobody's,
        and is waited for: what has not arrived then was denied.
        """
        self.number += 1
        self.datagrams += 3
        text = b"%d" % self.number
        for address, port in (
            (SERVER[family], PORTS[0]),
            (SERVER[family], PORTS[1]),
            (BESIDE[family], CONTROL),
        ):
            self.senders[family].sendto(text, (address, port))
        *judged, control = self.receivers[family]
        if not self.receive(control, text, PATIENCE):
            return None
        return tuple(self.receive(one, text, 0) for one in judged)

    @staticmethod
    def receive(one, text, patience):
        poll = select.poll()
        poll.register(one, select.POLLIN)
        while poll.poll(patience):
            if one.recv(64) == text:
                return True
        return False

    def remove(self):
        for file in self.files.values():
            file.close()
        self.ip([f"netns delete {name}" for name in self.names.values()])
