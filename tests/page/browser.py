# SPDX-License-Identifier: GPL-2.0-only
"""Chromium without a window, spoken to by its DevTools protocol over two pipes."""

import base64
import json
import os
import select
import subprocess
import tempfile
import time

DEADLINE = 300

# What has it do nothing of its own accord, and reach nobody.
SWITCHES = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
]


class Failure(Exception):
    """The browser did not do what it was told."""


class Browser:
    """One browser with one page."""

    def __init__(self, directory, width=1500, height=1700):
        self.log = os.path.join(directory, "net.json")
        self.messages = []
        self.problems = []
        self.requests = []
        self.number = 0
        self.rest = b""
        self.session = None
        profile = tempfile.mkdtemp(dir=directory)
        command = ["chromium", *SWITCHES, f"--user-data-dir={profile}"]
        command += [f"--log-net-log={self.log}", f"--window-size={width},{height}"]
        command += ["about:blank"]
        read_end, self.output = os.pipe()
        self.input, write_end = os.pipe()
        with open(os.path.join(directory, "chromium.log"), "wb") as log:
            # The protocol has it that these are 3 and 4.
            self.process = subprocess.Popen(
                ["bash", "-c", f'exec "$@" 3<&{read_end} 4>&{write_end}', "-", *command],
                pass_fds=(read_end, write_end),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        os.close(read_end)
        os.close(write_end)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call(
            "Target.attachToTarget", targetId=target, flatten=True
        )["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def _receive(self, end):
        while b"\0" not in self.rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.input], [], [], left)[0]:
                raise Failure("no answer in time")
            part = os.read(self.input, 1 << 20)
            if not part:
                raise Failure("the browser has ended")
            self.rest += part
        text, _, self.rest = self.rest.partition(b"\0")
        return json.loads(text)

    def _take(self, message):
        method, values = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.problems.append(values["exceptionDetails"])
        elif method == "Runtime.consoleAPICalled":
            self.problems.append(values["args"])
        elif method == "Log.entryAdded":
            self.problems.append(values["entry"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])
        self.messages.append(message)

    def call(self, method, **values):
        """Ask, and wait for the answer."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": values}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + DEADLINE
        while True:
            answer = self._receive(end)
            if answer.get("id") != self.number:
                self._take(answer)
                continue
            if "error" in answer:
                raise Failure(f"{method}: {answer['error']}")
            return answer["result"]

    def wait_for(self, method, **values):
        """Wait for an event that may have come already."""
        end = time.monotonic() + DEADLINE
        while True:
            for message in self.messages:
                if message.get("method") == method and \
                        values.items() <= message["params"].items():
                    self.messages.clear()
                    return message
            self._take(self._receive(end))

    def open(self, url):
        """Its page is loaded then, and not the one before, which may be late."""
        self.messages.clear()
        loader = self.call("Page.navigate", url=url)["loaderId"]
        self.wait_for("Page.lifecycleEvent", loaderId=loader, name="load")

    def go(self, fragment):
        """To a place in the page, which has heard of it then."""
        self.evaluate(
            "new Promise(done => { addEventListener('hashchange', done, {once: true});"
            f" location.hash = {json.dumps(fragment)}; }}).then(() => 0)"
        )

    def evaluate(self, expression):
        """The value of an expression of JavaScript; of a promise, what it becomes."""
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            raise Failure(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key, code=0):
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **({"text": key} if len(key) == 1 and kind == "keyDown" else {}),
            )

    def colours(self, scheme):
        """Prefer light or dark."""
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
        except Failure:
            pass
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.input)
        os.close(self.output)
