"""One run at a time in a result folder."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loyaltysim.errors import StorageError
from loyaltysim.experiments.files import storage

NAME = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[str]:
    """Hold the folder's lock; what is to be told, if it had to be taken from a dead process."""
    path = folder / NAME
    told = _take(path)
    try:
        yield told
    finally:
        path.unlink(missing_ok=True)


def _take(path: Path) -> str:
    """Create the lock, which fails for all but one; a lock whose owner is dead is removed first."""
    told = ""
    while True:
        try:
            with storage(path):
                handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except StorageError as error:
            if not isinstance(error.__cause__, FileExistsError):
                raise
            told = _recover(path)
            continue
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"pid": os.getpid(), "host": socket.gethostname()}, file)
        return told


def _recover(path: Path) -> str:
    """Remove a lock whose owner is dead and say so; raise if the owner lives."""
    with storage(path):
        text = path.read_text(encoding="utf-8")
    try:
        owner = json.loads(text)
        pid, host = int(owner["pid"]), str(owner["host"])
    except (ValueError, KeyError, TypeError):
        raise StorageError(
            f"{path}: not a lock that this program wrote; delete it if no run is under way"
        ) from None
    if host != socket.gethostname() or is_alive(pid):
        raise StorageError(f"{path.parent}: in use by process {pid} on {host}; choose another --out, or wait")
    path.unlink(missing_ok=True)
    return f"the lock of process {pid}, which is gone, was removed from {path.parent}"


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs here."""
    if os.name == "nt":
        return _is_alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_alive_on_windows(pid: int) -> bool:
    """Ask for a handle: `os.kill(pid, 0)` would end the process there."""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined, unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, pid)
    if not handle:
        return False
    kernel.CloseHandle(handle)
    return True
