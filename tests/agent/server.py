#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A fake API server: lists in pages, watches, and every fault on demand.

    server.py DIRECTORY [--port PORT] [--load FILE] [--bind ADDRESS]

makes certificates in DIRECTORY unless they are there, writes DIRECTORY/kubeconfig,
serves, and prints "ready PORT" when it does. FILE has an object a line, which is not
read any further:

    PLURAL<tab>KEY<tab>JSON

with KEY "namespace/name" or "name", and a metadata.resourceVersion of at most
"1000". Lists are encoded once for each page size, so that serving a list of any
number of objects costs no more than sending it.

POST /control takes {"call": NAME, "arguments": {...}} for the methods of Cluster
that are named in CALLS, and answers with what they return.

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

import argparse
import base64
import json
import os
import re
import select
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from urllib.parse import parse_qs, urlsplit

GROUP = "policy.networking.k8s.io"
KINDS = {
    "namespaces": ("", "v1", "Namespace"),
    "nodes": ("", "v1", "Node"),
    "pods": ("", "v1", "Pod"),
    "networkpolicies": ("networking.k8s.io", "v1", "NetworkPolicy"),
    "clusternetworkpolicies": (GROUP, "v1alpha2", "ClusterNetworkPolicy"),
    "adminnetworkpolicies": (GROUP, "v1alpha1", "AdminNetworkPolicy"),
    "baselineadminnetworkpolicies": (GROUP, "v1alpha1", "BaselineAdminNetworkPolicy"),
}
CUSTOM = [plural for plural, (group, *_) in KINDS.items() if group == GROUP]
CALLS = ("put", "remove", "fault", "clear", "compact", "cut", "inject", "define", "keys",
         "rewind", "settings", "received")


def status_body(code, message, **details):
    reason = {401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 410: "Expired",
              429: "TooManyRequests", 500: "InternalError"}.get(code, "")
    return json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure",
                       "reason": reason, "code": code, "message": message,
                       "details": details}).encode()


class Cluster:
    """The objects, their history, and what is to go wrong."""

    def __init__(self):
        self.lock = threading.Condition()
        self.version = 1000
        self.objects = {plural: {} for plural in KINDS}
        self.history = {plural: [] for plural in KINDS}  # (version, type, object)
        self.floor = 0  # what is older is forgotten
        self.forgotten = dict.fromkeys(KINDS, 0)  # the newest change of what is
        self.pages = {}  # (plural, limit, version) -> bodies
        self.changed = dict.fromkeys(KINDS, 0)
        self.faults = []
        self.served = set(KINDS) - set(CUSTOM)
        self.defined = set()
        self.watches = []
        self.tokens = {"secret"}
        self.bookmark = 60.0  # seconds between two bookmarks
        self.split = False  # send each byte of a watch on its own
        self.gone_frame = True  # 410 of a watch as an event, not as a status
        self.requests = []  # path and query of each
        self.written = []  # what was posted or patched

    # --- Objects.

    def load(self, path):
        with open(path, "rb") as file:
            for line in file:
                plural, key, text = line.rstrip(b"\n").split(b"\t", 2)
                self.objects[plural.decode()][key.decode()] = text

    def _note(self, plural, kind, text):
        self.history[plural].append((self.version, kind, text))
        self.changed[plural] = self.version
        self.lock.notify_all()

    def put(self, plural, key, fields=None):
        """Add or change an object; returns its resource version."""
        namespace, _, name = key.rpartition("/")
        with self.lock:
            self.version += 1
            group, version, kind = KINDS[plural]
            metadata = {"name": name, "resourceVersion": str(self.version),
                        "uid": f"{plural}-{key}"}
            if namespace:
                metadata["namespace"] = namespace
            value = dict(fields or {})
            value["metadata"] = {**metadata, **value.get("metadata", {})}
            value["apiVersion"] = f"{group}/{version}" if group else version
            value["kind"] = kind
            text = json.dumps(value).encode()
            change = "MODIFIED" if key in self.objects[plural] else "ADDED"
            self.objects[plural][key] = text
            self._note(plural, change, text)
            return self.version

    def remove(self, plural, key):
        with self.lock:
            self.version += 1
            value = json.loads(self.objects[plural].pop(key))
            value["metadata"]["resourceVersion"] = str(self.version)
            self._note(plural, "DELETED", json.dumps(value).encode())
            return self.version

    def keys(self, plural):
        """Key -> resource version."""
        with self.lock:
            return {key: json.loads(text)["metadata"]["resourceVersion"]
                    for key, text in self.objects[plural].items()}

    def compact(self):
        """Forget what was, and all pages of lists that are under way."""
        with self.lock:
            self.version += 1
            self.floor = self.version
            self.forgotten = dict(self.changed)
            self.history = {plural: [] for plural in KINDS}
            self.pages.clear()

    def rewind(self, by):
        """Let the storage be an older copy, of a lower version."""
        with self.lock:
            self.version -= by
            for plural in KINDS:
                self.history[plural] = [one for one in self.history[plural]
                                        if one[0] <= self.version]
                self.changed[plural] = min(self.changed[plural], self.version)
                self.forgotten[plural] = min(self.forgotten[plural], self.version)
                for key, text in self.objects[plural].items():
                    value = json.loads(text)
                    if int(value["metadata"]["resourceVersion"]) > self.version:
                        value["metadata"]["resourceVersion"] = str(self.version)
                        self.objects[plural][key] = json.dumps(value).encode()
            self.pages.clear()

    def define(self, plural, defined, served):
        with self.lock:
            (self.defined.add if defined else self.defined.discard)(plural)
            (self.served.add if served else self.served.discard)(plural)

    def settings(self, **values):
        with self.lock:
            for name, value in values.items():
                setattr(self, name, set(value) if name == "tokens" else value)

    def received(self):
        with self.lock:
            return list(self.written)

    # --- Faults.

    def fault(self, **fault):
        with self.lock:
            self.faults.append({"count": 1, **fault})

    def clear(self):
        with self.lock:
            self.faults.clear()
            self.lock.notify_all()

    def find_fault(self, path):
        with self.lock:
            for fault in self.faults:
                if fault["count"] and re.search(fault["match"], path):
                    fault["count"] -= 1
                    return fault
        return None

    def cut(self, plural, how):
        """End the watches of a kind: close, reset, truncate, hang."""
        with self.lock:
            for watch in self.watches:
                if watch.plural == plural:
                    watch.orders.append(("cut", how))
                    watch.met = True
            self.lock.notify_all()

    def inject(self, plural, text):
        """Send any text in the watches of a kind."""
        with self.lock:
            for watch in self.watches:
                if watch.plural == plural:
                    watch.orders.append(("send", text.encode()))
                    watch.met = True
            self.lock.notify_all()

    # --- Lists.

    def list_pages(self, plural, limit):
        """Bodies of the pages of a list of now."""
        with self.lock:
            version = self.version
            known = (plural, limit, self.changed[plural])
            if known in self.pages:
                return known
            items = list(self.objects[plural].values())
            group, api_version, kind = KINDS[plural]
            head = json.dumps({"kind": f"{kind}List", "apiVersion":
                               f"{group}/{api_version}" if group else api_version})[:-1]
            count = max(1, -(-len(items) // limit))
            bodies = []
            for i in range(count):
                metadata = {"resourceVersion": str(version)}
                if i + 1 < count:
                    token = json.dumps([*known, i + 1]).encode()
                    metadata["continue"] = base64.b64encode(token).decode()
                bodies.append(b"".join((
                    head.encode(), b', "metadata": ', json.dumps(metadata).encode(),
                    b', "items": [', b",".join(items[i * limit:(i + 1) * limit]), b"]}")))
            # What a list began with stays until it is forgotten.
            self.pages[known] = bodies
            return known

    def page(self, plural, limit, token):
        """One page, or None when it was forgotten."""
        index = 0
        if token:
            *known, index = json.loads(base64.b64decode(token))
            known = tuple(known)
        else:
            known = self.list_pages(plural, limit)
        with self.lock:
            bodies = self.pages.get(known)
            return bodies[index] if bodies else None


class Cut(Exception):
    """The connection is to end now."""


class Watch:
    def __init__(self, plural):
        self.plural = plural
        self.orders = []
        self.met = False  # had an order


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


class Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, cluster, directory, certificate="server", port=0, bind="127.0.0.1"):
        self.cluster = cluster
        self.stopping = False
        self.connections = set()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(f"{directory}/{certificate}.crt",
                                     f"{directory}/{certificate}.key")
        self.context.load_verify_locations(f"{directory}/authority.crt")
        self.context.verify_mode = ssl.CERT_OPTIONAL
        super().__init__((bind, port), Handler)
        self.port = self.server_address[1]
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def get_request(self):
        connection, address = super().get_request()
        connection = self.context.wrap_socket(connection, server_side=True,
                                              do_handshake_on_connect=False)
        self.connections.add(connection)
        return connection, address

    def shutdown_request(self, request):
        # Not a shutdown of TLS, so that a reset is one.
        self.connections.discard(request)
        request.close()

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if not isinstance(error, (Cut, OSError, ssl.SSLError)):
            super().handle_error(request, client_address)

    def stop(self):
        """As kill -9 does it: all connections end."""
        self.shutdown()
        self.server_close()
        with self.cluster.lock:
            self.stopping = True
            self.cluster.lock.notify_all()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


# --- Certificates.

def openssl(*words):
    subprocess.run(("openssl", *words), check=True, capture_output=True)


def make_authority(directory, name):
    path = f"{directory}/{name}"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{path}.key", "-out", f"{path}.crt")


def make_certificate(directory, name, authority, alternative, days=2):
    path = f"{directory}/{name}"
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            f"/CN={name}", "-keyout", f"{path}.key", "-out", f"{path}.request")
    with open(f"{path}.extensions", "w", encoding="ascii") as file:
        file.write(f"subjectAltName={alternative}\n")
    openssl("x509", "-req", "-in", f"{path}.request", "-days", str(days), "-set_serial",
            str(int.from_bytes(os.urandom(8), "big") >> 1), "-CA", f"{directory}/{authority}.crt",
            "-CAkey", f"{directory}/{authority}.key", "-extfile", f"{path}.extensions", "-out",
            f"{path}.crt")


def make_certificates(directory, addresses=("127.0.0.1",)):
    """All that the tests need: of the server, of one that is none, and of a client."""
    if os.path.exists(f"{directory}/client.crt"):
        return
    here = ",".join(["DNS:localhost", *(f"IP:{address}" for address in addresses)])
    make_authority(directory, "authority")
    make_authority(directory, "stranger")
    make_certificate(directory, "server", "authority", here)
    make_certificate(directory, "elsewhere", "authority", "DNS:elsewhere.example")
    make_certificate(directory, "forged", "stranger", here)
    make_certificate(directory, "expired", "authority", here, days=-1)
    make_certificate(directory, "client", "authority", "DNS:client")


def write_kubeconfig(path, port, cluster=None, user=None, address="127.0.0.1"):
    """Returns the path."""
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "test",
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
        "clusters": [{"name": "test", "cluster": {
            "server": f"https://{address}:{port}", "certificate-authority": "authority.crt",
            **(cluster or {})}}],
        "users": [{"name": "test", "user": user or {"token": "secret"}}],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(config, file)
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--load")
    options = parser.parse_args()
    cluster = Cluster()
    if options.load:
        cluster.load(options.load)
        for plural in KINDS:
            cluster.list_pages(plural, 500)
    make_certificates(options.directory, {"127.0.0.1", options.bind})
    server = Server(cluster, options.directory, port=options.port, bind=options.bind)
    write_kubeconfig(f"{options.directory}/kubeconfig", server.port, address=options.bind)
    print(f"ready {server.port}", flush=True)
    server.thread.join()


if __name__ == "__main__":
    main()
