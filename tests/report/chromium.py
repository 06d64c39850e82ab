"""A real Chromium without a window, driven over its DevTools protocol through two pipes."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # tests run as root in CI, and open nothing but their own files
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
PATIENCE = 20.0  # seconds until an answer is given up


def found():
    """The browser's path, or nothing."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Chromium:
    """The browser; opens one page at a time."""

    def __init__(self, profile: Path):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        # the protocol speaks on file descriptors 3 and 4; a shell puts them there before the browser starts
        script = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(
            ["bash", "-c", script, found(), *SWITCHES, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        os.set_blocking(ours_in, False)
        self.reader, self.writer = ours_in, os.fdopen(ours_out, "wb", buffering=0)
        self.rest, self.messages, self.number = b"", [], 0

    def close(self):
        """End the browser."""
        with contextlib.suppress(OSError, AssertionError):
            self.call("Browser.close")
        self.writer.close()
        os.close(self.reader)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def call(self, method, session=None, **words):
        """The answer to one command; what happens meanwhile is kept in `messages`."""
        self.number += 1
        order = {"id": self.number, "method": method, "params": words}
        if session:
            order["sessionId"] = session
        self.writer.write(json.dumps(order).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            got = self.read()
            self.messages += [message for message in got if "id" not in message]
            for answer in (message for message in got if message.get("id") == order["id"]):
                assert "error" not in answer, answer["error"]
                return answer["result"]
        raise AssertionError(f"{method}: no answer in {PATIENCE:g} s")

    def read(self):
        """The messages that have arrived whole."""
        try:
            got = os.read(self.reader, 1 << 20)
        except BlockingIOError:
            time.sleep(0.005)
            return []
        assert got, "the browser has gone"
        *whole, self.rest = (self.rest + got).split(b"\0")
        return [json.loads(text) for text in whole]

    def page(self, path, **how):
        """A file as a page."""
        return Page(self, path, **how)


class Page:
    """A file opened in a window of its own size."""

    def __init__(self, browser, path, width=1280, height=900, script=True, scale=1):
        self.browser = browser
        browser.messages.clear()
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Accessibility"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=width < 600,
        )  # fmt: skip
        self.call("Page.navigate", url=Path(path).resolve().as_uri())
        self.wait(lambda: self.happened("Page.loadEventFired"))
        if script:
            self.wait(lambda: self.run("document.documentElement.dataset.charts !== 'drawing'"))

    def call(self, method, **words):
        """The answer to one command to this page."""
        return self.browser.call(method, session=self.session, **words)

    def run(self, expression):
        """The value of an expression in the page."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, ready):
        """Come back when it is ready."""
        until = time.monotonic() + PATIENCE
        while not ready():
            assert time.monotonic() < until, "the page did not become ready"
            self.browser.call("Browser.getVersion")  # an order keeps the messages coming
            time.sleep(0.02)

    def happened(self, *methods):
        """The messages of these kinds so far."""
        return [m["params"] for m in self.browser.messages if m.get("method") in methods]

    def requests(self):
        """Whatever was fetched beside the page itself and what it carries."""
        asked = [one["request"]["url"] for one in self.happened("Network.requestWillBeSent")]
        return [url for url in asked[1:] if not url.startswith("data:")]

    def faults(self):
        """Console errors, warnings, exceptions and dialogs."""
        log = [one["entry"]["text"] for one in self.happened("Log.entryAdded")]
        console = [
            str(one["args"]) for one in self.happened("Runtime.consoleAPICalled") if one["type"] != "log"
        ]
        thrown = [str(one["exceptionDetails"]) for one in self.happened("Runtime.exceptionThrown")]
        dialogs = [one["message"] for one in self.happened("Page.javascriptDialogOpening")]
        return log + console + thrown + dialogs

    def press(self, key, code=None, text=""):
        """One key, down and up."""
        code = code or key
        number = {"Tab": 9, "Enter": 13, "Escape": 27}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            typed = text if kind == "keyDown" else ""
            pressed = {"type": kind, "key": key, "code": code, "text": typed}
            self.call("Input.dispatchKeyEvent", windowsVirtualKeyCode=number, **pressed)

    def picture(self, path):
        """The whole page as PNG."""
        found = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        Path(path).write_bytes(base64.b64decode(found["data"]))

    def print(self, path):
        """The page as it would be printed, as PDF."""
        found = self.call("Page.printToPDF", preferCSSPageSize=True)
        Path(path).write_bytes(base64.b64decode(found["data"]))

    def close(self):
        """Close the window."""
        self.browser.call("Target.closeTarget", targetId=self.target)
