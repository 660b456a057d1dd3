# SPDX-License-Identifier: GPL-2.0-only
"""What every scenario begins and ends with."""

import ctypes
import os
import subprocess
import sys
import time
import traceback

from node import Node, enter, netlink
from policy import ACCEPTED, DENIED, ENDS, base
from tap import Tap
from traffic import Traffic, flows_between, report
from workers import Race

# For how long it is raced, and polled for what must come.
SECONDS = float(os.environ.get("PODWALL_RACE_SECONDS", "8"))
DEADLINE = 60

libc = ctypes.CDLL(None, use_errno=True)


def until(condition, *arguments):
    """Poll; returns whether the condition came true."""
    end = time.monotonic() + DEADLINE
    while not condition(*arguments):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
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


class Scenario:
    """A node with its ends, podwall, and a race to come."""

    def __init__(self):
        self.tap = Tap()
        self.spec = netlink.Spec()
        self.race = Race()
        self.traffic = self.node = None
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

    def status(self):
        return self.sock.request("status-get")

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

    def run(self, judged=500, seconds=SECONDS, **least):
        """The race, until each worker has had its turns; its results, when the
        traffic has been found right, and so many packets have been judged."""
        begin = self.status() if judged else None
        turns = judged // 8 if self.traffic else 0
        results = self.race.run(seconds, **least, turns=turns)
        if self.traffic:
            report(self.tap, self.traffic.end())
        counts = {}
        for worker in self.race.workers:
            counts[worker.name] = self.race.count(worker.name)
        self.note(
            f"{self.race.seconds:.1f} s:",
            *(f"{count} {name}," for name, count in counts.items()),
            f"least: {least}",
        )
        if begin:
            status = self.status()
            count = sum(
                status[name] - begin[name] for name in ("accepted-packets", "denied-packets")
            )
            self.at_least(count, judged, "packets judged")
        for name, count in least.items():
            self.at_least(counts[name], count, name)
        return results

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
        if self.node:
            self.node.close()
        self.tap.result(
            until(lambda: not loaded() or not unload_module()),
            "nothing is left, and podwall unloads",
        )


def main(function):
    """Run a scenario, and say so when it breaks."""
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
    sys.exit(scenario.tap.end())
