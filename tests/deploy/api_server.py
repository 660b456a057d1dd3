# SPDX-License-Identifier: GPL-2.0-only
"""An API server on this machine: etcd and kube-apiserver, on loopback."""

import base64
import json
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def reserve_port():
    """A socket with a port that nobody else gets as long as it is open.

    Who is told of the port may listen there all the same, as it allows the reuse of
    its address as well.
    """
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("127.0.0.1", 0))
    return one


class ApiServer:
    """Runs within a with statement; what it kept is gone afterwards."""

    def __init__(self):
        self.programs = subprocess.check_output(
            [os.path.join(TOP, "tests/cluster/kubernetes")], text=True
        ).strip()
        self.directory = tempfile.mkdtemp(prefix="podwall-api-")
        self.processes = []
        self.places = [reserve_port() for _ in range(3)]
        self.token = secrets.token_hex(16)
        self.server = ""
        self.context = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for place in self.places:
            place.close()
        shutil.rmtree(self.directory)

    def path(self, name):
        """A file of the server's."""
        return os.path.join(self.directory, name)

    def run(self, *words):
        """Begin a program, its words in a log."""
        with open(self.path(os.path.basename(words[0]) + ".log"), "wb") as log:
            self.processes.append(
                subprocess.Popen(  # pylint: disable=consider-using-with
                    words, stdout=log, stderr=log, cwd=self.directory
                )
            )

    def start(self):
        """Begin both programs, and wait until the second is well."""
        client, peer, port = [place.getsockname()[1] for place in self.places]
        etcd = f"http://127.0.0.1:{client}"
        self.run(
            "etcd",
            f"--data-dir={self.path('etcd')}",
            f"--listen-client-urls={etcd}",
            f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls=http://127.0.0.1:{peer}",
            f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
            f"--initial-cluster=default=http://127.0.0.1:{peer}",
        )
        with open(self.path("tokens"), "w", encoding="utf-8") as file:
            file.write(f"{self.token},admin,admin,system:masters\n")
        key = self.path("account.key")
        subprocess.run(
            ["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True
        )
        self.run(
            os.path.join(self.programs, "kube-apiserver"),
            f"--etcd-servers={etcd}",
            f"--secure-port={port}",
            "--bind-address=127.0.0.1",
            f"--cert-dir={self.path('certificates')}",
            f"--token-auth-file={self.path('tokens')}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            "--service-account-issuer=https://podwall.test",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--allow-privileged=true",
        )
        self.server = f"https://127.0.0.1:{port}"
        end = time.monotonic() + 600
        while True:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    break
            except OSError:
                pass
            for process in self.processes:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(self.logs())
            time.sleep(0.2)
        with open(self.path("kubeconfig"), "w", encoding="utf-8") as file:
            json.dump(self.kubeconfig(self.token), file)

    def logs(self):
        """The ends of both logs."""
        text = "the API server does not start\n"
        for name in ("etcd.log", "kube-apiserver.log"):
            if os.path.exists(self.path(name)):
                with open(self.path(name), encoding="utf-8", errors="replace") as log:
                    text += log.read()[-3000:]
        return text

    def certificate(self):
        """The authority that signed the server's certificate."""
        with open(self.path("certificates/apiserver.crt"), encoding="utf-8") as file:
            return file.read()

    def kubeconfig(self, token):
        """A kubeconfig for whoever has a token."""
        data = base64.b64encode(self.certificate().encode()).decode()
        cluster = {"server": self.server, "certificate-authority-data": data}
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": "test", "user": {"token": token}}],
            "contexts": [
                {"name": "test", "context": {"cluster": "test", "user": "test"}}
            ],
            "current-context": "test",
        }

    def ask(self, method, path, body=None, token=None, kind="application/json"):
        """A request: its status, and what the server answers."""
        if self.context is None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(cadata=self.certificate())
            self.context = context
        request = urllib.request.Request(
            self.server + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {token or self.token}",
                "Content-Type": kind,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30, context=self.context) as got:
                return got.status, got.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def kubectl(self, *words, text=""):
        """What kubectl says, and its exit code."""
        done = subprocess.run(
            (
                os.path.join(self.programs, "kubectl"),
                "--kubeconfig",
                self.path("kubeconfig"),
                "--cache-dir",
                self.path("cache"),
            )
            + words,
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr
