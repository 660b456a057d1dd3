# SPDX-License-Identifier: GPL-2.0-only
"""What a case is about: a fake server with a few objects, and who listens to it."""

import os
import re
import socket
import tempfile
import time

from cluster import Cluster
from listener import PATIENCE, Listener
from server import Server, write_kubeconfig

PODS = 10


class World:
    """A fake server with a few objects, and who listens to it."""

    def __init__(self, directory):
        self.directory = tempfile.mkdtemp(dir=directory)
        for name in os.listdir(f"{directory}/certificates"):
            os.link(f"{directory}/certificates/{name}", f"{self.directory}/{name}")
        self.cluster = Cluster()
        # What is bound keeps the port from others while no server listens there.
        self.place = socket.socket()
        self.place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.place.bind(("127.0.0.1", 0))
        self.server = None
        self.listeners = []
        self.start()
        self.cluster.put("namespaces", "default")
        self.cluster.put("nodes", "one")
        for i in range(PODS):
            self.cluster.put("pods", f"default/pod-{i}")
        self.cluster.put("networkpolicies", "default/deny")

    def start(self, certificate="server"):
        port = self.place.getsockname()[1]
        self.server = Server(self.cluster, self.directory, certificate, port)

    def stop(self):
        self.server.stop()

    def kubeconfig(self, cluster=None, user=None):
        return write_kubeconfig(f"{self.directory}/kubeconfig", self.server.port, cluster,
                                user)

    def listen(self, *words, kubeconfig=None, wait=True, environment=None, **limits):
        listener = Listener(kubeconfig or self.kubeconfig(), *(words or ("pods",)),
                            environment=environment, **limits)
        self.listeners.append(listener)
        if wait:
            self.same(listener)
        return listener

    def same(self, listener, *plurals):
        """The picture becomes what the server has."""
        for plural in plurals or ("pods",):
            wanted = self.cluster.keys(plural)
            listener.wait(f"{plural} are {wanted}",
                          lambda plural=plural, wanted=wanted: plural not in listener.pending and
                          listener.pictures.get(plural) == wanted)
            with listener.lock:
                listener.stable |= {(plural, key) for key in wanted}

    def watched(self, listener, plural="pods"):
        """A watch is there that met no fault yet, so that the next can meet it."""
        def there():
            with self.cluster.lock:
                return any(one.plural == plural and not one.met
                           for one in self.cluster.watches)
        poll(f"a watch of {plural}", there, listener)

    def change(self, listener):
        """Things happen, and are seen."""
        self.cluster.put("pods", "default/pod-1", {"spec": {"nodeName": "one"}})
        self.cluster.put("pods", f"default/late-{self.cluster.version}")
        with listener.lock:
            listener.stable.discard(("pods", "default/pod-2"))
        if "default/pod-2" in self.cluster.objects["pods"]:
            self.cluster.remove("pods", "default/pod-2")
        self.same(listener)

    def end(self):
        self.cluster.clear()
        wrong = []
        for listener in self.listeners:
            status = listener.end()
            if status or listener.lost:
                wrong += [f"exit status {status}", *listener.lost, listener.story()]
        self.stop()
        self.place.close()
        assert not wrong, "\n".join(wrong)


def poll(what, condition, listener=None):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}\n" + (listener.story() if listener else ""))
        time.sleep(0.01)


def requests(world, pattern):
    with world.cluster.lock:
        return [one for one in world.cluster.requests if re.search(pattern, one)]
