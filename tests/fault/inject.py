# SPDX-License-Identifier: GPL-2.0-only
"""Requests and system calls of which one allocation fails."""

import ctypes
import struct

import podwall_netlink as netlink

ROOM = 4 << 20
FAILSLAB = "/sys/kernel/debug/failslab/"
MOST = 1000000  # failures in one request


def setting(name, value=None):
    """Set, or read, one of failslab's settings."""
    with open(FAILSLAB + name, "r" if value is None else "w", encoding="ascii") as file:
        if value is None:
            return file.read()
        return file.write(str(value))


class Exchange(ctypes.Structure):
    """struct exchange of inject.c."""

    _fields_ = [
        ("socket", ctypes.c_int),
        ("request", ctypes.c_char_p),
        ("request_length", ctypes.c_size_t),
        ("answers", ctypes.c_void_p),
        ("room", ctypes.c_size_t),
        ("answers_length", ctypes.c_size_t),
        ("send_error", ctypes.c_int),
        ("receive_error", ctypes.c_int),
        ("left", ctypes.c_uint),
        ("onwards", ctypes.c_bool),
    ]


class Outcome:
    """What became of a request.

    unsent and lost are errno values: of sending, and of receiving when the
    answer was lost. code is what the acknowledgment says, and text goes with it.
    """

    def __init__(self, exchange, sequence):
        self.failed = not exchange.left
        self.unsent = exchange.send_error
        self.lost = exchange.receive_error
        self.code, self.text, self.replies = None, "", []
        data = ctypes.string_at(exchange.answers, exchange.answers_length)
        while len(data) >= 16:
            length, type_, flags, number, _ = struct.unpack_from("=IHHII", data)
            if number == sequence:
                self.take(type_, flags, data[16:length])
            data = data[(length + 3) & ~3 :]

    def take(self, type_, flags, data):
        if type_ == netlink.NLMSG_ERROR:
            try:
                netlink.Socket.check(flags, data)
                self.code = 0
            except netlink.Refused as refused:
                self.code, self.text = refused.code, refused.text
        elif type_ == netlink.NLMSG_DONE:
            (code,) = struct.unpack_from("=i", data)
            self.code = -code
        else:
            self.replies.append(data[4:])

    def __str__(self):
        parts = {
            name: getattr(self, name)
            for name in ("unsent", "lost", "code", "text")
            if getattr(self, name)
        }
        return f"{parts}, {len(self.replies)} replies"


class Injector:
    """The library, and a place for answers."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.inject_call.restype = ctypes.c_long
        self.library.inject_call.argtypes = [ctypes.c_uint, ctypes.c_void_p] + [
            ctypes.c_long
        ] * 7
        if not self.library.inject_open():
            raise OSError("this kernel has no fail-nth")
        self.answers = ctypes.create_string_buffer(ROOM)
        # Its pages must be there before they are written to by the kernel.
        ctypes.memset(self.answers, 1, ROOM)

    def ask(self, sock, operation, payload, nth, onwards=False):
        """A request of a netlink.Socket, its nth allocation failing.

        Or, onwards, all of its slab allocations once they have taken nth bytes.
        """
        described = sock.spec.operations[operation]
        flags = netlink.NLM_F_DUMP if "dump" in described else netlink.NLM_F_ACK
        message = sock.message(sock.family, described["number"], payload, flags)
        exchange = Exchange(
            sock.socket.fileno(),
            message,
            len(message),
            ctypes.addressof(self.answers),
            ROOM,
            onwards=onwards,
        )
        if onwards:
            self.choose(nth)
        self.library.inject_exchange(ctypes.byref(exchange), nth)
        if onwards:
            setting("probability", 0)
            exchange.left = int(setting("times")) == MOST
        return Outcome(exchange, sock.sequence)

    @staticmethod
    def choose(space):
        """What fails while this thread is made to fail."""
        setting("task-filter", "Y")
        setting("space", space + 1)
        setting("times", MOST)
        setting("probability", 100)

    def call(self, nth, number, *arguments):
        """A system call: what it returned, and what is left of nth."""
        left = ctypes.c_uint()
        padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
        result = self.library.inject_call(nth, ctypes.addressof(left), number, *padded)
        return result, left.value
