# SPDX-License-Identifier: GPL-2.0-only
"""Policies to hold podwall and its peers against each other with.

In each a pod is isolated in egress, and another in ingress. Rule n accepts one
protocol to port FIRST_PORT + n with the peers that only it has. What is measured is accepted
by the last rule, or by none.
"""

import ipaddress
from dataclasses import dataclass

FIRST_PORT = 9000
# That many addresses are of the same labels.
REPLICAS = 10
# Those below 100 are the eBPF program's own.
CLIENT_IDENTITY, SERVER_IDENTITY, FIRST_IDENTITY = 100, 101, 1000


@dataclass
class Scene:
    """How much of everything: so many rules, and peers of all of them together."""

    rules: int
    addresses: int = 0
    blocks: int = 0
    protocol: str = "udp"


SCENES = {
    "rules-1": Scene(1, addresses=1000),
    "rules-20": Scene(20, addresses=20_000),
    "rules-100": Scene(100, addresses=20_000),
    "rules-500": Scene(500, addresses=50_000),
    "rules-10000": Scene(10_000, addresses=100_000),
    "addresses-20": Scene(20, addresses=20),
    "addresses-1000": Scene(20, addresses=1000),
    "addresses-100000": Scene(20, addresses=100_000),
    "blocks-20": Scene(20, blocks=20),
    "blocks-1000": Scene(20, blocks=1000),
    "blocks-10000": Scene(20, blocks=10_000),
    "stream-20": Scene(20, addresses=20_000, protocol="tcp"),
}


@dataclass
class Family:
    """Where the pods and their peers are."""

    name: str  # for ipset
    bits: int
    client: str
    server: str
    peers: str
    block_length: int


FAMILIES = {
    4: Family("inet", 32, "10.0.0.10", "10.0.0.20", "10.16.0.0", 28),
    6: Family("inet6", 128, "fd00::10", "fd00::20", "fd00:0:1::", 64),
}


class Policy:
    """A scene with its addresses.

    client and server are the isolated pods. peers[n] are the other ends of rule n,
    as (network, identity); the pods themselves are among the last rule's.
    """

    def __init__(self, scene, number):
        self.scene = scene
        self.family = FAMILIES[number]
        self.number = number
        self.client = ipaddress.ip_address(self.family.client)
        self.server = ipaddress.ip_address(self.family.server)
        self.peers = [self._peers(rule) for rule in range(scene.rules)]
        # Amid its rule's.
        last = self.peers[-1]
        self.remote = last[len(last) // 2][0].network_address + bool(scene.blocks)
        self.peers[-1] += [
            (ipaddress.ip_network(self.client), CLIENT_IDENTITY),
            (ipaddress.ip_network(self.server), SERVER_IDENTITY),
        ]

    def _peers(self, rule):
        scene, family = self.scene, self.family
        base = ipaddress.ip_address(family.peers)
        count = (scene.blocks or scene.addresses) // scene.rules
        peers = []
        for index in range(rule * count, (rule + 1) * count):
            if scene.blocks:
                # Every other one, so that none join to become one.
                address = base + (2 * index << family.bits - family.block_length)
                network = ipaddress.ip_network((address, family.block_length))
                peers.append((network, FIRST_IDENTITY + index))
            else:
                identity = FIRST_IDENTITY + (index - rule * count) // REPLICAS
                identity += rule * -(-count // REPLICAS)
                peers.append((ipaddress.ip_network(base + index), identity))
        return peers

    @staticmethod
    def port(rule):
        return FIRST_PORT + rule

    def flows(self):
        """Of each its name, client, server, port, and whether it is accepted."""
        last = self.port(self.scene.rules - 1)
        if self.scene.protocol == "tcp":
            return [("stream", self.client, self.remote, last, True)]
        return [
            ("one-end", self.client, self.remote, last, True),
            ("both-ends", self.client, self.server, last, True),
            ("denied", self.client, self.remote, FIRST_PORT - 1, False),
        ]
