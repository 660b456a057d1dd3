#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-2.0-only
"""Send and hear packets that no ordinary socket makes.

raw.py listen FAMILY PROTOCOL SECONDS TEXT   print heard or silence
              [GROUP DEVICE]                 as a member of a multicast group
raw.py send FAMILY PROTOCOL HOPS TO TEXT     TEXT behind a type byte of 143
raw.py report FAMILY HOPS FROM DEVICE TEXT   a membership report of IGMPv3 or
                                             MLDv2, with TEXT behind it
raw.py error TO PORT QUOTED QUOTED-PORT TEXT an ICMP error, as if a datagram
                                             from TO:PORT had met it
"""

import socket
import struct
import sys
import time

FAMILIES = {"4": socket.AF_INET, "6": socket.AF_INET6}


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def join(raw, family, group, device):
    address = socket.inet_pton(FAMILIES[family], group)
    index = socket.if_nametoindex(device)
    if family == "4":
        raw.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                       struct.pack("=4s4xi", address, index))
    else:
        raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                       struct.pack("=16si", address, index))


def listen(family, protocol, seconds, text, *group):
    raw = socket.socket(FAMILIES[family], socket.SOCK_RAW, int(protocol))
    if group:
        join(raw, family, *group)
    print("listening", flush=True)
    end = time.monotonic() + float(seconds)
    while (left := end - time.monotonic()) > 0:
        raw.settimeout(left)
        try:
            if text.encode() in raw.recv(65536):
                return "heard"
        except TimeoutError:
            break
    return "silence"


def send(family, protocol, hops, to, text):
    raw = socket.socket(FAMILIES[family], socket.SOCK_RAW, int(protocol))
    if family == "4":
        raw.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, int(hops))
    else:
        raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, int(hops))
    raw.sendto(b"\x8f\0\0\0" + text.encode(), (to, 0))


def report(family, hops, source, device, text):
    """As hosts send it: to all routers of the link, with a router alert."""
    data = struct.pack("!BxHxxH", 0x22 if family == "4" else 143, 0, 0) + text.encode()
    if family == "4":
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_IGMP)
        raw.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, int(hops))
        raw.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, b"\x94\x04\0\0")
        data = data[:2] + struct.pack("!H", checksum(data)) + data[4:]
        raw.bind((source, 0))
        raw.sendto(data, ("224.0.0.22", 0))
    else:
        raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, int(hops))
        raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_HOPOPTS, b"\0\0\5\2\0\0\1\0")
        link = socket.if_nametoindex(device) if source.startswith("fe80:") else 0
        raw.bind((source, 0, 0, link))
        raw.sendto(data, (f"ff02::16%{device}", 0))


def error(to, port, quoted, quoted_port, text):
    data = text.encode()
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + len(data), 0, 0, 64,
                         socket.IPPROTO_UDP, 0, socket.inet_aton(to),
                         socket.inet_aton(quoted))
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    header += struct.pack("!HHHH", int(port), int(quoted_port),
                          8 + len(data), 0) + data
    packet = struct.pack("!BBHI", 3, 3, 0, 0) + header
    packet = packet[:2] + struct.pack("!H", checksum(packet)) + packet[4:]
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    raw.sendto(packet, (to, 0))


if __name__ == "__main__":
    answer = {"listen": listen, "send": send, "report": report,
              "error": error}[sys.argv[1]](*sys.argv[2:])
    if answer:
        print(answer)
