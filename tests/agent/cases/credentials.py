# SPDX-License-Identifier: GPL-2.0-only
"""Who the server is, and who asks it."""

import contextlib
import os
import re

from world import poll, requests


def case_certificates(world):
    """certificates that are of another name, expired or forged are refused"""
    world.cluster.settings(tokens=["secret"])
    for certificate in ("elsewhere", "expired", "forged"):
        world.stop()
        world.start(certificate)
        with world.cluster.lock:
            world.cluster.requests.clear()
        listener = world.listen(wait=False)
        listener.wait_said("is not reachable.*certificate")
        assert listener.events == [], listener.story()
        assert not world.cluster.requests, world.cluster.requests
        world.stop()
        world.start()
        world.change(listener)
        listener.wait_said("answers again")


def case_server_name(world):
    """tls-server-name: the name that the certificate has"""
    world.stop()
    world.start("elsewhere")
    world.listen(kubeconfig=world.kubeconfig({"tls-server-name": "elsewhere.example"}))


def case_client_certificate(world):
    """a client certificate instead of a token"""
    world.cluster.settings(tokens=[])
    world.listen(kubeconfig=world.kubeconfig(user={"client-certificate": "client.crt",
                                                   "client-key": "client.key"}))


def case_rotation(world):
    """401 until the token file has the new token"""
    path = f"{world.directory}/token"

    def write(token):
        with open(f"{path}.new", "w", encoding="ascii") as file:
            file.write(f"{token}\n")
        os.rename(f"{path}.new", path)

    write("secret")
    listener = world.listen(kubeconfig=world.kubeconfig(user={"tokenFile": "token"}))
    world.watched(listener)
    world.cluster.settings(tokens=["other"])
    world.cluster.cut("pods", "close")
    listener.wait_said("pods cannot be .*401.*renew the token")
    write("other")
    world.change(listener)
    listener.wait_said("pods are up to date again")
    # A token that is empty for a moment, or gone, is not taken.
    os.truncate(path, 0)
    world.watched(listener)
    world.cluster.cut("pods", "close")
    listener.wait_said("token is empty; what it had is used further")
    world.change(listener)
    os.unlink(path)
    world.watched(listener)
    world.cluster.cut("pods", "close")
    world.change(listener)
    assert listener.lists["pods"] == 1, listener.story()
    assert not any("secret" in one or "other" in one for one in listener.said), listener.story()


def case_forbidden(world):
    """403 is told of at once, with what to grant"""
    world.cluster.fault(match="/pods", action="status", status=403, count=-1)
    listener = world.listen("pods", "nodes", wait=False)
    world.same(listener, "nodes")
    listener.wait_said('grant list and watch of pods .apiGroups: ""')
    before = len(requests(world, "/pods"))
    poll("more attempts", lambda: len(requests(world, "/pods")) > before + 3)
    assert listener.said_times("grant list") == 1, listener.story()
    world.cluster.clear()
    world.same(listener)
    listener.wait_said("pods are up to date again")


def case_proxy_of_environment(world):
    """no proxy but that of the kubeconfig is used"""
    nowhere = "http://127.0.0.1:9"
    world.listen(environment={"https_proxy": nowhere, "HTTPS_PROXY": nowhere,
                              "all_proxy": nowhere, "ALL_PROXY": nowhere})


def connections(process, port):
    """The descriptors of a process that are connected to a port, and their flags."""
    with open(f"/proc/{process}/net/tcp", encoding="ascii") as table:
        rows = [row.split() for row in table.readlines()[1:]]
    inodes = {row[9] for row in rows if int(row[2].split(":")[1], 16) == port}
    flags = {}
    for descriptor in os.listdir(f"/proc/{process}/fd"):
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            target = os.readlink(f"/proc/{process}/fd/{descriptor}")
            if target.startswith("socket:") and target[8:-1] in inodes:
                with open(f"/proc/{process}/fdinfo/{descriptor}", encoding="ascii") as info:
                    flags[descriptor] = int(re.search(r"flags:\s*([0-7]+)", info.read())[1], 8)
    return flags


def case_close_on_exec(world):
    """no connection is left to what the process may execute"""
    listener = world.listen()
    world.watched(listener)
    flags = connections(listener.process.pid, world.server.port)
    assert flags and all(one & os.O_CLOEXEC for one in flags.values()), flags
