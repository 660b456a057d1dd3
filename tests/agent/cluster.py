# SPDX-License-Identifier: GPL-2.0-only
"""What a fake API server has: objects, their history, and what is to go wrong."""

import base64
import json
import re
import threading

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


class Watch:
    def __init__(self, plural):
        self.plural = plural
        self.orders = []
        self.met = False  # had an order


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
