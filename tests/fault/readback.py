# SPDX-License-Identifier: GPL-2.0-only
"""All that can be read back of a policy, as bytes that can be compared."""

import struct

import podwall_netlink as netlink

# What a writer did not set.
LEFT_OUT = netlink.COUNTS | {"pad"}
LISTED = ("address-get", "peer-set-get", "rule-set-get", "pod-get", "settings-get")


class Reader:
    """Reads by a socket, and remembers what it has stripped before."""

    def __init__(self, sock):
        self.sock = sock
        self.spec = sock.spec
        self.known = {}
        self.numbers = {}
        for name, attributes in self.spec.sets.items():
            self.numbers[name] = (
                {one["number"] for key, one in attributes.items() if key in LEFT_OUT},
                attributes.get("generation", {}).get("number"),
            )

    def strip(self, set_name, data, generations):
        """The attributes that a writer set, one by one."""
        drop, generation = self.numbers[set_name]
        out = []
        rule = self.spec.sets[set_name]["rule"]["number"] if set_name == "rule-set" else None
        for type_, payload in netlink.attributes(data):
            number = type_ & netlink.NLA_TYPE_MASK
            if number == generation:
                generations.update(struct.unpack("=Q", payload))
            elif number == rule:
                parts = self.strip("rule", payload, generations)
                out.append(b"{" + b"".join(parts) + b"}")
            elif number not in drop:
                out.append(struct.pack("=HH", number, len(payload)) + payload)
        return out

    def plain(self, operation, replies):
        """Stripped bytes, and the generations that the messages name."""
        key = (operation, b"".join(replies))
        if key not in self.known:
            if len(self.known) > 100:
                self.known.clear()
            generations = set()
            set_name = self.spec.operations[operation]["attribute-set"]
            parts = [self.strip(set_name, one, generations) for one in replies]
            if operation == "address-get":
                # They come in no order.
                parts = [sorted(sum(parts, []))]
            text = b"\n".join(b"".join(one) for one in parts)
            self.known[key] = text, generations
        return self.known[key]

    def read(self, operation):
        flags = netlink.NLM_F_DUMP if "dump" in self.spec.operations[operation] else netlink.NLM_F_ACK
        return self.plain(operation, self.sock.raw(operation, b"", flags))

    def state(self):
        """Everything, and the generation that all of it names."""
        status = self.sock.request("status-get")
        texts, generations = [], {status["generation"]}
        for operation in LISTED:
            text, named = self.read(operation)
            texts.append(text)
            generations |= named
        if len(generations) != 1:
            raise ValueError(f"what is read names generations {generations}")
        return b"|".join(texts), status
