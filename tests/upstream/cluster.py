# SPDX-License-Identifier: GPL-2.0-only
"""A cluster of nine pods on one node, each behind a service of its own.

    pod xa             pod xb       ...       pod zc
    10.1.0.11          10.1.0.12              10.1.0.19
    fd00:1::b          fd00:1::c              fd00:1::13
      eth0               eth0                   eth0
       |                  |                      |         veth pairs
      xa                 xb                     zc         /32 and /128 routes
    +--+------------------+----------------------+---+
    |     node: podwall, nlctl, forwarding           |
    |     10.96.0.11, fd00:96::b  -> xa     (DNAT)   |
    |     10.96.0.12, fd00:96::c  -> xb     ...      |
    +------------------------------------------------+

Each box is a network namespace. One process, tests/e2e/agent.py, serves and
connects in all of them; probes go to services, as the upstream tests' do.
"""

import json
import os
import select
import subprocess
import tempfile
import time

NAMESPACES = "xyz"
PODS = [namespace + name for namespace in NAMESPACES for name in "abc"]
PORTS = [f"{port}/{protocol}" for port in (80, 81) for protocol in ("tcp", "udp", "sctp")]
NODE = "node"
AGENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e/agent.py")

# Seconds for a program of ours, and for what is polled for.
LIMIT = 60


class Failure(Exception):
    """Something that is no verdict went wrong."""


def pod_address(pod, version):
    number = 11 + PODS.index(pod)
    return f"10.1.0.{number}" if version == 4 else f"fd00:1::{number:x}"


def service_address(pod, version):
    number = 11 + PODS.index(pod)
    return f"10.96.0.{number}" if version == 4 else f"fd00:96::{number:x}"


def run(*words, text=""):
    """Run a program to its end; what it printed."""
    try:
        done = subprocess.run(words, input=text, capture_output=True, text=True,
                              timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired as error:
        raise Failure(f"{' '.join(words)}: no end within {LIMIT} s") from error
    if done.returncode:
        raise Failure(f"{' '.join(words)}: {done.stdout}{done.stderr}".strip())
    return done.stdout


# --- what the API server would list

def namespace_manifest(name, labels):
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name} | labels},
    }


def pod_manifest(pod, labels):
    """A pod with a container for each port, which is named after it."""
    containers = []
    for text in PORTS:
        port, protocol = text.split("/")
        name = f"serve-{port}-{protocol}"
        containers.append({
            "name": name,
            "ports": [{"name": name, "containerPort": int(port), "protocol": protocol.upper()}],
        })
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"namespace": pod[0], "name": pod[1], "labels": {"pod": pod[1]} | labels},
        "spec": {"containers": containers},
        "status": {
            "phase": "Running",
            "podIP": pod_address(pod, 4),
            "podIPs": [{"ip": pod_address(pod, version)} for version in (4, 6)],
        },
    }


def manifests(pods, policies, labels):
    """All objects as one List; labels are those added to a pod or namespace."""
    items = [namespace_manifest(name, labels.get(name, {})) for name in NAMESPACES]
    items += [pod_manifest(pod, labels.get(pod, {})) for pod in pods]
    return {"apiVersion": "v1", "kind": "List", "items": items + list(policies)}


# --- the agent

class Agent:
    def __init__(self):
        self.buffer = b""
        self.process = subprocess.Popen(["python3", "-I", "-S", AGENT],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def tell(self, *lines):
        self.process.stdin.write("".join(line + "\n" for line in lines).encode())
        self.process.stdin.flush()

    def hear(self, seconds):
        """One line of answer."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([self.process.stdout], [], [],
                                        max(0, deadline - time.monotonic()))
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                raise Failure("the agent does not answer")
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        if line.startswith(b"failed"):
            raise Failure(f"agent: {line.decode()}")
        return line.decode()

    def ask(self, *words):
        self.tell(" ".join(words))
        return self.hear(LIMIT)

    def end(self):
        self.process.kill()
        self.process.wait()


# --- topology

def end_commands(pod):
    return [
        "link set lo up",
        "link set eth0 addrgenmode none",
        f"address add {pod_address(pod, 4)}/32 dev eth0",
        f"address add {pod_address(pod, 6)}/128 dev eth0 nodad",
        f"address add fe80::{pod_address(pod, 6).split('::')[1]}/64 dev eth0 nodad",
        "link set eth0 up",
        "route add default via 169.254.1.1 dev eth0 onlink",
        "route add default via fe80::1 dev eth0",
    ]


def node_commands():
    lines = [
        "link set lo up",
        "address add 10.1.0.1/32 dev lo",
        "address add fd00:1::1/128 dev lo nodad",
    ]
    for pod in PODS:
        lines += [
            f"link set {pod} addrgenmode none",
            f"address add 169.254.1.1/32 dev {pod}",
            f"address add fe80::1/64 dev {pod} nodad",
            f"link set {pod} up",
            f"route add {pod_address(pod, 4)} dev {pod} src 10.1.0.1",
            f"route add {pod_address(pod, 6)} dev {pod} src fd00:1::1",
        ]
    return lines


def services():
    """The ruleset that leads each service's ports to its pod."""
    text = ""
    for version, family in ((4, "ip"), (6, "ip6")):
        elements = ", ".join(
            f"{service_address(pod, version)} : {pod_address(pod, version)}" for pod in PODS)
        text += f"""
            table {family} services {{
                chain prerouting {{
                    type nat hook prerouting priority dstnat;
                    meta l4proto {{ tcp, udp, sctp }} th dport {{ 80, 81 }} \\
                        dnat to {family} daddr map {{ {elements} }}
                }}
            }}"""
    return text


def batch(lines, *options):
    run("ip", *options, "-batch", "-", text="\n".join(lines) + "\n")


class Cluster:
    """What is built is torn down at the end of the with statement, whatever
    happens; teardown says what was left."""

    def __init__(self, module):
        self.module = module
        self.agent = None
        self.directory = tempfile.TemporaryDirectory()
        self.state = os.path.join(self.directory.name, "state.json")

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception):
        if self.agent:
            self.agent.end()
            self.agent = None
        self.directory.cleanup()

    def build(self):
        self.agent = Agent()
        run("modprobe", "-a", "veth", "sctp", "nf_conntrack")
        if not os.path.isdir("/sys/module/podwall"):
            run("insmod", self.module)
        batch([f"netns add {name}" for name in [NODE] + PODS])
        batch([f"link add {pod} netns {NODE} type veth peer name eth0 netns {pod}"
               for pod in PODS])
        for pod in PODS:
            batch(end_commands(pod), "-n", pod)
        batch(node_commands(), "-n", NODE)
        run("ip", "netns", "exec", NODE, "nft", "-f", "-", text=services())
        self.agent.ask("sysctl", NODE, "net/ipv4/ip_forward=1",
                       "net/ipv6/conf/all/forwarding=1")
        for pod in PODS:
            self.agent.ask("serve", pod, pod, *PORTS)

    def apply(self, objects):
        with open(self.state, "w", encoding="utf-8") as file:
            json.dump(objects, file)
        run("nlctl", "--netns", NODE, "apply", "-f", self.state)

    def start_matrix(self, ports):
        """Let the label-level evaluator judge what was applied last."""
        words = ["nlctl", "matrix", "-o", "json", "-f", self.state]
        for port in ports:
            words += ["--port", port]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def probe(self, rows):
        """Each (from, to, port, version, seconds) to the verdict on it, all at
        the same time. An accept tells server and client as well."""
        self.agent.tell(*(
            f"probe {source} {service_address(target, version)} {port} {seconds:.1f}"
            for source, target, port, version, seconds in rows), "run")
        patience = LIMIT + max(row[4] for row in rows)
        return [self.agent.hear(patience) for _ in rows]


def finish_matrix(process):
    """The matrix as {(from, to, port): verdict}."""
    try:
        out, errors = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.communicate()
        raise Failure("nlctl matrix: no end") from error
    if process.returncode:
        raise Failure(f"nlctl matrix: {errors.strip()}")
    return {
        (cell["from"].replace("/", ""), cell["to"].replace("/", ""), cell["port"]): cell["verdict"]
        for cell in json.loads(out)["cells"]
    }


def teardown():
    """Delete the namespaces, with all that podwall holds in them, and unload
    it. What is left after some time is a failure."""
    names = [line.split()[0] for line in run("ip", "netns", "list").splitlines()]
    batch([f"netns delete {name}" for name in names if name in [NODE] + PODS], "-force")
    deadline = time.monotonic() + LIMIT
    while os.path.isdir("/sys/module/podwall"):
        try:
            run("rmmod", "podwall")
        except Failure:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
