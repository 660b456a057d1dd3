# SPDX-License-Identifier: GPL-2.0-only
"""Queries that podwall refuses."""

from case import case, missing
from objects import connection


def explain(name, values, text):
    return case(name, ("explain", {"connection": values}), text=text)


CASES = [
    missing("explain", "connection", {}),
    explain(
        "connection without client",
        {"server-ipv4": "10.0.0.1", "protocol": 1},
        "the client needs either ipv4 or ipv6",
    ),
    explain(
        "connection with two servers",
        {**connection("10.0.0.1", "10.0.0.2", 1), "server-ipv6": "fd00::1"},
        "the server needs either ipv4 or ipv6",
    ),
    explain(
        "connection over two families",
        connection("10.0.0.1", "fd00::1", 1),
        "client and server are of different address families",
    ),
    explain(
        "connection without protocol",
        {"client-ipv4": "10.0.0.1", "server-ipv4": "10.0.0.2"},
        "a connection needs a protocol",
    ),
    explain(
        "TCP without port",
        connection("10.0.0.1", "10.0.0.2"),
        "protocol 6 needs a server-port",
    ),
    explain(
        "ICMP with a client's port",
        connection("10.0.0.1", "10.0.0.2", 1, client_port=80),
        "protocol 1 has no ports",
    ),
    missing("transaction-commit", "requests", {}),
    explain(
        "ICMP with port",
        connection("10.0.0.1", "10.0.0.2", 1, server_port=80),
        "protocol 1 has no ports",
    ),
]
