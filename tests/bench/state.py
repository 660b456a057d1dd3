# SPDX-License-Identifier: GPL-2.0-only
"""The file that `nlctl restore` reads."""

import json

# What the module starts with.
SETTINGS = {
    "guarded": [],
    "node_access": "accept",
    "deny_action": "drop",
    "event_rate": 100,
    "limits": {
        "addresses": 1048576,
        "peer_sets": 65536,
        "rule_sets": 16384,
        "pods": 4096,
        "rules": 1048576,
        "members": 4194304,
        "guarded": 64,
        "transactions": 16,
        "memory": 536870912,
    },
}


def make_state(settings, addresses, peer_sets, rule_sets, pods):
    return {
        "format": "podwall-state",
        "version": 1,
        "generation": 1,
        "settings": dict(SETTINGS, **settings),
        "addresses": addresses,
        "peer_sets": peer_sets,
        "rule_sets": rule_sets,
        "pods": pods,
    }


def crc64_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xC96C5795D7870F42 if value & 1 else 0)
        table.append(value)
    return table


def crc64(data):
    """CRC-64/XZ."""
    table = crc64_table()
    crc = 0xFFFFFFFFFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFFFFFFFFFF


def state_text(state):
    """Compact JSON with sorted keys is what the checksum is taken of."""
    text = json.dumps(state, sort_keys=True, separators=(",", ":"))
    return f'{{"checksum":"crc64-xz:{crc64(text.encode()):016x}",{text[1:]}\n'
