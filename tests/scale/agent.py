# SPDX-License-Identifier: GPL-2.0-only
"""The agent as a process: how it is started, what it says of itself, what it takes."""

import http.client
import json
import os
import signal
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
NLCTL = os.environ.get("NLCTL", f"{TOP}/build/nlctl/nlctl")
ADDRESS = ("127.0.0.1", 9750)
TICKS = os.sysconf("SC_CLK_TCK")


def write_kubeconfig(path, port, authority):
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "scale",
        "contexts": [{"name": "scale", "context": {"cluster": "scale", "user": "agent"}}],
        "clusters": [{"name": "scale", "cluster": {
            "server": f"https://127.0.0.1:{port}", "certificate-authority": authority}}],
        "users": [{"name": "agent", "user": {"token": "scale"}}],
    }
    with open(path, "w", encoding="ascii") as file:
        json.dump(config, file)
    os.chmod(path, 0o600)


class Agent:
    """One run of it; what it logs is added to a file."""

    def __init__(self, node, kubeconfig, directory, log):
        self.log = log
        with open(log, "ab") as file:
            self.begun = time.clock_gettime_ns(time.CLOCK_REALTIME)
            # pylint: disable-next=consider-using-with
            self.process = subprocess.Popen(
                [NLCTL, "agent", "--node", node, "--kubeconfig", kubeconfig,
                 "--directory", directory], stdin=subprocess.DEVNULL,
                stdout=file, stderr=file)

    def last_words(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-10:])

    def get(self, path):
        """Status and text, or None while it does not answer."""
        connection = http.client.HTTPConnection(*ADDRESS, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            return None, ""
        finally:
            connection.close()

    def wait_until_ready(self, seconds):
        """Returns the nanoseconds that it took."""
        end = time.monotonic() + seconds
        text = ""
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the agent ended: {self.last_words()}")
            status, text = self.get("/readyz")
            if status == 200:
                return time.clock_gettime_ns(time.CLOCK_REALTIME) - self.begun
            time.sleep(0.2)
        raise TimeoutError(f"not ready after {seconds} s: {text}\n{self.last_words()}")

    def memory(self):
        """KiB that are resident now, and at most were."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            values = dict(line.split(":", 1) for line in file)
        return {"resident": int(values["VmRSS"].split()[0]),
                "peak": int(values["VmHWM"].split()[0])}

    def processor_seconds(self):
        """In user mode, and in the kernel."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return int(fields[11]) / TICKS, int(fields[12]) / TICKS

    def metrics(self):
        """What it counts of itself, by name."""
        status, text = self.get("/metrics")
        if status != 200:
            raise RuntimeError(f"no metrics: {status} {text}")
        return {name: float(value) for name, value in (
            line.rsplit(" ", 1) for line in text.splitlines()
            if line.startswith("podwall_agent_"))}

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(timeout=60)
