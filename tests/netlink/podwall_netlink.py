# SPDX-License-Identifier: GPL-2.0-only
"""Podwall's netlink messages, built and read by the names of their spec."""

import ctypes
import errno
import ipaddress
import os
import socket
import struct

import yaml

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_DUMP = 1, 2, 4, 0x300
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLMSGERR_ATTR_MSG, NLMSGERR_ATTR_OFFS = 1, 2
NLA_F_NESTED, NLA_TYPE_MASK = 0x8000, 0x3FFF
SOL_NETLINK = 270
NETLINK_ADD_MEMBERSHIP, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 1, 10, 11
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_CMD_GETPOLICY = 16, 3, 10
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 1, 2
CTRL_ATTR_OPS, CTRL_ATTR_MCAST_GROUPS = 6, 7
CTRL_ATTR_POLICY, CTRL_ATTR_OP_POLICY, CTRL_ATTR_OP = 8, 9, 10
SO_RCVBUFFORCE = 33
TIMEOUT = 120

INTEGERS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}

# What packets change of what is listed.
COUNTS = {
    "connections",
    "packets",
    "bytes",
    "isolation-connections",
    "isolation-packets",
    "isolation-bytes",
    "default-connections",
    "default-packets",
    "default-bytes",
    "events-lost",
    "traffic",
}


class Refused(Exception):
    """The kernel refused a request: its errno, its text, its attribute."""

    def __init__(self, code, text, offset=None):
        super().__init__(f"{errno.errorcode.get(code, code)}: {text}")
        self.code = code
        self.text = text
        self.offset = offset


class Raw:
    """An attribute that no spec would allow."""

    def __init__(self, type_, payload=b"", nested=False):
        self.type = type_ | (NLA_F_NESTED if nested else 0)
        self.payload = payload


def attribute(type_, payload):
    """One attribute with its padding."""
    header = struct.pack("=HH", 4 + len(payload), type_)
    return header + payload + bytes(-len(payload) % 4)


def attributes(data):
    """Split a run of attributes into (type, payload)."""
    while len(data) >= 4:
        length, type_ = struct.unpack_from("=HH", data)
        yield type_, data[4:length]
        data = data[(length + 3) & ~3 :]


def message(family, command, payload, flags, sequence):
    """One request of a generic netlink family."""
    header = struct.pack(
        "=IHHIIBBH",
        20 + len(payload),
        family,
        NLM_F_REQUEST | flags,
        sequence,
        0,
        command,
        1,
        0,
    )
    return header + payload


class Spec:
    """What the YAML says, with every number worked out."""

    def __init__(self, path=os.path.join(TOP, "uapi/podwall.yaml")):
        with open(path, encoding="utf-8") as file:
            # The parser in C takes an eighth of the time.
            self.yaml = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.constants, self.enums = {}, {}
        for definition in self.yaml["definitions"]:
            if definition["type"] == "const":
                self.constants[definition["name"]] = definition["value"]
            else:
                self.enums[definition["name"]] = self.number(
                    definition["entries"], definition.get("value-start", 0)
                )
        self.sets = {
            one["name"]: {
                name: {**self.by_name(one["attributes"])[name], "number": number}
                for name, number in self.number(one["attributes"], 1).items()
            }
            for one in self.yaml["attribute-sets"]
        }
        self.operations = self.by_name(self.yaml["operations"]["list"])
        numbers = self.number(self.yaml["operations"]["list"], 1)
        for name, operation in self.operations.items():
            operation["number"] = numbers[name]

    @staticmethod
    def by_name(entries):
        return {
            (entry if isinstance(entry, str) else entry["name"]): entry
            for entry in entries
        }

    @staticmethod
    def number(entries, start):
        numbers, current = {}, start
        for entry in entries:
            if isinstance(entry, str):
                entry = {"name": entry}
            current = entry.get("value", current)
            numbers[entry["name"]] = current
            current += 1
        return numbers

    def encode_value(self, definition, value):
        if isinstance(value, bytes):
            return value
        kind = definition["type"]
        if kind == "nest":
            return self.encode(definition["nested-attributes"], value)
        if kind == "flag":
            return b""
        if kind == "string":
            return value.encode() + b"\0"
        if "display-hint" in definition:
            return ipaddress.ip_address(value).packed
        if "enum" in definition and isinstance(value, str):
            value = self.enums[definition["enum"]][value]
        return struct.pack("=" + INTEGERS[kind], value)

    def encode(self, set_name, values):
        """Build attributes from {name: value or [value, ...]} or from pairs."""
        known = self.sets[set_name]
        pairs = values.items() if isinstance(values, dict) else values
        out = []
        for name, value in pairs:
            if isinstance(value, Raw):
                out.append(attribute(value.type, value.payload))
                continue
            type_ = known[name]["number"]
            if known[name]["type"] == "nest":
                type_ |= NLA_F_NESTED
            many = known[name].get("multi-attr") and isinstance(value, list)
            for one in value if many else [value]:
                out.append(attribute(type_, self.encode_value(known[name], one)))
        return b"".join(out)

    def decode_value(self, definition, payload):
        kind = definition["type"]
        if kind == "nest":
            return self.decode(definition["nested-attributes"], payload)
        if kind == "flag":
            return True
        if kind == "string":
            return payload.rstrip(b"\0").decode()
        if "display-hint" in definition:
            return str(ipaddress.ip_address(payload))
        (value,) = struct.unpack("=" + INTEGERS[kind], payload)
        if "enum" in definition:
            names = {n: name for name, n in self.enums[definition["enum"]].items()}
            return names[value]
        return value

    def decode(self, set_name, data):
        """Read attributes into {name: value}; those that repeat into lists."""
        names = {one["number"]: name for name, one in self.sets[set_name].items()}
        out = {}
        for type_, payload in attributes(data):
            name = names[type_ & NLA_TYPE_MASK]
            definition = self.sets[set_name][name]
            if definition["type"] == "pad":
                continue
            value = self.decode_value(definition, payload)
            if definition.get("multi-attr"):
                out.setdefault(name, []).append(value)
            else:
                out[name] = value
        return out


class Socket:
    """A generic netlink socket that speaks podwall, if that is there."""

    def __init__(self, spec, find=True):
        self.spec = spec
        self.sequence = 0
        self.staged = 0
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.socket.bind((0, 0))
        self.socket.settimeout(TIMEOUT)
        for option in (NETLINK_EXT_ACK, NETLINK_CAP_ACK):
            self.socket.setsockopt(SOL_NETLINK, option, 1)
        self.family = self.groups = None
        if find:
            self.find_family()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        self.socket.close()

    def find_family(self):
        name = attribute(CTRL_ATTR_FAMILY_NAME, b"podwall\0")
        (reply,) = self.talk(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, name)
        self.description = dict(
            (type_ & NLA_TYPE_MASK, payload) for type_, payload in attributes(reply)
        )
        (self.family,) = struct.unpack("=H", self.description[CTRL_ATTR_FAMILY_ID])
        self.groups = {}
        for _, group in attributes(self.description.get(CTRL_ATTR_MCAST_GROUPS, b"")):
            group = dict(attributes(group))
            self.groups[group[1].rstrip(b"\0").decode()] = struct.unpack(
                "=I", group[2]
            )[0]

    def message(self, family, command, payload, flags):
        """The next request, as bytes."""
        self.sequence += 1
        return message(family, command, payload, flags, self.sequence)

    def send(self, family, command, payload, flags):
        self.socket.sendto(self.message(family, command, payload, flags), (0, 0))

    def messages(self):
        """Every message that arrives, as (type, flags, sequence, data)."""
        while True:
            data = self.socket.recv(1 << 18)
            while len(data) >= 16:
                length, type_, flags, sequence, _ = struct.unpack_from("=IHHII", data)
                yield type_, flags, sequence, data[16:length]
                data = data[(length + 3) & ~3 :]

    @staticmethod
    def check(flags, data):
        (code,) = struct.unpack_from("=i", data)
        if code == 0:
            return
        length = 16 if flags & NLM_F_CAPPED else struct.unpack_from("=I", data, 4)[0]
        found = {}
        if flags & NLM_F_ACK_TLVS:
            found = dict(attributes(data[4 + ((length + 3) & ~3) :]))
        text = found.get(NLMSGERR_ATTR_MSG, b"").rstrip(b"\0").decode()
        offset = found.get(NLMSGERR_ATTR_OFFS)
        raise Refused(-code, text, offset and struct.unpack("=I", offset)[0])

    def talk(self, family, command, payload, flags=NLM_F_ACK):
        """Send one request and return the replies that come before its end."""
        self.send(family, command, payload, flags)
        replies = []
        for type_, got, sequence, data in self.messages():
            if sequence != self.sequence:
                continue
            if type_ == NLMSG_ERROR:
                self.check(got, data)
                return replies
            if type_ == NLMSG_DONE:
                (code,) = struct.unpack_from("=i", data)
                if code < 0:
                    raise Refused(-code, "")
                return replies
            replies.append(data[4:])
        return replies

    def raw(self, operation, payload, flags=NLM_F_ACK):
        number = self.spec.operations[operation]["number"]
        replies = self.talk(self.family, number, payload, flags)
        if operation == "transaction-begin":
            self.staged = 0
        elif operation.endswith(("-new", "-del", "-set")) or operation == "flush":
            self.staged += 1
        return replies

    def drain(self):
        """Forget what has arrived; return how much, and what the kernel noted.

        It notes ENOBUFS when something was lost.
        """
        count, noted = 0, []
        self.socket.setblocking(False)
        while True:
            try:
                self.socket.recv(1 << 18)
                count += 1
            except BlockingIOError:
                break
            except OSError as error:
                noted.append(error.errno)
        self.socket.settimeout(TIMEOUT)
        return count, noted

    def request(self, operation, values=None):
        """Ask, and return the reply by name, or None when there is none.

        A commit that is not told how many requests it ends knows it itself.
        """
        if operation == "transaction-commit" and values is None:
            values = {"requests": self.staged}
        set_name = self.spec.operations[operation]["attribute-set"]
        replies = self.raw(operation, self.spec.encode(set_name, values or {}))
        return self.spec.decode(set_name, replies[0]) if replies else None

    def dump(self, operation):
        """List, and return the messages by name."""
        set_name = self.spec.operations[operation]["attribute-set"]
        replies = self.raw(operation, b"", NLM_F_DUMP)
        return [self.spec.decode(set_name, one) for one in replies]

    def commit(self, *steps):
        """Begin, stage each (operation, values), commit."""
        self.request("transaction-begin")
        for step in steps:
            self.request(*step)
        return self.request("transaction-commit")["generation"]

    def transaction(self, *steps, expected=None):
        """A transaction from beginning to commit, to be sent by one system call."""
        begin = {} if expected is None else {"generation": expected}
        steps = (
            ("transaction-begin", begin),
            *steps,
            ("transaction-commit", {"requests": len(steps)}),
        )
        out = []
        for sequence, (name, *values) in enumerate(steps, 1):
            operation = self.spec.operations[name]
            payload = self.spec.encode(
                operation["attribute-set"], values[0] if values else {}
            )
            flags = NLM_F_ACK if sequence == len(steps) else 0
            out.append(
                message(self.family, operation["number"], payload, flags, sequence)
            )
        return len(steps), b"".join(out)

    def transact(self, transaction):
        """Send what transaction() made, and return the generation it led to.

        Of its refusals the first says why: all that comes behind it is refused
        for want of a transaction.
        """
        last, data = transaction
        self.socket.sendto(data, (0, 0))
        refused = reply = None
        for type_, flags, sequence, answer in self.messages():
            if type_ != NLMSG_ERROR:
                reply = answer
                continue
            try:
                self.check(flags, answer)
            except Refused as error:
                refused = refused or error
            if sequence == last:
                break
        if refused:
            raise refused
        return self.spec.decode("transaction", reply[4:])["generation"]

    def reset(self, *steps):
        """Back to an empty policy with the settings of a new namespace.

        What the steps stage is there instead, in the same commit.
        """
        amounts = {
            "addresses": 1048576,
            "peer-sets": 65536,
            "rule-sets": 16384,
            "pods": 4096,
            "rules": 1048576,
            "members": 4194304,
            "guarded": 64,
            "transactions": 16,
            "memory": 512 << 20,
        }
        return self.commit(
            ("flush",),
            (
                "settings-set",
                {
                    "clear-guarded": True,
                    "node-access": "accept",
                    "deny-action": "drop",
                    "event-rate": 400,
                    "limits": amounts,
                },
            ),
            *steps,
        )

    def join(self, group):
        self.socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, self.groups[group])

    def events(self):
        """Every event that waits to be read, by name."""
        sets = {
            operation["number"]: operation["attribute-set"]
            for operation in self.spec.operations.values()
        }
        self.socket.setblocking(False)
        try:
            for type_, _, _, data in self.messages():
                if type_ == self.family:
                    yield self.spec.decode(sets[data[0]], data[4:])
        except BlockingIOError:
            pass
        finally:
            self.socket.settimeout(120)

    def state(self):
        """All that can be read back, by name; counts of packets left out."""
        operations = ("address-get", "peer-set-get", "rule-set-get", "pod-get")
        out = [one for operation in operations for one in self.dump(operation)]
        out.append(self.request("settings-get"))
        for one in out:
            for part in (one, *one.get("rule", ())):
                for name in COUNTS & part.keys():
                    del part[name]
        return out


def unshare(*flags):
    """unshare(2), which Python 3.11 has not."""
    numbers = {"user": 0x10000000, "net": 0x40000000}
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(sum(numbers[flag] for flag in flags)):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def enter(path):
    """setns(2) to the network namespace that a file stands for."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(path, "rb") as file:
        if libc.setns(file.fileno(), 0x40000000):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), path)
