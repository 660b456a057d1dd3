#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Send datagrams steadily while the policy of a cluster changes.

As tests/e2e/traffic.py, but with a pause in each turn, so that others can work
besides; and with streams in which each datagram begins a connection. Commands
besides those:

  fresh NAME NETNS ADDRESS NETNS ADDRESS PORT
              ok: as stream, each datagram from another port
  until NAME all|none SECONDS
              ok: the last datagrams of the stream have all arrived, or none of
              them has; late if that is not so in time
"""

import os
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

import traffic

# Seconds between two turns.
PAUSE = 0.02
# How many datagrams in turn show that something has changed.
ENOUGH = 5


class Fresh(traffic.Stream):
    """Each datagram from a socket of its own, as long as ports last."""

    def send(self, turn):
        if self.sender:
            self.sender.close()
            self.sender = None
        traffic.Stream.send(self, turn)


class Prober(traffic.Traffic):
    def take_turn(self):
        traffic.Traffic.take_turn(self)
        time.sleep(PAUSE)

    def shows(self, stream, wanted):
        """What the last datagrams became; one that is under way has time."""
        last = range(self.turn - ENOUGH, self.turn)
        if stream.first is None or stream.first > last[0]:
            return False
        arrived = sum(turn in last for turn in stream.arrived[-ENOUGH:])
        return arrived == (ENOUGH if wanted == "all" else 0)

    def until(self, name, wanted, seconds):
        stream = next(one for one in self.streams if one.name == name)
        end = time.monotonic() + float(seconds)
        for _ in range(ENOUGH):
            self.take_turn()
        while not self.shows(stream, wanted):
            if time.monotonic() > end:
                return "late"
            self.take_turn()
        return "ok"

    def obey(self, words):
        if words[0] == "fresh":
            self.streams.append(Fresh(len(self.streams), *words[1:]))
            return "ok"
        if words[0] == "until":
            return self.until(*words[1:])
        return traffic.Traffic.obey(self, words)


if __name__ == "__main__":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    Prober().run()
