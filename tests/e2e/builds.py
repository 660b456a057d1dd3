# SPDX-License-Identifier: GPL-2.0-only
"""What became of commits inside the module, which no answer says."""

import os

TRACING = "/sys/kernel/tracing"
BUILD = "podwall/commit_build"  # the kprobe


class Builds:
    """Counts the commits that make a policy anew, in any network namespace.

    What is done in place shows in nothing else.
    """

    def __init__(self):
        self.known = os.path.exists(f"{TRACING}/kprobe_events")

    @staticmethod
    def write(name, text):
        # open() would empty the file, or look for its end.
        file = os.open(f"{TRACING}/{name}", os.O_WRONLY | os.O_APPEND)
        try:
            os.write(file, text.encode() + b"\n")
        finally:
            os.close(file)

    def __enter__(self):
        if self.known:
            self.write("kprobe_events", f"p:{BUILD} podwall:podwall_commit_build")
            self.write(f"events/{BUILD}/enable", "1")
        return self

    def __exit__(self, *unused):
        if self.known:
            self.write(f"events/{BUILD}/enable", "0")
            self.write("kprobe_events", f"-:{BUILD}")

    def count(self):
        if not self.known:
            return 0
        with open(f"{TRACING}/kprobe_profile") as file:
            for line in file:
                name, *hits = line.split()
                if name == os.path.basename(BUILD):
                    return sum(map(int, hits))
        raise LookupError(BUILD)
