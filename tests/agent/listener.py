# SPDX-License-Identifier: GPL-2.0-only
"""The program that listens, and the picture that its lines paint."""

import os
import re
import signal
import subprocess
import threading

from cluster import KINDS

HERE = os.path.dirname(os.path.abspath(__file__))
LISTEN = os.path.join(HERE, "../../build/agent/listen")
PATIENCE = 60  # seconds, for what has to happen at some time
# What lets failures pass quickly.
QUICK = {"first": 40, "max": 200, "find": 300, "steady": 300, "patience": 400, "outage": 200,
         "watch": 1000, "page": 4}


class Listener:
    """The program, and the picture that its lines paint."""

    def __init__(self, kubeconfig, *words, environment=None, **limits):
        limits = {**QUICK, **limits}
        self.lock = threading.Condition()
        self.pictures = {}
        self.pending = {}
        self.lists = {}
        self.events = []
        self.said = []
        self.counts = {}
        self.kinds = set(words) & KINDS.keys()
        self.lost = []
        self.stable = set()  # (plural, key) that must not be lost
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            [LISTEN, kubeconfig, *(f"{name}={value}" for name, value in limits.items()), *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={
                **os.environ, "ASAN_OPTIONS": "detect_leaks=1", **(environment or {})})
        self.threads = [threading.Thread(target=self.read, args=(stream, take), daemon=True)
                        for stream, take in ((self.process.stdout, self.take),
                                             (self.process.stderr, self.said.append))]
        for thread in self.threads:
            thread.start()

    def read(self, stream, take):
        for line in stream:
            with self.lock:
                take(line.rstrip("\n"))
                self.lock.notify_all()

    def take(self, line):
        what, plural, *rest = line.split()
        if what == "counts":
            self.counts[plural] = dict(one.split("=") for one in rest)
            return
        self.events.append(line)
        if what == "begin":
            self.pending[plural] = {}
        elif what == "end":
            self.pictures[plural] = self.pending.pop(plural)
            self.lists[plural] = self.lists.get(plural, 0) + 1
        elif what == "put":
            self.pending.get(plural, self.pictures.get(plural, {}))[rest[0]] = rest[1]
        elif what == "removed":
            assert plural not in self.pending, "removed while a list lasts"
            self.pictures[plural].pop(rest[0], None)
        if what in ("end", "removed"):
            self.lost += [f"{line}: {one}" for one in self.stable
                          if one[0] == plural and one[1] not in self.pictures[plural]]

    def wait(self, what, condition):
        """Until the condition holds; the lines are looked at when one comes."""
        with self.lock:
            if not self.lock.wait_for(lambda: condition() or self.ended(), PATIENCE) or \
                    not condition():
                raise AssertionError(f"never: {what}\n" + self.story())

    def ended(self):
        return self.process.poll() is not None and not any(
            thread.is_alive() for thread in self.threads)

    def story(self):
        return "\n".join([f"exit status {self.process.poll()}", *self.said[-30:],
                          *self.events[-30:], f"pictures: {self.pictures}"])

    def wait_said(self, pattern):
        self.wait(f"says {pattern}", lambda: any(re.search(pattern, one) for one in self.said))

    def wait_lists(self, plural, count):
        self.wait(f"{count} lists of {plural}", lambda: self.lists.get(plural, 0) >= count)

    def ask_counts(self):
        """Of each kind that it listens to, a line each."""
        with self.lock:
            self.counts.clear()
        self.process.send_signal(signal.SIGUSR1)
        self.wait("counts", lambda: self.kinds <= self.counts.keys())
        return self.counts

    def said_times(self, pattern):
        with self.lock:
            return sum(bool(re.search(pattern, one)) for one in self.said)

    def end(self):
        """Ends it; what sanitizers find is the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        for thread in self.threads:
            thread.join()
        return status
