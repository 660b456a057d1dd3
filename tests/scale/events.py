# SPDX-License-Identifier: GPL-2.0-only
"""What happens to a cluster while the agent watches: steps, each a few frames.

Every pod that something happens to is a local one, or of a namespace that has local
pods: its policies let the namespace's pods at each other, so the kernel needs it.
"""

import copy
import random

from cluster import (Pod, compact, make_labels, moved, namespace_labels, namespace_object,
                     node_name, pod_address, pod_text, policy_object)

# Slots of addresses in a node's block that no pod of the cluster has.
FREE_SLOTS = range(160, 250)


class Events:
    """The cluster as it becomes; steps in the order in which they have to be sent."""

    def __init__(self, cluster, version, seed=1):
        self.cluster = cluster
        self.version = version
        self.random = random.Random(seed)
        self.steps = []
        self.pods = {pod.key: pod for pod in cluster.pods}
        self.policies = {(policy[0], policy[1]): policy for policy in cluster.policies}
        self.labels = {}
        self.count = 0
        self.number = len(cluster.pods)
        self.local_namespaces = sorted({pod.workload.namespace
                                        for pod in cluster.local_pods})
        self.remote = [pod for pod in cluster.pods[cluster.size.local:]
                       if pod.workload.namespace in set(self.local_namespaces)]

    # --- Frames

    def frame(self, resource, type_, text):
        return [resource, f'{{"type":"{type_}","object":{text}}}\n']

    def next_version(self):
        self.version += 1
        return self.version

    def pod_frame(self, type_, pod, **state):
        if type_ == "DELETED":
            self.pods.pop(pod.key)
        else:
            self.pods[pod.key] = pod
        text = pod_text(pod, self.next_version(), **state)
        head = '{"kind":"Pod","apiVersion":"v1",'
        return self.frame("pods", type_, head + text[1:])

    def step(self, kind, *frames, commits=True):
        """commits: the kernel has to change; else nothing is waited for."""
        self.steps.append({"kind": kind, "frames": list(frames), "commits": commits})

    # --- Pods

    def free_address(self, node):
        self.count += 1
        slots = len(FREE_SLOTS)
        if node is None:
            others = self.cluster.size.nodes - 1
            node, slot = self.count % others + 1, self.count // others % slots
        else:
            slot = self.count % slots
        return node_name(node), pod_address(node, FREE_SLOTS[slot])

    def new_pod(self, workload, node=None, unique=False):
        name, address = self.free_address(node)
        self.number += 1
        pod = Pod(self.number, workload, f"{workload.name}-new-{self.number}", name, address)
        pod.labels = make_labels(workload, pod.name)
        if unique:
            pod.labels["statefulset.kubernetes.io/pod-name"] = pod.name
        return pod

    def needed_workload(self):
        """One of whose pods the kernel knows, so that it knows the identity."""
        while True:
            workload = self.random.choice(self.remote).workload
            if not workload.stateful:
                return workload

    def local_workload(self):
        return self.random.choice(self.cluster.local_pods).workload

    def remote_pod(self, unique):
        kind = "remote pod, new labels" if unique else "remote pod, known labels"
        pod = self.new_pod(self.needed_workload(), unique=unique)
        self.step(f"{kind}: added", self.pod_frame("ADDED", pod))
        self.step(f"{kind}: deleted", self.pod_frame("DELETED", pod))

    def local_pod(self):
        """It is scheduled, and has its address when its containers run."""
        pod = self.new_pod(self.local_workload(), node=0)
        self.step("local pod: scheduled", self.pod_frame("ADDED", pod, phase="Pending"),
                  commits=False)
        self.step("local pod: added", self.pod_frame("MODIFIED", pod))
        self.step("local pod: deleted", self.pod_frame("DELETED", pod))

    def change_labels(self, pods, kind):
        """A pod takes the labels of another workload, and takes its own again."""
        while True:
            pod = self.random.choice(pods)
            others = [one for one in self.cluster.workloads[pod.workload.namespace]
                      if not one.stateful and one is not pod.workload]
            if others:
                break
        other = moved(pod, labels=make_labels(self.random.choice(others), pod.name))
        self.step(kind, self.pod_frame("MODIFIED", other))
        self.step(kind, self.pod_frame("MODIFIED", pod))

    def reuse_address(self):
        """A pod is gone, and one of another workload has its address at once."""
        pod = self.new_pod(self.needed_workload())
        next_pod = moved(self.new_pod(self.needed_workload()), node=pod.node,
                         address=pod.address)
        self.step("", self.pod_frame("ADDED", pod))
        self.step("address reused", self.pod_frame("DELETED", pod),
                  self.pod_frame("ADDED", next_pod))
        self.step("", self.pod_frame("DELETED", next_pod))

    def burst(self, size):
        """A rollout: so many pods go, and as many come."""
        half = size // 2
        old = self.random.sample([pod for pod in self.remote if pod.key in self.pods], half)
        new = [moved(self.new_pod(self.needed_workload()), node=pod.node,
                     address=pod.address) for pod in old]
        frames = []
        for pod, next_pod in zip(old, new):
            frames.append(self.pod_frame("DELETED", pod))
            frames.append(self.pod_frame("ADDED", next_pod))
        self.remote = [pod for pod in self.remote if pod.key in self.pods]
        self.step(f"{size} pod events at once", *frames)

    # --- What is no pod

    def policy(self):
        """A rule of a policy that selects local pods has another port."""
        namespace = self.random.choice(self.local_namespaces)
        name = self.policies[namespace, "same-namespace"]
        changed = copy.deepcopy(name)
        changed[2]["ingress"][0]["ports"] = [{"protocol": "TCP",
                                              "port": self.random.randint(1024, 29999)}]
        for policy in (changed, name):
            self.policies[policy[0], policy[1]] = policy
            value = {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1",
                     **policy_object(policy, self.next_version())}
            self.step("policy: changed", self.frame("networkpolicies", "MODIFIED",
                                                    compact(value)))

    def namespace(self):
        """A namespace's labels change, and so do those of all its pods for policies."""
        name = self.random.choice(self.local_namespaces)
        index = self.cluster.namespaces.index(name)
        labels = namespace_labels(self.cluster, index)
        for changed in ({**labels, "team": "team-moved"}, labels):
            self.labels[name] = changed
            value = {"kind": "Namespace", "apiVersion": "v1",
                     **namespace_object(self.cluster, index, self.next_version(), changed)}
            self.step("namespace: labels changed", self.frame("namespaces", "MODIFIED",
                                                              compact(value)))


def make_events(cluster, version, repeats, seed=1):
    """All events, in turns, so that what else the machine does meets all kinds."""
    events = Events(cluster, version, seed)
    for index in range(repeats):
        events.remote_pod(unique=False)
        events.remote_pod(unique=True)
        events.local_pod()
        events.change_labels(events.remote, "remote pod: labels changed")
        events.change_labels(cluster.local_pods, "local pod: labels changed")
        events.reuse_address()
        if index % 10 == 0:
            events.policy()
            events.namespace()
        if index % 50 == 0:
            events.burst(min(1000, len(events.remote) // 4 * 2))
    return events
