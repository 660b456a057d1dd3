# SPDX-License-Identifier: GPL-2.0-only
"""The upstream Kubernetes network policy tests: 48 of them send traffic.

A case has its upstream name, the pods that it is about, and steps. A step has
all policies that hold after it, labels that pods or namespaces got meanwhile,
and what is expected then, for some ports, as

    80/tcp: * -> X deny, xb -> xa accept

Everything is accepted but what is said to be denied; later words override
earlier ones. xa is pod a of namespace x, X are all pods of that, * are all
pods. What a pod says to itself is not judged.
"""

import ipaddress
from dataclasses import dataclass, field

from cluster import PODS, PORTS, pod_address

CONTEXT = "NetworkPolicy between server and client"
NAME_LABEL = "kubernetes.io/metadata.name"


@dataclass
class Step:
    policies: list
    expected: tuple
    labels: dict = field(default_factory=dict)

    def cells(self, pods):
        """What is expected, as {(from, to, port): verdict}."""
        cells = {}
        for line in self.expected:
            port, words = line.split(": ")
            if port not in PORTS:
                raise ValueError(f"no such port: {line}")
            cells |= {(source, target, port): "accept"
                      for source in pods for target in pods if source != target}
            for word in words.split(", "):
                source, arrow, target, verdict = word.split(" ")
                chosen = [cell for cell in cells if cell[2] == port
                          and covers(source, cell[0]) and covers(target, cell[1])]
                if not chosen or arrow != "->" or verdict not in ("accept", "deny"):
                    raise ValueError(f"says nothing: {word}")
                cells |= dict.fromkeys(chosen, verdict)
        return cells


@dataclass
class Case:
    name: str
    pods: list
    steps: list

    def ports(self):
        return sorted({line.split(": ")[0] for step in self.steps for line in step.expected})


def covers(pattern, pod):
    return pattern in ("*", pod, pod[0].upper())


def step(policies, *expected, **labels):
    return Step(policies, expected, labels)


def case(name, pods, *steps, context=CONTEXT):
    pods = pods.split()
    if not set(pods) <= set(PODS):
        raise ValueError(f"no such pod: {pods}")
    return Case(f"{context} {name}", pods, list(steps))


# --- the words of policies

def labelled(**labels):
    return {"matchLabels": labels}


def named(namespace):
    """The selector of a namespace by its name."""
    return {"matchLabels": {NAME_LABEL: namespace}}


def among(key, *values):
    return {"matchExpressions": [{"key": key, "operator": "In", "values": list(values)}]}


def outside(key, *values):
    return {"matchExpressions": [{"key": key, "operator": "NotIn", "values": list(values)}]}


def pods_are(selector):
    return {"podSelector": selector}


def namespace_is(selector, pods=None):
    peer = {"namespaceSelector": selector}
    return peer if pods is None else peer | {"podSelector": pods}


def policy(name, pods, namespace="x", **rules):
    """A NetworkPolicy; its types are the directions that rules are given for."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "podSelector": pods,
            "policyTypes": [direction.capitalize() for direction in rules],
        } | rules,
    }


def allow_from(*peers, ports=None):
    return {"from": list(peers)} | ({} if ports is None else {"ports": ports})


def allow_to(*peers):
    return {"to": list(peers)}


def port(number, protocol="TCP"):
    return {"port": number, "protocol": protocol}


def address_blocks(pod):
    """One peer for each of the pod's addresses alone."""
    return [{"ipBlock": {"cidr": block}} for block in host_blocks(pod)]


def around_blocks(pod):
    """The /4 around each of the pod's addresses, but for the pod."""
    return [
        {"ipBlock": {"cidr": str(ipaddress.ip_interface(address.split("/")[0] + "/4").network),
                     "except": [address]}}
        for address in host_blocks(pod)
    ]


def host_blocks(pod):
    return [f"{pod_address(pod, 4)}/32", f"{pod_address(pod, 6)}/128"]


ALL = {}
A = labelled(pod="a")
B = labelled(pod="b")
C = labelled(pod="c")
DENY_INGRESS = policy("deny-ingress", ALL, ingress=[])
DENY_ALL = policy("deny-all", ALL, ingress=[], egress=[])
OPEN_TCP_80 = "80/tcp: * -> * accept"
OPEN_TCP_81 = "81/tcp: * -> * accept"


def a_from(*peers, ports=None, name="allow-client"):
    """The commonest policy: x/a hears some peers, on some ports."""
    return policy(name, A, ingress=[allow_from(*peers, ports=ports)])


def a_to(*peers):
    return policy("allow-egress", A, egress=[allow_to(*peers)])


def a_on(number, protocol):
    return policy("allow-port", A, ingress=[{"ports": [port(number, protocol)]}])


TCP = [
    case("should support a 'default-deny-ingress' policy", "xa xb ya yb",
         step([DENY_INGRESS], "80/tcp: * -> X deny")),

    case("should support a 'default-deny-all' policy", "xa xb ya",
         step([DENY_ALL], "80/tcp: * -> X deny, X -> * deny")),

    case("should enforce policy to allow traffic from pods within server namespace"
         " based on PodSelector", "xa xb xc ya",
         step([a_from(pods_are(B))], "80/tcp: * -> xa deny, xb -> xa accept")),

    case("should enforce policy to allow ingress traffic for a target", "xa xb ya",
         step([DENY_INGRESS, a_from(namespace_is(ALL, ALL))], "80/tcp: * -> xb deny")),

    case("should enforce policy to allow ingress traffic from pods in all namespaces",
         "xa xb ya za",
         step([a_from(namespace_is(ALL))], OPEN_TCP_80)),

    case("should enforce policy to allow traffic only from a different namespace,"
         " based on NamespaceSelector", "xa xb ya za",
         step([a_from(namespace_is(named("y")))], "80/tcp: X -> xa deny, Z -> xa deny")),

    case("should enforce policy based on PodSelector with MatchExpressions", "xa xb ya",
         step([a_from(pods_are(among("pod", "b")))],
              "80/tcp: * -> xa deny, xb -> xa accept")),

    case("should enforce policy based on NamespaceSelector with MatchExpressions",
         "xa xb ya za",
         step([a_from(namespace_is(among(NAME_LABEL, "y")))],
              "80/tcp: X -> xa deny, Z -> xa deny")),

    case("should enforce policy based on PodSelector or NamespaceSelector", "xa xb xc ya",
         step([a_from(namespace_is(outside(NAME_LABEL, "x")), pods_are(B))],
              "80/tcp: xc -> xa deny")),

    case("should enforce policy based on PodSelector and NamespaceSelector",
         "xa xb ya yb zb",
         step([a_from(namespace_is(outside(NAME_LABEL, "x"), B))],
              "80/tcp: * -> xa deny, yb -> xa accept, zb -> xa accept")),

    case("should enforce policy based on Multiple PodSelectors and NamespaceSelectors",
         "xa xb ya yb yc",
         step([a_from(namespace_is(outside(NAME_LABEL, "x"), among("pod", "b", "c")))],
              "80/tcp: X -> xa deny, ya -> xa deny")),

    case("should enforce policy based on any PodSelectors", "xa xb xc",
         step([a_from(pods_are(B), pods_are(C))],
              "80/tcp: * -> xa deny, xb -> xa accept, xc -> xa accept")),

    case("should enforce policy to allow traffic only from a pod in a different namespace"
         " based on PodSelector and NamespaceSelector", "xa xb ya yb za",
         step([a_from(namespace_is(named("y"), A))],
              "80/tcp: * -> xa deny, ya -> xa accept")),

    case("should enforce policy based on Ports", "xa xb ya yb za",
         step([a_from(namespace_is(named("y")), ports=[port(81)])],
              "81/tcp: X -> xa deny, Z -> xa deny")),

    case("should enforce multiple, stacked policies with overlapping podSelectors",
         "xa xb ya yb za",
         step([a_from(namespace_is(named("y")), ports=[port(81)])],
              "81/tcp: X -> xa deny, Z -> xa deny",
              "80/tcp: * -> xa deny"),
         step([a_from(namespace_is(named("y")), ports=[port(81)]),
               a_from(namespace_is(named("y")), ports=[port(80)], name="allow-client-80")],
              "80/tcp: X -> xa deny, Z -> xa deny")),

    case("should support allow-all policy", "xa xb ya",
         step([policy("allow-all", ALL, ingress=[{}])], OPEN_TCP_80, OPEN_TCP_81)),

    case("should allow ingress access on one named port", "xa xb ya",
         step([policy("named-port", ALL, ingress=[{"ports": [{"port": "serve-81-tcp"}]}])],
              OPEN_TCP_81, "80/tcp: * -> X deny")),

    case("should allow ingress access from namespace on one named port", "xa xb ya za",
         step([a_from(namespace_is(named("y")), ports=[port("serve-80-tcp")])],
              "80/tcp: X -> xa deny, Z -> xa deny",
              "81/tcp: * -> xa deny")),

    case("should allow egress access on one named port", "xa ya",
         step([policy("named-port", ALL, egress=[{"ports": [{"port": "serve-80-tcp"}]}])],
              OPEN_TCP_80, "81/tcp: X -> * deny")),

    case("should enforce updated policy", "xa ya",
         step([policy("mutate", ALL, ingress=[{}])], OPEN_TCP_81),
         step([policy("mutate", ALL, ingress=[])], "81/tcp: * -> X deny")),

    case("should allow ingress access from updated namespace", "xa ya",
         step([a_from(namespace_is(labelled(ns2="updated")))], "80/tcp: * -> xa deny"),
         step([a_from(namespace_is(labelled(ns2="updated")))],
              "80/tcp: * -> xa deny, Y -> * accept", y={"ns2": "updated"})),

    case("should allow ingress access from updated pod", "xa xb",
         step([a_from(pods_are(labelled(pod="b", pod2="updated")))], "80/tcp: * -> xa deny"),
         step([a_from(pods_are(labelled(pod="b", pod2="updated")))],
              "80/tcp: * -> xa deny, xb -> xa accept", xb={"pod2": "updated"})),

    case("should deny ingress from pods on other namespaces", "xa xb ya za",
         step([policy("same-namespace", ALL, ingress=[allow_from(pods_are(ALL))])],
              "80/tcp: Y -> X deny, Z -> X deny")),

    case("should deny ingress access to updated pod", "xa ya",
         step([policy("isolate", labelled(target="isolated"), ingress=[])], OPEN_TCP_80),
         step([policy("isolate", labelled(target="isolated"), ingress=[])],
              "80/tcp: * -> xa deny", xa={"target": "isolated"})),

    case("should deny egress from pods based on PodSelector", "xa xb ya",
         step([policy("deny-egress", A, egress=[])], "80/tcp: xa -> * deny")),

    case("should deny egress from all pods in a namespace", "xa xb ya",
         step([policy("deny-egress", ALL, egress=[])], "80/tcp: X -> * deny")),

    case("should work with Ingress, Egress specified together", "xa xb xc ya",
         step([policy("both", A, ingress=[allow_from(pods_are(B))],
                      egress=[{"ports": [{"port": 80}]}])],
              "80/tcp: * -> xa deny, xb -> xa accept",
              "81/tcp: * -> xa deny, xa -> * deny, xb -> xa accept")),

    case("should support denying of egress traffic on the client side"
         " (even if the server explicitly allows this traffic)", "xa ya yb",
         step([a_to(namespace_is(named("y"), A)),
               policy("from-xa-on-ya", A, "y",
                      ingress=[allow_from(namespace_is(named("x"), A))]),
               policy("from-xa-on-yb", B, "y",
                      ingress=[allow_from(namespace_is(named("x"), A))])],
              "80/tcp: xa -> * deny, * -> ya deny, xa -> ya accept, * -> yb deny")),

    case("should enforce egress policy allowing traffic to a server in a different namespace"
         " based on PodSelector and NamespaceSelector", "xa ya yb",
         step([a_to(namespace_is(named("y"), A))],
              "80/tcp: xa -> * deny, xa -> ya accept")),

    case("should enforce ingress policy allowing any port traffic to a server"
         " on a specific protocol", "xa ya",
         step([policy("by-protocol", A, ingress=[{"ports": [{"protocol": "TCP"}]}])],
              OPEN_TCP_80, "80/udp: * -> xa deny")),

    case("should enforce multiple ingress policies with ingress allow-all policy"
         " taking precedence", "xa ya",
         step([policy("port-80", ALL, ingress=[{"ports": [{"port": 80}]}])],
              "81/tcp: * -> X deny"),
         step([policy("port-80", ALL, ingress=[{"ports": [{"port": 80}]}]),
               policy("allow-all", ALL, ingress=[{}])],
              OPEN_TCP_81)),

    case("should enforce multiple egress policies with egress allow-all policy"
         " taking precedence", "xa ya",
         step([policy("port-80", ALL, egress=[{"ports": [{"port": 80}]}])],
              "81/tcp: X -> * deny"),
         step([policy("port-80", ALL, egress=[{"ports": [{"port": 80}]}]),
               policy("allow-all", ALL, egress=[{}])],
              OPEN_TCP_81)),

    case("should stop enforcing policies after they are deleted", "xa ya",
         step([DENY_ALL], "80/tcp: X -> * deny, * -> X deny"),
         step([], OPEN_TCP_80)),

    case("should allow egress access to server in CIDR block", "xa ya yb",
         step([a_to(*address_blocks("yb"))], "80/tcp: xa -> * deny, xa -> yb accept")),

    case("should enforce except clause while egress access to server in CIDR block",
         "xa xb xc",
         step([a_to(*around_blocks("xb"))], "80/tcp: xa -> xb deny")),

    case("should ensure an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed",
         "xa xb xc",
         step([a_to(*around_blocks("xb"))], "80/tcp: xa -> xb deny"),
         step([a_to(*address_blocks("xb"))], "80/tcp: xa -> * deny, xa -> xb accept")),

    case("should enforce policies to check ingress and egress policies can be controlled"
         " independently based on PodSelector", "xa xb ya",
         step([policy("allow-egress", A, egress=[{}])], OPEN_TCP_80),
         step([policy("allow-egress", A, egress=[{}]), policy("deny-ingress", A, ingress=[])],
              "80/tcp: * -> xa deny")),

    case("should not mistakenly treat 'protocol: SCTP' as 'protocol: TCP',"
         " even if the plugin doesn't support SCTP", "xa ya",
         step([DENY_INGRESS, a_on(81, "SCTP")], "81/tcp: * -> X deny")),

    case("should properly isolate pods that are selected by a policy allowing SCTP,"
         " even if the plugin doesn't support SCTP", "xa ya",
         step([a_on(80, "SCTP")], "81/tcp: * -> xa deny")),

    case("should not allow access by TCP when a policy specifies only UDP", "xa ya",
         step([a_on(81, "UDP")], "81/tcp: * -> xa deny")),

    case("should enforce policy to allow traffic based on NamespaceSelector"
         " with MatchLabels using default ns label", "xa xb ya za",
         step([a_from(namespace_is(named("y")))], "80/tcp: X -> xa deny, Z -> xa deny")),

    case("should enforce policy based on NamespaceSelector with MatchExpressions"
         " using default ns label", "xa xb ya za",
         step([a_to(namespace_is(outside(NAME_LABEL, "y")))], "80/tcp: xa -> Y deny")),
]


def of_protocol(protocol):
    """The three tests that there are for each of UDP and SCTP."""
    context = f"{CONTEXT} using {protocol}"
    name = protocol.lower()
    return [
        case("should support a 'default-deny-ingress' policy", "xa xb ya yb",
             step([DENY_INGRESS], f"80/{name}: * -> X deny"), context=context),

        case("should enforce policy based on Ports", "xa xb ya za",
             step([a_from(namespace_is(named("y")), ports=[port(81, protocol)])],
                  f"81/{name}: X -> xa deny, Z -> xa deny"), context=context),

        case("should enforce policy to allow traffic only from a pod in a different namespace"
             " based on PodSelector and NamespaceSelector", "xa xb ya",
             step([a_from(namespace_is(named("y"), A))],
                  f"80/{name}: * -> xa deny, ya -> xa accept"), context=context),
    ]


CASES = TCP + of_protocol("UDP") + of_protocol("SCTP")
