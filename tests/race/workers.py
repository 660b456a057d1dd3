# SPDX-License-Identifier: GPL-2.0-only
"""Processes that each do one thing over and over, until the race is over."""

import ctypes
import faulthandler
import multiprocessing
import os
import signal
import time
import traceback

# Seconds for all workers to end in, once they are told to. Longer than any of
# them waits for an answer, so that it says itself what it waits for.
GRACE = 150

PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None, use_errno=True)
processes = multiprocessing.get_context("fork")


class Turns:
    """Iterates until the race is over, and counts how often."""

    def __init__(self, stop):
        self.stop = stop
        self.counter = processes.RawValue(ctypes.c_uint32, 0)
        # What else the worker has come to, for a race that goes on until it has.
        self.noted = processes.RawArray(ctypes.c_uint32, 2)

    def __iter__(self):
        while not self.stop.value:
            yield self.counter.value
            self.counter.value += 1

    def until(self, condition, what):
        """Poll for what must come. Returns whether it did before the race was
        over: then others may have stopped that it depends on."""
        end = time.monotonic() + GRACE / 2
        while not condition():
            if self.stop.value:
                return False
            if time.monotonic() > end:
                raise RuntimeError(f"{what} does not come")
            time.sleep(0.005)
        return True


class Worker:
    """One process. Its function gets turns, and its result is sent back."""

    def __init__(self, name, stop, function, arguments, cpu, nice):
        self.name = name
        self.turns = Turns(stop)
        self.pipe, pipe = processes.Pipe(False)
        self.process = processes.Process(
            target=self.main, args=(pipe, function, arguments, cpu, nice), daemon=True
        )
        self.process.start()
        pipe.close()

    def main(self, pipe, function, arguments, cpu, nice):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # Asked for by result(), of a worker that does not come to its end.
        faulthandler.register(signal.SIGUSR1)
        os.nice(nice)
        if cpu is not None:
            os.sched_setaffinity(0, {cpu})
        try:
            pipe.send((True, function(self.turns, *arguments)))
        except BaseException:  # pylint: disable=broad-except
            pipe.send((False, traceback.format_exc()))
        pipe.close()
        # What was set up before the fork is the parent's to tear down.
        os._exit(0)

    def result(self, end):
        """What the function returned, or raise what it raised."""
        good, value = False, "no result"
        if self.pipe.poll(max(0, end - time.monotonic())):
            try:
                good, value = self.pipe.recv()
            except EOFError:
                value = "ended without a result"
        else:
            value += ", in the kernel:\n" + self.stack()
            os.kill(self.process.pid, signal.SIGUSR1)
            time.sleep(1)
        if not good:
            self.process.kill()
        # One that the kernel does not let go of is not waited for.
        self.process.join(5)
        if not good:
            raise RuntimeError(f"{self.name}: {value}")
        return value

    def stack(self):
        try:
            with open(f"/proc/{self.process.pid}/stack", encoding="ascii") as file:
                return file.read()
        except OSError as error:
            return str(error)


class Race:
    """Workers by name; several may share one."""

    def __init__(self):
        self.stop = processes.RawValue(ctypes.c_uint32, 0)
        self.workers = []
        self.seconds = 0

    def start(self, name, function, *arguments, cpu=None, nice=0):
        worker = Worker(name, self.stop, function, arguments, cpu, nice)
        self.workers.append(worker)
        return worker

    def count(self, name):
        return sum(one.turns.counter.value for one in self.workers if one.name == name)

    def noted(self, name):
        """What each worker of that name has noted so far."""
        return [list(one.turns.noted) for one in self.workers if one.name == name]

    def run(self, seconds, patience, enough):
        """Go on for so many seconds and until it is enough, if that is before
        patience ends.

        Returns the results by name; those of one name in a list.
        """
        begin = time.monotonic()
        while time.monotonic() < begin + seconds or (
            time.monotonic() < begin + patience and not enough()
        ):
            # An end before the race's is an error, and is raised below.
            if any(one.pipe.poll() for one in self.workers):
                break
            time.sleep(0.05)
        self.stop.value = 1
        self.seconds = time.monotonic() - begin
        end = time.monotonic() + GRACE
        results, broken = {}, []
        for worker in self.workers:
            try:
                results.setdefault(worker.name, []).append(worker.result(end))
            except RuntimeError as error:
                broken.append(str(error))
        if broken:
            raise RuntimeError("\n".join(broken))
        return results
