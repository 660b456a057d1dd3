# SPDX-License-Identifier: GPL-2.0-only
"""What every scenario begins and ends with."""

import ctypes
import errno
import faulthandler
import os
import signal
import subprocess
import sys
import time
import traceback

from node import Node, enter, netlink
from policy import ACCEPTED, DENIED, ENDS, base
from tap import Tap
from traffic import SENDERS, Traffic, flows_between, report
from workers import Race, libc

# For how long it is raced at least.
SECONDS = float(os.environ.get("PODWALL_RACE_SECONDS", "8"))
# Seconds for a scenario's races, after which it has failed what has not been done
# as often as it wants; a debugging kernel on a busy machine takes its time.
PATIENCE = 400
# Seconds in which what must come is there.
DEADLINE = 120


def until(condition):
    """Poll; returns whether the condition came true."""
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


def load_module():
    with open(os.environ["PODWALL_MODULE"], "rb") as file:
        if libc.syscall(313, file.fileno(), b"", 0):  # finit_module
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), "podwall")


def unload_module():
    """0, or why not."""
    if not libc.syscall(176, b"podwall", os.O_NONBLOCK):  # delete_module
        return 0
    return ctypes.get_errno()


def loaded():
    return os.path.isdir("/sys/module/podwall")


def read_events(sock):
    """What there was room for, of all that waits to be read.

    A socket that listens asks nothing: once there is no room for an event there
    is none for an answer, and that never comes.
    """
    out = []
    try:
        for event in sock.events():
            out.append(event)
    except OSError as error:
        if error.errno != errno.ENOBUFS:
            raise
    return out


class Scenario:
    """A node with its ends, podwall, and a race to come."""

    def __init__(self):
        self.tap = Tap()
        self.spec = netlink.Spec()
        self.race = Race()
        self.traffic = self.node = None
        self.patience = PATIENCE
        self.counts = {}
        subprocess.run(
            ["modprobe", "-a", "nf_conntrack", "nf_defrag_ipv4", "nf_defrag_ipv6", "veth"],
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if not loaded():
            load_module()
        self.node = Node()
        for end in ENDS:
            self.node.add(*end)
        self.sock = self.socket()
        self.sock.commit(*base())

    def socket(self):
        enter(self.node.netns)
        return netlink.Socket(self.spec)

    def listener(self):
        sock = self.socket()
        sock.join("drops")
        return sock

    def status(self):
        return self.sock.request("status-get")

    def packets(self):
        """How many have been judged."""
        status = self.status()
        return status["accepted-packets"] + status["denied-packets"]

    def send_traffic(self, ports=(ACCEPTED, DENIED)):
        """From a to b and to outside, until the race is over."""
        ends = self.node.ends
        self.traffic = Traffic(
            self.race,
            [
                flow
                for to in ("b", "outside")
                for flow in flows_between(ends["a"], ends[to], ports)
            ],
        )

    def run(self, judged=1000, seconds=SECONDS, enough=lambda: True, **least):
        """The race, until each worker has had its turns, so many packets have
        been judged, and it is enough; its results, when the traffic has been
        found right."""
        begin = self.packets() if judged else 0

        def done():
            return (
                all(self.race.count(name) >= count for name, count in least.items())
                and (not judged or self.packets() - begin >= judged)
                and enough()
            )

        results = self.race.run(seconds, self.patience, done)
        self.patience -= self.race.seconds
        for name in (name for name in results if name != SENDERS):
            self.add(name.replace("_", " "), self.race.count(name))
        if self.traffic:
            ended = self.traffic.end()
            report(self.tap, ended)
            self.add("datagrams sent", sum(count for _, count, _ in ended))
        if judged:
            count = self.packets() - begin
            self.add("packets judged", count)
            self.at_least(count, judged, "packets judged")
        for name, count in least.items():
            self.at_least(self.race.count(name), count, name)
        return results

    def add(self, what, count):
        """To what is said in the end."""
        self.counts[what] = self.counts.get(what, 0) + count

    def begin_again(self):
        """Another race, after what came before."""
        self.race = Race()
        self.traffic = None

    def at_least(self, count, least, what):
        self.tap.result(
            count >= least, f"{what.replace('_', ' ')}: {count}", f"wanted: {least} at least"
        )

    @staticmethod
    def note(*words):
        print("#", *words, flush=True)

    def close(self):
        """Namespaces go first: podwall has to let go of them by itself."""
        self.node.close()
        self.tap.result(
            until(lambda: not loaded() or not unload_module()),
            "nothing is left, and podwall unloads",
        )


def main(function):
    """Run a scenario, and say so when it breaks."""
    # A scenario that takes too long says where it was.
    faulthandler.register(signal.SIGTERM, chain=True)
    scenario = Scenario()
    try:
        function(scenario)
    except Exception:  # pylint: disable=broad-except
        scenario.tap.result(False, "the scenario comes to its end", traceback.format_exc())
    for worker in scenario.race.workers:
        worker.process.kill()
    if scenario.traffic:
        scenario.traffic.receiver.process.kill()
    scenario.sock.close()
    scenario.close()
    counts = ", ".join(f"{count} {what}" for what, count in scenario.counts.items())
    print(f"# counts: {os.path.basename(sys.argv[0])}: {counts}")
    sys.exit(scenario.tap.end())
