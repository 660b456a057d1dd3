# SPDX-License-Identifier: GPL-2.0-only
"""The same versions of a policy as manifests, for nlctl."""

from network import CLIENT, PORTS, SERVER

POD = """---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: default, labels: {{app: {name}}}}}
spec: {{containers: [{{name: main}}]}}
status: {{phase: Running, podIP: "{ips[0]}", podIPs: [{{ip: "{ips[0]}"}}, {{ip: "{ips[1]}"}}]}}
"""
PODS = """apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {kubernetes.io/metadata.name: default}}
""" + "".join(
    POD.format(name=name, ips=ips) for name, ips in (("client", CLIENT), ("server", SERVER))
)
POLICY = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: server, namespace: default}}
spec:
  podSelector: {{matchLabels: {{app: server}}}}
  ingress:
  - from: [{{podSelector: {{matchLabels: {{app: client}}}}}}]
    ports: [{{protocol: UDP, port: {port}}}]
  - from: [{{ipBlock: {{cidr: 10.9.0.0/16, except: [10.9.{port}.0/24]}}}}]
"""


def manifest(version):
    """Pods, and the policy of that version; None is without one."""
    if version is None:
        return PODS
    return PODS + POLICY.format(port=PORTS[version - 1]).replace(
        f"10.9.{PORTS[version - 1]}.", f"10.9.{version}."
    )
