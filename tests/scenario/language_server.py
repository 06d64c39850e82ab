"""The editor's YAML language server, spoken to as an editor does (LSP over pipes)."""

import json
import os
import subprocess
import threading
from pathlib import Path
from queue import Empty, Queue

PATIENCE = 60.0  # seconds; the first answer waits for node to start


class LanguageServer:
    """A running server with one folder open."""

    def __init__(self, command, folder):
        self.folder = Path(folder)
        self.process = subprocess.Popen(
            [*command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.messages = Queue()
        self.faults = {}
        self.number = 0
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        root = self.folder.as_uri()
        self.ask(
            "initialize",
            processId=os.getpid(),
            rootUri=root,
            capabilities={"textDocument": {"hover": {"contentFormat": ["markdown"]}}},
            workspaceFolders=[{"uri": root, "name": "scenarios"}],
        )
        self.tell("initialized")
        settings = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        self.tell("workspace/didChangeConfiguration", settings={"yaml": settings})

    def close(self):
        """End the server."""
        try:
            self.ask("shutdown")
            self.tell("exit")
            self.process.wait(10)
        finally:
            self.process.kill()
            self.process.wait()
            self.listener.join(10)
            for pipe in (self.process.stdin, self.process.stdout):
                pipe.close()

    def _listen(self):
        """Read messages until the server ends."""
        out = self.process.stdout
        while line := out.readline():
            length = 0
            while line.strip():
                name, _, value = line.decode().partition(":")
                length = int(value) if name.lower() == "content-length" else length
                line = out.readline()
            self.messages.put(json.loads(out.read(length)))

    def _send(self, message):
        """Write one message."""
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def tell(self, method, **params):
        """A message that wants no answer."""
        self._send({"method": method, "params": params})

    def ask(self, method, **params):
        """The answer to a question."""
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        return self._until(lambda m: m.get("id") == self.number and "method" not in m)["result"]

    def _until(self, wanted):
        """The next message that is wanted; the server's own questions are answered on the way."""
        while True:
            try:
                message = self.messages.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError("the language server does not answer") from None
            if wanted(message):
                return message
            self._answer(message)

    def _answer(self, message):
        """Answer a question of the server, and note the faults that it tells."""
        if message.get("method") == "textDocument/publishDiagnostics":
            self.faults[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") and "id" in message:
            items = message.get("params", {}).get("items", [])
            self._send({"id": message["id"], "result": [None] * len(items)})

    def opened(self, name, text):
        """The faults that the server shows in a file with this text: (line, column, message), from 1."""
        uri = (self.folder / name).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)

        def told(message):
            params = message.get("params") or {}
            return message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri

        found = self._until(told)["params"]["diagnostics"]
        return [
            (d["range"]["start"]["line"] + 1, d["range"]["start"]["character"] + 1, d["message"])
            for d in found
        ]

    def hover(self, name, line, column):
        """The text shown when the mouse rests at a place, counted from 1."""
        answer = self.ask("textDocument/hover", **self._place(name, line, column))
        return answer["contents"]["value"] if answer else ""

    def completions(self, name, line, column):
        """The words offered at a place, counted from 1."""
        found = self.ask("textDocument/completion", **self._place(name, line, column))
        return [item["label"] for item in found["items"]]

    def _place(self, name, line, column):
        """A place in a file as the protocol writes it."""
        uri = (self.folder / name).as_uri()
        return {"textDocument": {"uri": uri}, "position": {"line": line - 1, "character": column - 1}}
