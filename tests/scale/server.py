# SPDX-License-Identifier: GPL-2.0-only
"""An API server that only serves what tests/scale/generate has written.

Pages come out of one file as they are, and what a watch is told is handed to it in
frames that are ready; nothing is done for an object. It cannot do more than a list in
pages and a watch; what else is asked for is answered 404, or taken and forgotten.
"""

import json
import mmap
import re
import select
import socket
import ssl
import threading
import time
from urllib.parse import parse_qs, urlsplit

RESOURCE = re.compile(
    r"^/api(?:s/networking\.k8s\.io)?/v1/(namespaces|nodes|networkpolicies|pods)$")
NOT_FOUND = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
             "reason": "NotFound", "message": "the server could not find it", "code": 404}


def head(status, length=None):
    """length: None for a body that ends when the server says so."""
    words = {200: "OK", 201: "Created", 404: "Not Found"}
    body = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return (f"HTTP/1.1 {status} {words[status]}\r\nContent-Type: application/json\r\n"
            f"{body}\r\n\r\n").encode()


class Server:
    """Serves until the process ends; send() tells watches what happens."""

    def __init__(self, directory, certificate, key):
        with open(f"{directory}/index.json", encoding="ascii") as file:
            self.index = json.load(file)
        with open(f"{directory}/pages", "rb") as file:
            self.pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.local_only = False
        self.changed = threading.Condition()
        self.watches = {}
        self.requests = 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    # --- Connections, a thread each

    def accept(self):
        while True:
            plain, _ = self.listener.accept()
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain):
        try:
            with self.context.wrap_socket(plain, server_side=True) as connection:
                reader = connection.makefile("rb")
                while self.answer(connection, reader):
                    pass
        except OSError:
            # The agent went away, as it may.
            pass

    @staticmethod
    def read_request(reader):
        line = reader.readline().decode("ascii")
        if not line:
            return None, None
        length = 0
        while (header := reader.readline().strip().lower()):
            if header.startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        reader.read(length)
        method, target, _ = line.split()
        return method, target

    def answer(self, connection, reader):
        """Returns whether another request may follow."""
        method, target = self.read_request(reader)
        if not method:
            return False
        self.requests += 1
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        found = RESOURCE.match(url.path)
        if method != "GET":
            self.send_object(connection, 201, {"kind": "Status", "apiVersion": "v1"})
        elif not found:
            self.send_object(connection, 404, NOT_FOUND)
        elif query.get("watch"):
            return self.watch(connection, found[1], int(query["timeoutSeconds"]))
        else:
            self.send_page(connection, found[1], query)
        return True

    @staticmethod
    def send_object(connection, status, value):
        body = json.dumps(value).encode()
        connection.sendall(head(status, len(body)) + body)

    def send_page(self, connection, name, query):
        if query.get("limit") != str(self.index["page"]):
            # Whoever asks for so few wants the resource version alone.
            assert query.get("limit") == "1", f"generate with --page {query.get('limit')}"
            self.send_object(connection, 200, {
                "metadata": {"resourceVersion": str(self.index["version"])}, "items": None})
            return
        if name == "pods" and self.local_only:
            name = "local-pods"
        offset, length = self.index["lists"][name][int(query.get("continue", 0))]
        connection.sendall(head(200, length))
        connection.sendall(memoryview(self.pages)[offset:offset + length])

    def watch(self, connection, name, seconds):
        """Until its time is over, or the agent says something: that it is gone.

        TLS cannot be read by one thread while another writes.
        """
        connection.sendall(head(200))
        with self.changed:
            self.watches[name] = connection
            self.changed.notify_all()
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        over = not poll.poll(seconds * 1000)
        with self.changed:
            if self.watches.get(name) is connection:
                del self.watches[name]
            if over:
                connection.sendall(b"0\r\n\r\n")
        return over

    # --- What happens

    def wait_for_watches(self, seconds):
        """All kinds are watched; an agent watches again when a watch has ended."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.watches) == 4, seconds):
                raise TimeoutError(f"watched are only {sorted(self.watches)}")

    def send(self, frames):
        """Frames of (resource, text); returns when the first began to be written.

        That is in nanoseconds of CLOCK_REALTIME. Frames of one resource that follow each other
        are one write.
        """
        writes = []
        for name, text in frames:
            if writes and writes[-1][0] == name:
                writes[-1][1].append(text)
            else:
                writes.append((name, [text]))
        writes = [(name, "".join(texts).encode()) for name, texts in writes]
        writes = [(name, b"%x\r\n%b\r\n" % (len(body), body)) for name, body in writes]
        with self.changed:
            self.changed.wait_for(lambda: len(self.watches) == 4, 60)
            begun = time.clock_gettime_ns(time.CLOCK_REALTIME)
            for name, body in writes:
                self.watches[name].sendall(body)
        return begun
