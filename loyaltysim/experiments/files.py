"""Writing so that a file is there whole or not at all, on any system, in the same bytes."""

import errno
import hashlib
import math
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from loyaltysim.errors import StorageError

RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes text that starts so for a formula
QUOTED = frozenset(',"\n\r')


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
            _sync_folder(path.parent)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
    return hashlib.sha256(data).hexdigest()


def _sync_folder(folder: Path) -> None:
    """Force the rename itself to disk, where a folder can be opened (not on Windows)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as CSV: UTF-8, LF, `.` as decimal point whatever the locale, floats that read back exactly."""
    lines = [",".join(header), *(",".join(cell(value) for value in row) for row in rows), ""]
    return "\n".join(lines).encode()


def cell(value: object) -> str:
    """One value: numbers as Python writes them, nothing for what is missing, text made harmless."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if not isinstance(value, str):
        return repr(value)
    text = f"'{value}" if value.startswith(RISKY) else value
    return '"' + text.replace('"', '""') + '"' if QUOTED & set(text) else text
