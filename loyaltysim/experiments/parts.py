"""A replication on disk: everything that is kept of it in one file, with a checksum of the content."""

import hashlib
import io
import json
from pathlib import Path

import numpy as np

from loyaltysim.errors import StorageError
from loyaltysim.experiments.files import write_whole
from loyaltysim.metrics.measure import Measured, Part

ARMS = ("programme", "twin")
NOTHING = float("nan")


def file_name(replication: int) -> str:
    """The name of a replication's file."""
    return f"{replication:05d}.npz"


def write_part(folder: Path, measured: Measured) -> None:
    """Keep a replication, whole or not at all."""
    names = json.dumps([list(key) for key in measured.parts])
    content = {
        "head": np.frombuffer(f"{measured.replication}\n{measured.digest}\n{names}".encode(), np.uint8),
        "values": np.array([_row(part) for part in measured.parts.values()], "<f8").reshape(-1, 2),
        **{arm: measured.monthly[arm].astype("<f8") for arm in ARMS},
        **{f"{arm}_weeks": measured.weekly[arm].astype("<i8") for arm in ARMS},
        **{name: in_file(table) for name, table in measured.tables.items()},
    }
    content["sum"] = np.frombuffer(checksum(content), np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **content)
    write_whole(folder / file_name(measured.replication), file.getvalue())


def read_part(path: Path) -> Measured:
    """A replication that was kept; anything that was changed since is refused."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            content = {name: stored[name] for name in stored.files if name != "sum"}
            told = stored["sum"].tobytes()
        whole = told == checksum(content)
        number, digest, names = content["head"].tobytes().decode().split("\n", 2)
    except Exception as error:  # a damaged archive raises whatever its damage leads to
        raise damaged(path, f"{type(error).__name__}: {error}") from error
    if not whole or path.name != file_name(int(number)):
        raise damaged(path, "its checksum is wrong" if not whole else f"it holds replication {number}")
    parts = {
        (kpi, arm): _part(*row) for (kpi, arm), row in zip(json.loads(names), content["values"], strict=True)
    }
    monthly = {arm: content[arm] for arm in ARMS}
    weekly = {arm: content[f"{arm}_weeks"] for arm in ARMS}
    tables = {name: table for name, table in content.items() if "." in name}
    return Measured(int(number), parts, monthly, weekly, digest, tables)


def in_file(table: np.ndarray) -> np.ndarray:
    """A table in bytes that do not depend on the machine."""
    return table.astype("<f8" if table.dtype.kind == "f" else "<i8")


def damaged(path: Path, why: str) -> StorageError:
    """The refusal of a file, and what would help."""
    return StorageError(f"{path}: damaged ({why}); delete it and run again with --resume to redo it alone")


def checksum(content: dict[str, np.ndarray]) -> bytes:
    """The sha256 of names, shapes and values."""
    summed = hashlib.sha256()
    for name in sorted(content):
        summed.update(f"{name} {content[name].shape}\n".encode() + content[name].tobytes())
    return summed.digest()


def _row(part: Part | None) -> tuple[float, float]:
    """A part as two numbers, with nan for what is missing."""
    if part is None:
        return NOTHING, NOTHING
    return part.numerator, NOTHING if part.denominator is None else part.denominator


def _part(numerator: float, denominator: float) -> Part | None:
    """Two numbers as a part."""
    if np.isnan(numerator):
        return None
    return Part(float(numerator), None if np.isnan(denominator) else float(denominator))
