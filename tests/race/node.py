# SPDX-License-Identifier: GPL-2.0-only
"""A node with ends of links round it, each a network namespace.

    a              b              outside
    10.1.0.11      10.1.0.12      192.0.2.10
    fd00:1::b      fd00:1::c      2001:db8::a
       |              |               |          veth pairs
    +--+--------------+---------------+--+
    |  node: 169.254.1.1, fe80::1        |
    |  podwall                           |
    +------------------------------------+
"""

import os
import subprocess
import sys
from collections import namedtuple

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../netlink"))

import podwall_netlink as netlink

End = namedtuple("End", "name netns device ipv4 ipv6")


def ip(*commands, netns=None):
    """Run all commands of ip(8) in one process."""
    words = ["ip", *(["-n", netns] if netns else []), "-batch", "-"]
    text = "".join(command + "\n" for command in commands)
    subprocess.run(words, input=text, text=True, check=True)


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(text))


def enter(netns):
    netlink.enter("/run/netns/" + netns)


class Node:
    """Its namespace, in which the process that makes it stays until the end."""

    def __init__(self):
        self.tag = "race" + os.urandom(4).hex()
        self.netns = self.tag + "-node"
        self.links = 0
        self.names = [self.netns]
        self.ends = {}
        # Senders on one processor may be ahead of what it delivers.
        write("/proc/sys/net/core/netdev_max_backlog", 1 << 17)
        ip("netns add " + self.netns)
        self.outer = f"/proc/{os.getpid()}/fd/{os.open('/proc/self/ns/net', os.O_RDONLY)}"
        enter(self.netns)
        ip("link set lo up")
        for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
            write("/proc/sys/net/" + name, 1)

    def add(self, name, ipv4, ipv6):
        """An end, which takes its addresses over from whichever had them."""
        self.links += 1
        end = End(name, f"{self.tag}-{name}-{self.links}", f"to-{name}-{self.links}", ipv4, ipv6)
        self.names.append(end.netns)
        ip(
            f"netns add {end.netns}",
            f"link add {end.device} type veth peer name eth0 netns {end.netns}",
            f"link set {end.device} addrgenmode none",
            f"address add 169.254.1.1/32 dev {end.device}",
            f"address add fe80::1/64 dev {end.device} nodad",
            f"link set {end.device} up",
            f"route replace {ipv4} dev {end.device}",
            f"route replace {ipv6} dev {end.device}",
        )
        ip(
            "link set lo up",
            "link set eth0 addrgenmode none",
            f"address add {ipv4}/32 dev eth0",
            f"address add {ipv6}/128 dev eth0 nodad",
            f"address add fe80::{self.links + 1:x}/64 dev eth0 nodad",
            "link set eth0 up",
            "route add default via 169.254.1.1 dev eth0 onlink",
            "route add default via fe80::1 dev eth0",
            netns=end.netns,
        )
        self.ends[name] = end
        return end

    def remove(self, end):
        """Its link goes with it, some time later."""
        ip("netns delete " + end.netns)
        self.names.remove(end.netns)

    def close(self):
        netlink.enter(self.outer)
        ip(*("netns delete " + name for name in self.names))
