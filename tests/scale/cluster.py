# SPDX-License-Identifier: GPL-2.0-only
"""A large cluster's objects, as an API server gives them; the same for one seed."""

import hashlib
import json
import random
from dataclasses import dataclass, field, replace

TEAMS = 40
ENVIRONMENTS = ("production", "staging", "development")
TIERS = ("frontend", "backend", "cache", "data")
APPLICATIONS = ("web", "api", "worker", "queue", "search", "store", "session", "report",
                "gateway", "billing", "index", "mail")
# The namespaces that others name in their policies come first.
SHARED = ("kube-system", "monitoring", "ingress")
CREATED = "2026-11-02T08:15:30Z"
IMAGE = "registry.example.org/platform"
# A tenth of the pods is of StatefulSets, which label each pod with its own name.
STATEFUL = 0.10
DEPLOYMENT_SIZES = (1, 2, 2, 3, 3, 4, 6, 8, 12, 20)
STATEFUL_SIZES = (1, 3, 3, 5)


@dataclass
class Size:
    """How much of everything; local pods are those of the first node."""

    pods: int = 100_000
    local: int = 110
    nodes: int = 1_000
    namespaces: int = 1_000
    policies: int = 10_000


@dataclass
class Workload:
    """A Deployment's ReplicaSet, or a StatefulSet."""

    namespace: str
    name: str
    application: str
    tier: str
    stateful: bool


@dataclass
class Pod:
    """What one pod differs by from the others."""

    number: int
    workload: Workload
    name: str
    node: str
    address: str
    labels: dict = field(default_factory=dict)

    @property
    def key(self):
        return f"{self.workload.namespace}/{self.name}"


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def digest(text, length):
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def uid(text):
    word = digest(text, 32)
    return f"{word[:8]}-{word[8:12]}-4{word[13:16]}-a{word[17:20]}-{word[20:32]}"


def node_name(index):
    return f"node-{index:04}"


def node_block(index):
    return f"10.{index >> 8}.{index & 255}.0/24"


def pod_address(node, index):
    return f"10.{node >> 8}.{node & 255}.{index + 2}"


def make_labels(workload, name):
    labels = {
        "app.kubernetes.io/name": workload.application,
        "app.kubernetes.io/instance": workload.name,
        "app.kubernetes.io/part-of": workload.namespace,
        "tier": workload.tier,
    }
    if workload.stateful:
        labels["statefulset.kubernetes.io/pod-name"] = name
    else:
        labels["pod-template-hash"] = template_hash(workload)
    return labels


def template_hash(workload):
    return digest(f"{workload.namespace}/{workload.name}", 10)


def pod_name(workload, index):
    if workload.stateful:
        return f"{workload.name}-{index}"
    suffix = f"{digest(f'{workload.namespace}/{workload.name}/{index}', 3)}{index:02x}"
    return f"{workload.name}-{template_hash(workload)}-{suffix}"


class Cluster:
    """Everything that there is before anything happens."""

    def __init__(self, size, seed=1):
        self.size = size
        self.random = random.Random(seed)
        self.namespaces = [*SHARED, *(f"project-{index:04}" for index in
                                      range(size.namespaces - len(SHARED)))]
        self.workloads = {name: [] for name in self.namespaces}
        self.pods = self.make_pods()
        self.policies = list(self.make_policies())

    # --- Pods

    def make_workload(self, namespace):
        stateful = self.random.random() < self.stateful_share()
        application = self.random.choice(APPLICATIONS)
        index = len(self.workloads[namespace])
        workload = Workload(namespace, f"{application}-{index}", application,
                            self.random.choice(TIERS), stateful)
        self.workloads[namespace].append(workload)
        sizes = STATEFUL_SIZES if stateful else DEPLOYMENT_SIZES
        return workload, self.random.choice(sizes)

    @staticmethod
    def stateful_share():
        """Of the workloads, so that STATEFUL is that of the pods."""
        stateful = sum(STATEFUL_SIZES) / len(STATEFUL_SIZES)
        deployment = sum(DEPLOYMENT_SIZES) / len(DEPLOYMENT_SIZES)
        return STATEFUL * deployment / (STATEFUL * deployment + (1 - STATEFUL) * stateful)

    def make_members(self):
        """(workload, index) of each pod: each namespace has some pods."""
        weights = [self.random.uniform(0.2, 1.8) for _ in self.namespaces]
        share = self.size.pods / sum(weights)
        members = []
        for namespace, weight in zip(self.namespaces, weights):
            wanted = len(members) + max(1, round(weight * share))
            while len(members) < wanted:
                workload, replicas = self.make_workload(namespace)
                members.extend((workload, index) for index in range(replicas))
        while len(members) < self.size.pods:
            workload, replicas = self.make_workload(self.random.choice(self.namespaces))
            members.extend((workload, index) for index in range(replicas))
        self.random.shuffle(members)
        return members[:self.size.pods]

    def make_pods(self):
        """The local pods first, then the others, node by node in turns."""
        pods = []
        for number, (workload, index) in enumerate(self.make_members()):
            place = number - self.size.local
            if place < 0:
                node, slot = 0, number
            else:
                others = self.size.nodes - 1
                node, slot = place % others + 1, place // others
            name = pod_name(workload, index)
            pods.append(Pod(number, workload, name, node_name(node),
                            pod_address(node, slot), make_labels(workload, name)))
        return pods

    @property
    def local_pods(self):
        return self.pods[:self.size.local]

    # --- Policies

    def make_policies(self):
        """(namespace, name, spec) of each; each namespace has as many, or one more."""
        for index in range(self.size.policies):
            namespace = self.namespaces[index % len(self.namespaces)]
            number = index // len(self.namespaces)
            if number == 0:
                yield namespace, "default", self.default_spec()
            elif number == 1:
                yield namespace, "same-namespace", self.same_namespace_spec()
            else:
                yield namespace, f"policy-{number}", self.policy_spec()

    @staticmethod
    def default_spec():
        servers = {"namespaceSelector": {"matchLabels": {
            "kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"tier": "backend"}}}
        return {"podSelector": {}, "policyTypes": ["Ingress", "Egress"],
                "egress": [{"to": [servers],
                            "ports": [{"protocol": "UDP", "port": 53},
                                      {"protocol": "TCP", "port": 53}]}]}

    @staticmethod
    def same_namespace_spec():
        peers = [{"podSelector": {}}]
        return {"podSelector": {}, "policyTypes": ["Ingress", "Egress"],
                "ingress": [{"from": peers}], "egress": [{"to": peers}]}

    def policy_spec(self):
        spec = {"podSelector": self.pod_selector(), "policyTypes": ["Ingress"]}
        rules = self.random.randint(1, 5)
        egress = self.random.randint(0, rules - 1) if self.random.random() < 0.4 else 0
        spec["ingress"] = [{"from": self.peers(), "ports": self.ports(True)}
                           for _ in range(rules - egress)]
        if egress:
            spec["policyTypes"].append("Egress")
            spec["egress"] = [{"to": self.peers(), "ports": self.ports(False)}
                              for _ in range(egress)]
        return spec

    def pod_selector(self):
        if self.random.random() < 0.5:
            return {"matchLabels": {"tier": self.random.choice(TIERS)}}
        return {"matchExpressions": [{
            "key": "app.kubernetes.io/name", "operator": "In",
            "values": sorted(self.random.sample(APPLICATIONS, 4))}]}

    def namespace_selector(self):
        draw = self.random.random()
        if draw < 0.3:
            return {"matchLabels": {
                "kubernetes.io/metadata.name": self.random.choice(SHARED)}}
        if draw < 0.85:
            return {"matchLabels": {"team": f"team-{self.random.randrange(TEAMS):02}"}}
        return {"matchExpressions": [{
            "key": "environment", "operator": "In",
            "values": [self.random.choice(ENVIRONMENTS)]}]}

    def block(self):
        length = self.random.choice((16, 20, 24, 28))
        base = f"198.{18 + self.random.randrange(2)}.{self.random.randrange(16) * 16}.0"
        if length == 16:
            base = f"198.{18 + self.random.randrange(2)}.0.0"
        block = {"cidr": f"{base}/{length}"}
        if length < 24 and self.random.random() < 0.5:
            prefix = base.rsplit(".", 2)[0]
            third = int(base.split(".")[2]) + self.random.randrange(4)
            block["except"] = [f"{prefix}.{third}.0/24"]
        return block

    def peer(self):
        draw = self.random.random()
        if draw < 0.4:
            return {"podSelector": self.pod_selector()}
        if draw < 0.7:
            return {"namespaceSelector": self.namespace_selector(),
                    "podSelector": self.pod_selector()}
        if draw < 0.8:
            return {"namespaceSelector": self.namespace_selector()}
        return {"ipBlock": self.block()}

    def peers(self):
        return [self.peer() for _ in range(self.random.randint(1, 2))]

    def ports(self, ingress):
        draw = self.random.random()
        if draw < (0.15 if ingress else 0.03):
            return [{"protocol": "TCP", "port": self.random.choice(("http", "metrics"))}]
        if draw < 0.2:
            return [{"protocol": "TCP", "port": 30000, "endPort": 32767}]
        return [{"protocol": self.random.choice(("TCP", "TCP", "UDP")),
                 "port": self.random.choice((80, 443, 5432, 6379, 8080, 8443, 9090))}
                for _ in range(self.random.randint(1, 2))]


# --- Objects in JSON. What all have is text, because there are so many.

def namespace_labels(cluster, index):
    name = cluster.namespaces[index]
    return {"kubernetes.io/metadata.name": name, "team": f"team-{index % TEAMS:02}",
            "environment": ENVIRONMENTS[index // TEAMS % len(ENVIRONMENTS)]}


def namespace_object(cluster, index, version, labels=None):
    name = cluster.namespaces[index]
    return {
        "metadata": {
            "name": name, "uid": uid(f"namespace {name}"), "resourceVersion": str(version),
            "creationTimestamp": CREATED, "labels": labels or namespace_labels(cluster, index),
            "managedFields": [{
                "manager": "kubectl", "operation": "Update", "apiVersion": "v1",
                "time": CREATED, "fieldsType": "FieldsV1", "fieldsV1": {"f:metadata": {
                    "f:labels": {".": {}, "f:kubernetes.io/metadata.name": {},
                                 "f:team": {}, "f:environment": {}}}}}],
        },
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def node_object(index, version):
    name = node_name(index)
    conditions = [
        {"type": kind, "status": status, "lastHeartbeatTime": CREATED,
         "lastTransitionTime": CREATED, "reason": f"Kubelet{kind}",
         "message": f"kubelet says {status} of {kind}"}
        for kind, status in (("MemoryPressure", "False"), ("DiskPressure", "False"),
                             ("PIDPressure", "False"), ("Ready", "True"))]
    amounts = {"cpu": "64", "ephemeral-storage": "934852Mi", "hugepages-2Mi": "0",
               "memory": "263733376Ki", "pods": "110"}
    return {
        "metadata": {
            "name": name, "uid": uid(name), "resourceVersion": str(version),
            "creationTimestamp": CREATED,
            "labels": {"kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux",
                       "kubernetes.io/hostname": name,
                       "topology.kubernetes.io/zone": f"zone-{index % 3}"},
            "annotations": {"node.alpha.kubernetes.io/ttl": "300"},
        },
        "spec": {"podCIDR": node_block(index), "podCIDRs": [node_block(index)]},
        "status": {
            "capacity": amounts, "allocatable": amounts, "conditions": conditions,
            "addresses": [
                {"type": "InternalIP",
                 "address": f"192.168.{index >> 7}.{index % 128 + 1}"},
                {"type": "Hostname", "address": name}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {"kernelVersion": "6.1.0", "osImage": "Debian GNU/Linux 12",
                         "kubeletVersion": "v1.30.4", "architecture": "amd64"},
            "images": [{"names": [f"{IMAGE}/{word}@sha256:{digest(word, 64)}",
                                  f"{IMAGE}/{word}:1.4.2"], "sizeBytes": 81234567}
                       for word in APPLICATIONS],
        },
    }


def policy_object(policy, version):
    namespace, name, spec = policy
    return {
        "metadata": {
            "name": name, "namespace": namespace, "uid": uid(f"{namespace}/{name} policy"),
            "resourceVersion": str(version), "generation": 1, "creationTimestamp": CREATED,
            "managedFields": [{
                "manager": "kubectl-client-side-apply", "operation": "Update",
                "apiVersion": "networking.k8s.io/v1", "time": CREATED,
                "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {
                    "f:egress": {}, "f:ingress": {}, "f:podSelector": {},
                    "f:policyTypes": {}}}}],
        },
        "spec": spec,
    }


CONDITIONS = ",".join(
    f'{{"type":"{kind}","status":"True","lastProbeTime":null,"lastTransitionTime":"{CREATED}"}}'
    for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled"))
CONTROLLER_FIELDS = compact({"f:metadata": {
    "f:generateName": {}, "f:labels": {
        ".": {}, "f:app.kubernetes.io/name": {}, "f:app.kubernetes.io/instance": {},
        "f:app.kubernetes.io/part-of": {}, "f:tier": {}, "f:pod-template-hash": {}},
    "f:ownerReferences": {".": {}, "k:{\"uid\":\"owner\"}": {}}},
    "f:spec": {"f:containers": {"k:{\"name\":\"main\"}": {
        ".": {}, "f:image": {}, "f:imagePullPolicy": {}, "f:name": {},
        "f:ports": {}, "f:resources": {}}},
        "f:dnsPolicy": {}, "f:restartPolicy": {}, "f:schedulerName": {},
        "f:securityContext": {}}})
KUBELET_FIELDS = compact({"f:status": {
    "f:conditions": {f"k:{{\"type\":\"{kind}\"}}": {
        ".": {}, "f:lastProbeTime": {}, "f:lastTransitionTime": {}, "f:status": {},
        "f:type": {}} for kind in ("ContainersReady", "Initialized", "Ready")},
    "f:containerStatuses": {}, "f:hostIP": {}, "f:phase": {}, "f:podIP": {},
    "f:podIPs": {}, "f:startTime": {}}})
PORTS = ('[{"name":"http","containerPort":8080,"protocol":"TCP"},'
         '{"name":"metrics","containerPort":9090,"protocol":"TCP"}]')


def pod_text(pod, version, phase="Running", scheduled=True):
    """A pod in JSON, some 3,800 bytes; a Pending one has no address yet."""
    workload = pod.workload
    kind = "StatefulSet" if workload.stateful else "ReplicaSet"
    owner = workload.name if workload.stateful else \
        f"{workload.name}-{template_hash(workload)}"
    node = f'"nodeName":"{pod.node}",' if scheduled else ""
    identifier = uid(f"{pod.key} {pod.number}")
    status = '{"phase":"Pending","qosClass":"Burstable"}'
    if phase != "Pending":
        status = (
            f'{{"phase":"{phase}","conditions":[{CONDITIONS}],"hostIP":"192.168.0.1",'
            f'"podIP":"{pod.address}","podIPs":[{{"ip":"{pod.address}"}}],'
            f'"startTime":"{CREATED}","containerStatuses":[{{"name":"main","state":'
            f'{{"running":{{"startedAt":"{CREATED}"}}}},"lastState":{{}},"ready":true,'
            f'"restartCount":0,"image":"{IMAGE}/{workload.application}:1.4.2","imageID":'
            f'"{IMAGE}/{workload.application}@sha256:{"0a1b2c3d" * 8}","containerID":'
            f'"containerd://{identifier.replace("-", "") * 2}","started":true}}],'
            f'"qosClass":"Burstable"}}')
    return (
        f'{{"metadata":{{"name":"{pod.name}","generateName":"{owner}-",'
        f'"namespace":"{workload.namespace}","uid":"{identifier}",'
        f'"resourceVersion":"{version}","creationTimestamp":"{CREATED}",'
        f'"labels":{compact(pod.labels)},"annotations":{{'
        f'"prometheus.io/scrape":"true","checksum/config":"{"4e5f6a7b" * 8}"}},'
        f'"ownerReferences":[{{"apiVersion":"apps/v1","kind":"{kind}","name":"{owner}",'
        f'"uid":"{uid(owner)}","controller":true,"blockOwnerDeletion":true}}],'
        f'"managedFields":[{{"manager":"kube-controller-manager","operation":"Update",'
        f'"apiVersion":"v1","time":"{CREATED}","fieldsType":"FieldsV1",'
        f'"fieldsV1":{CONTROLLER_FIELDS}}},{{"manager":"kubelet","operation":"Update",'
        f'"apiVersion":"v1","time":"{CREATED}","fieldsType":"FieldsV1",'
        f'"fieldsV1":{KUBELET_FIELDS},"subresource":"status"}}]}},'
        f'"spec":{{"volumes":[{{"name":"kube-api-access","projected":{{"sources":['
        f'{{"serviceAccountToken":{{"expirationSeconds":3607,"path":"token"}}}},'
        f'{{"configMap":{{"name":"kube-root-ca.crt"}}}}],"defaultMode":420}}}}],'
        f'"containers":[{{"name":"main","image":"{IMAGE}/{workload.application}:1.4.2",'
        f'"ports":{PORTS},"env":[{{"name":"GOMAXPROCS","value":"2"}}],"resources":'
        f'{{"limits":{{"memory":"512Mi"}},"requests":{{"cpu":"100m","memory":"256Mi"}}}},'
        f'"volumeMounts":[{{"name":"kube-api-access","readOnly":true,"mountPath":'
        f'"/var/run/secrets/kubernetes.io/serviceaccount"}}],'
        f'"imagePullPolicy":"IfNotPresent"}}],"restartPolicy":"Always",'
        f'"terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",'
        f'"serviceAccountName":"default",{node}"securityContext":{{}},'
        f'"schedulerName":"default-scheduler","priority":0,"enableServiceLinks":true,'
        f'"preemptionPolicy":"PreemptLowerPriority"}},"status":{status}}}')


def moved(pod, **changes):
    """A pod like another, but for some of it."""
    return replace(pod, **changes)


# --- What nlctl needs of them, for apply and diff.

def plain_pod(pod):
    return {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": pod.name, "namespace": pod.workload.namespace,
                     "uid": uid(f"{pod.key} {pod.number}"), "labels": pod.labels},
        "spec": {"nodeName": pod.node, "containers": [
            {"name": "main", "ports": json.loads(PORTS)}]},
        "status": {"phase": "Running", "podIPs": [{"ip": pod.address}]},
    }
