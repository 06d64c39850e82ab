"""Writing so that a file is there whole or not at all, on any system, in the same bytes."""

import errno
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from loyaltysim.errors import StorageError

RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes text that starts so for a formula
QUOTED = frozenset(',"\n\r')


RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)  # devices, on Windows
LONGEST_NAME = 100


def safe_name(text: str) -> str:
    """A name for a file or folder on any system: A-Z, a-z, 0-9, dot, dash, underscore; at most 100 of them.

    What is lost, blanks aside, leaves six digits of a hash behind, so that different names stay different.
    """
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")
    lost = not re.fullmatch(r"[A-Za-z0-9._ -]*", text) or len(safe) > LONGEST_NAME or not safe
    if lost or RESERVED.fullmatch(safe):
        digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:6]
        safe = f"{safe[: LONGEST_NAME - 7].strip('-.') or 'scenario'}-{digest}"
    return safe if not RESERVED.fullmatch(safe) else f"scenario-{safe}"


@contextmanager
def storage(path: Path, size: int = 0) -> Iterator[None]:
    """Any failure of the disk as one message that names the file and, where it is known, the need."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            why = "the disk is full" + (f"; {size:,} bytes are needed" if size else "")
        raise StorageError(f"{path}: {why}") from error


def write_whole(path: Path, data: bytes) -> str:
    """Write under a temporary name, force to disk, rename; the sha256 of the bytes."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with storage(path, len(data)):
        try:
            with open(temporary, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
            sync_folder(path.parent)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
    return hashlib.sha256(data).hexdigest()


def sync_folder(folder: Path) -> None:
    """Force the rename itself to disk, where a folder can be opened (not on Windows)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of cells as CSV: UTF-8, LF."""
    lines = [",".join(header), *map(",".join, rows), ""]
    return "\n".join(lines).encode()


def cell(value: object) -> str:
    """One value: floats that read back exactly, `.` in any locale, nothing for what is missing."""
    if isinstance(value, str):
        return text_cell(value)
    return "" if value is None or value != value else repr(value)


@lru_cache(maxsize=4096)
def text_cell(value: str) -> str:
    """Text, quoted where CSV needs it, and marked as text where a spreadsheet would run it."""
    text = f"'{value}" if value.startswith(RISKY) else value
    return '"' + text.replace('"', '""') + '"' if QUOTED & set(text) else text
