#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Talk to the API server of the test cluster, as its administrator.

One process with one connection, since to start a client costs a second. It
reads commands from standard input and answers each with one line, the first
word of which is the HTTP status, or 0 when there was none:

  set FILE...            STATUS: the objects in these YAML files are there now, and
                         what an earlier set has put there and they do not hold
                         is not. What has not changed is left alone. A status is
                         written as a kubelet would; a pod that is to be on another
                         node is deleted, and made again. The worst status of all
                         requests; behind it what the server said.
  get PATH               STATUS JSON
  put PATH JSON          STATUS JSON
  post PATH JSON         STATUS JSON
  merge PATH JSON        STATUS JSON: by a JSON merge patch
  delete PATH [SECONDS]  STATUS JSON: with that grace period (0)
  token NAMESPACE NAME   STATUS TOKEN: of a service account
  clear                  STATUS: pods, policies, nodes, events, and namespaces but
                         for the cluster's own are gone
"""

import ctypes
import http.client
import json
import os
import ssl
import sys

import yaml

DIRECTORY = os.environ["PODWALL_CONTROL"]
ADDRESS, PORT = "127.0.0.1", 6443
# Seconds until a server that does not answer is given up.
PATIENCE = 300

POLICY = "policy.networking.k8s.io"
PLURALS = {
    "Namespace": "namespaces",
    "Node": "nodes",
    "Pod": "pods",
    "NetworkPolicy": "networkpolicies",
    "ClusterNetworkPolicy": "clusternetworkpolicies",
    "AdminNetworkPolicy": "adminnetworkpolicies",
    "BaselineAdminNetworkPolicy": "baselineadminnetworkpolicies",
}
NAMESPACED = ("Pod", "NetworkPolicy")
# A namespace comes before what is in it.
ORDER = list(PLURALS)
# All that a scenario leaves, over all namespaces.
LEFT = (
    "/api/v1/pods",
    "/apis/networking.k8s.io/v1/networkpolicies",
    f"/apis/{POLICY}/v1alpha2/clusternetworkpolicies",
    f"/apis/{POLICY}/v1alpha1/adminnetworkpolicies",
    f"/apis/{POLICY}/v1alpha1/baselineadminnetworkpolicies",
    "/apis/events.k8s.io/v1/events",
    "/api/v1/nodes",
)
OWN_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system", "podwall-system")

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
JSON = "application/json"
NOW = {"gracePeriodSeconds": 0}


def path_of(item):
    version, kind, metadata = item["apiVersion"], item["kind"], item["metadata"]
    path = ("/apis/" if "/" in version else "/api/") + version
    if kind in NAMESPACED:
        path += "/namespaces/" + metadata.get("namespace", "default")
    return f"{path}/{PLURALS[kind]}/{metadata['name']}"


class Server:
    def __init__(self):
        self.context = ssl.create_default_context(cafile=DIRECTORY + "/ca.pem")
        with open(DIRECTORY + "/admin.token", encoding="ascii") as file:
            self.token = file.read().strip()
        self.connection = None

    def send(self, method, path, body, content_type):
        if not self.connection:
            self.connection = http.client.HTTPSConnection(
                ADDRESS, PORT, timeout=PATIENCE, context=self.context
            )
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": content_type}
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise

    def ask(self, method, path, body=None, content_type=JSON):
        """The status, and the object; status 0, and a text, without an answer."""
        if body is not None:
            body = json.dumps(body)
        fresh = not self.connection
        try:
            status, text = self.send(method, path, body, content_type)
        except (OSError, http.client.HTTPException) as error:
            # A connection that was kept may have been closed meanwhile.
            if not fresh:
                return self.ask(method, path, body and json.loads(body), content_type)
            return 0, repr(error)
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text


class Commands:
    def __init__(self):
        self.server = Server()
        self.known = {}

    def apply(self, path, item):
        status = item.pop("status", None)
        before = self.known.get(path, {})
        if item.get("kind") == "Pod" and before.get("spec", item["spec"]) != item["spec"]:
            yield self.server.ask("DELETE", path, NOW)
            before = {}
        if {**before, "status": None} != {**item, "status": None}:
            yield self.server.ask(
                "PATCH", path + "?fieldManager=tests&force=true", item, APPLY
            )
        if status and before.get("status") != status:
            yield self.server.ask("PATCH", path + "/status", {"status": status}, MERGE)
        self.known[path] = {**item, "status": status}

    def change(self, items):
        for path in [path for path in self.known if path not in items]:
            yield self.server.ask("DELETE", path, NOW)
            del self.known[path]
        for path, item in sorted(items.items(), key=lambda one: ORDER.index(one[1]["kind"])):
            yield from self.apply(path, item)

    def do_set(self, *files):
        items = {}
        for name in files:
            with open(name, encoding="utf-8") as file:
                for item in yaml.load_all(file, yaml.CSafeLoader):
                    if item:
                        items[path_of(item)] = item
        worst = max(self.change(items), key=lambda answer: answer[0] or 999, default=(200, ""))
        return worst if worst[0] not in (200, 201) else (200, "")

    def do_get(self, path):
        return self.server.ask("GET", path)

    def do_put(self, path, *body):
        return self.server.ask("PUT", path, json.loads(" ".join(body)))

    def do_post(self, path, *body):
        return self.server.ask("POST", path, json.loads(" ".join(body)))

    def do_merge(self, path, *body):
        return self.server.ask("PATCH", path, json.loads(" ".join(body)), MERGE)

    def do_delete(self, path, seconds="0"):
        self.known.pop(path, None)
        return self.server.ask("DELETE", path, {"gracePeriodSeconds": int(seconds)})

    def do_token(self, namespace, name):
        status, answer = self.server.ask(
            "POST",
            f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token",
            {"spec": {"expirationSeconds": 3600}},
        )
        return status, answer["status"]["token"] if status == 201 else answer

    def delete_namespace(self, name):
        """At once: nobody is here to see what is in it out first."""
        path = "/api/v1/namespaces/" + name
        status, item = self.server.ask("DELETE", path)
        if status == 200:
            item = self.server.ask("GET", path)[1]
            item["spec"]["finalizers"] = []
            self.server.ask("PUT", path + "/finalize", item)

    def do_clear(self):
        self.known = {}
        for path in LEFT:
            status, items = self.server.ask("GET", path)
            if status != 200:
                return status, items
            base, plural = path.rsplit("/", 1)
            for item in items["items"]:
                namespace = item["metadata"].get("namespace")
                where = f"{base}/namespaces/{namespace}" if namespace else base
                self.server.ask("DELETE", f"{where}/{plural}/{item['metadata']['name']}", NOW)
        status, items = self.server.ask("GET", "/api/v1/namespaces")
        for item in items["items"]:
            if item["metadata"]["name"] not in OWN_NAMESPACES:
                self.delete_namespace(item["metadata"]["name"])
        return 200, ""

    def run(self):
        for line in sys.stdin:
            name, *words = line.split()
            status, answer = getattr(self, "do_" + name)(*words)
            if not isinstance(answer, str):
                answer = json.dumps(answer)
            print(status, answer.replace("\n", " "), flush=True)


if __name__ == "__main__":
    with open("/run/netns/control", "rb") as netns:
        if ctypes.CDLL(None, use_errno=True).setns(netns.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")
    Commands().run()
