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

import errno
import os
import subprocess
import sys
from collections import namedtuple

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../netlink"))

import podwall_netlink as netlink

NETNS = "/run/netns"
# How many network namespaces there may be.
ROOM = "/proc/sys/user/max_net_namespaces"

# Hooks everywhere, conntrack's as well. The kernel rewrites its own code when the
# first hook of all namespaces comes to a place, and when the last one goes. Under
# traffic that has ended in "Oops: int3" in QEMU: a breakpoint that was gone.
EVERYWHERE = """
    table inet everywhere {
        chain prerouting { type filter hook prerouting priority 0; ct state new accept; }
        chain input { type filter hook input priority 0; }
        chain forward { type filter hook forward priority 0; }
        chain output { type filter hook output priority 0; }
        chain postrouting { type filter hook postrouting priority 0; }
    }
"""

End = namedtuple("End", "name netns device ipv4 ipv6")


def ip(*commands, netns=None):
    """Run all commands of ip(8) in one process."""
    words = ["ip", *(["-n", netns] if netns else []), "-batch", "-"]
    text = "".join(command + "\n" for command in commands)
    subprocess.run(words, input=text, text=True, check=True)


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(text))


def enter(netns):
    netlink.enter(os.path.join(NETNS, netns))


def move_on():
    """Into a new namespace, if there is room for one more."""
    try:
        netlink.unshare("net")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False
    return True


def churn(turns):
    """Namespaces without anything, as fast as they come."""
    for _ in turns:
        turns.until(move_on, "room for a namespace")


class Node:
    """Its namespace, in which the process that makes it stays until the end."""

    def __init__(self):
        self.tag = "race" + os.urandom(4).hex()
        self.netns = self.tag + "-node"
        self.links = 0
        self.ends = {}
        self.room = read(ROOM)
        # Senders on one processor may be ahead of what it delivers.
        write("/proc/sys/net/core/netdev_max_backlog", 1 << 17)
        ip("netns add " + self.netns, f"netns add {self.tag}-hooks")
        subprocess.run(
            ["ip", "netns", "exec", self.tag + "-hooks", "nft", "-f", "-"],
            input=EVERYWHERE,
            text=True,
            check=True,
        )
        self.outer = f"/proc/{os.getpid()}/fd/{os.open('/proc/self/ns/net', os.O_RDONLY)}"
        enter(self.netns)
        ip("link set lo up")
        for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
            write("/proc/sys/net/" + name, 1)

    def add(self, name, ipv4, ipv6):
        """An end, which takes its addresses over from whichever had them."""
        self.links += 1
        end = End(name, f"{self.tag}-{name}-{self.links}", f"to-{name}-{self.links}", ipv4, ipv6)
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

    def limit_namespaces(self, more):
        """They come faster than the kernel clears them away, and who loads or
        unloads a module waits for as many as there are."""
        write(ROOM, len(os.listdir(NETNS)) + more)

    def close(self):
        """What workers made goes as well, however they ended."""
        netlink.enter(self.outer)
        write(ROOM, self.room)
        ip(*("netns delete " + name for name in os.listdir(NETNS) if name.startswith(self.tag)))
