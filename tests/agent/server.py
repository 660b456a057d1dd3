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
that are named in CALLS, and answers with what they return. One of them is fault;
handler.py says which there are.
"""

import argparse
import json
import socket
import ssl
import sys
import threading
from socketserver import TCPServer, ThreadingMixIn

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from certificates import make_certificates
from cluster import KINDS, Cluster
from handler import Cut, Handler


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
            # They are there until their threads have seen it.
            for watch in self.cluster.watches:
                watch.met = True
            self.cluster.lock.notify_all()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


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
