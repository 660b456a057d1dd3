# SPDX-License-Identifier: GPL-2.0-only
"""How a fake API server answers, rightly or as a fault has it.

A fault is {"match": REGULAR-EXPRESSION, "action": ACTION, "count": NUMBER, ...}: it
meets so many requests (-1: all) whose path and query match. The actions:

    status      answer "status", with "retry_after" as the header, if there is one
    reset       end the connection with a reset
    close       end the connection without an answer
    hang        never answer, and keep the connection
    truncate    announce the whole body, send half of it, and end the connection
    garbage     a success that is no JSON
    pad         a success that is "size" bytes larger
    drip        send the body in "pieces", "delay" seconds apart
"""

import json
import select
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from cluster import CALLS, GROUP, KINDS, Watch


def status_body(code, message, **details):
    reason = {401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 410: "Expired",
              429: "TooManyRequests", 500: "InternalError"}.get(code, "")
    return json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure",
                       "reason": reason, "code": code, "message": message,
                       "details": details}).encode()


class Cut(Exception):
    """The connection is to end now."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0

    def setup(self):
        self.request.settimeout(None)
        self.request.do_handshake()
        super().setup()

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass

    @property
    def cluster(self):
        return self.server.cluster

    def answer(self, code, body, headers=()):
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, code, message):
        self.answer(code, status_body(code, message))

    def reset(self):
        raw = self.request
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Cut

    def hang(self, fault=None):
        cluster = self.cluster
        with cluster.lock:
            cluster.lock.wait_for(lambda: self.server.stopping or
                                  (fault is not None and fault not in cluster.faults))
        raise Cut

    # --- What is asked.

    def do_GET(self):  # pylint: disable=invalid-name
        cluster = self.cluster
        with cluster.lock:
            # One that was under way is none of what comes after the server.
            if self.server.stopping:
                raise Cut
            cluster.requests.append(self.path)
        fault = cluster.find_fault(self.path)
        if fault and self.meet(fault):
            return
        self.serve(fault)

    def read_body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_POST(self):  # pylint: disable=invalid-name
        body = self.read_body()
        cluster = self.cluster
        if self.path == "/control":
            order = json.loads(body)
            if order["call"] not in CALLS:
                self.refuse(404, "no such call")
                return
            result = getattr(cluster, order["call"])(**order.get("arguments", {}))
            self.answer(200, json.dumps(result).encode())
            return
        fault = cluster.find_fault(f"{self.command} {self.path}")
        if fault and self.meet(fault):
            return
        if not self.may():
            return
        with cluster.lock:
            cluster.written.append({"method": self.command, "path": self.path,
                                    "type": self.headers.get("Content-Type"),
                                    "body": json.loads(body)})
        self.answer(201 if self.command == "POST" else 200, body)

    do_PATCH = do_POST

    def meet(self, fault):
        """Do what a fault says; False when it only changes the answer."""
        action = fault["action"]
        if action == "status":
            headers = []
            if "retry_after" in fault:
                headers.append(("Retry-After", str(fault["retry_after"])))
            self.answer(fault["status"], status_body(fault["status"], "as it was asked to"),
                        headers)
        elif action == "reset":
            self.reset()
        elif action == "close":
            raise Cut
        elif action == "hang":
            self.hang(fault)
        elif action == "garbage":
            self.answer(200, b'{"kind": "List", "items": [}')
        else:
            return False
        return True

    def may(self):
        header = self.headers.get("Authorization", "")
        certificate = self.request.getpeercert()
        if certificate or header.removeprefix("Bearer ") in self.cluster.tokens:
            return True
        self.refuse(401, "Unauthorized")
        return False

    def serve(self, fault):
        if not self.may():
            return
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        parts = url.path.strip("/").split("/")
        cluster = self.cluster
        if parts[:3] == ["apis", "apiextensions.k8s.io", "v1"] and len(parts) == 5:
            plural = parts[4].removesuffix(f".{GROUP}")
            if plural in cluster.defined:
                self.answer(200, json.dumps({"kind": "CustomResourceDefinition"}).encode())
            else:
                self.refuse(404, f"{parts[4]} not found")
            return
        group, version, rest = ("", *parts[1:2], parts[2:]) if parts[0] == "api" else \
            (*parts[1:3], parts[3:])
        here = [plural for plural in cluster.served if KINDS[plural][:2] == (group, version)]
        if not rest and here:
            self.answer(200, json.dumps({
                "kind": "APIResourceList", "groupVersion": f"{group}/{version}",
                "resources": [{"name": plural, "kind": KINDS[plural][2],
                               "verbs": ["get", "list", "watch"]} for plural in here]}).encode())
        elif len(rest) != 1 or rest[0] not in here:
            self.refuse(404, "the server could not find the requested resource")
        elif query.get("watch"):
            self.watch(rest[0], query)
        else:
            self.list(rest[0], query, fault or {})

    # --- Lists and watches.

    def list(self, plural, query, fault):
        body = self.cluster.page(plural, int(query.get("limit", 500)), query.get("continue"))
        action = fault.get("action")
        if body is None:
            self.refuse(410, "The provided continue parameter is too old")
        elif action == "truncate":
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:len(body) // 2])
            raise Cut
        elif action == "pad":
            self.answer(200, body[:-1] + b" " * fault["size"] + b"}")
        elif action == "drip":
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            step = max(1, -(-len(body) // fault["pieces"]))
            for i in range(0, len(body), step):
                self.wfile.write(body[i:i + step])
                time.sleep(fault["delay"])
        else:
            self.answer(200, body)

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def send_event(self, kind, text):
        frame = b'{"type":"%s","object":%s}\n' % (kind.encode(), text)
        if self.cluster.split:
            for i in range(len(frame)):
                self.chunk(frame[i:i + 1])
        else:
            self.chunk(frame)

    def bookmark(self, plural, version):
        group, api_version, kind = KINDS[plural]
        self.send_event("BOOKMARK", json.dumps({
            "kind": kind, "apiVersion": f"{group}/{api_version}" if group else api_version,
            "metadata": {"resourceVersion": str(version)}}).encode())

    def cut_watch(self, how):
        if how == "close":
            self.wfile.write(b"0\r\n\r\n")
        elif how == "reset":
            self.reset()
        elif how == "truncate":
            self.chunk(b'{"type":"DELETED","object":{"metadata":{"name":')
        elif how == "hang":
            self.hang()
        raise Cut

    def obey(self, order):
        kind, value = order
        if kind == "send":
            self.chunk(value)
        else:
            self.cut_watch(value)

    def watch(self, plural, query):
        cluster = self.cluster
        version = int(query["resourceVersion"])
        end = time.monotonic() + float(query.get("timeoutSeconds", 1800))
        forgotten = version < cluster.floor
        if forgotten and not cluster.gone_frame:
            self.refuse(410, f"too old resource version: {version}")
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        watch = Watch(plural)
        with cluster.lock:
            cluster.watches.append(watch)
        try:
            if forgotten:
                self.send_event("ERROR", status_body(410, f"too old resource version: {version}"))
            else:
                self.send_changes(watch, version, end, "allowWatchBookmarks" in query)
            self.wfile.write(b"0\r\n\r\n")
        finally:
            with cluster.lock:
                cluster.watches.remove(watch)

    def send_changes(self, watch, version, end, bookmarks):
        cluster = self.cluster
        mark = time.monotonic() + cluster.bookmark
        while True:
            with cluster.lock:
                cluster.lock.wait_for(
                    lambda: watch.orders or self.server.stopping or
                    version < cluster.forgotten[watch.plural] or any(
                        one[0] > version for one in cluster.history[watch.plural][-1:]),
                    max(0, min(end, mark, time.monotonic() + 0.1) - time.monotonic()))
                changes = [one for one in cluster.history[watch.plural] if one[0] > version]
                orders, watch.orders = watch.orders, []
                now = max(version, cluster.version)
                late = version < cluster.forgotten[watch.plural]
            # Who watches says nothing, unless that it goes.
            if self.server.stopping or select.select([self.request], [], [], 0)[0]:
                raise Cut
            if late:
                # It was not told in time of what is forgotten now.
                self.send_event("ERROR", status_body(410, "too old resource version"))
                return
            for version, kind, text in changes:
                self.send_event(kind, text)
            for order in orders:
                self.obey(order)
            if time.monotonic() >= min(end, mark) and bookmarks:
                version = max(version, now)
                self.bookmark(watch.plural, version)
                mark = time.monotonic() + cluster.bookmark
            if time.monotonic() >= end:
                return
