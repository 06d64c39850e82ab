"""A result folder (DESIGN 5): one run at a time, replications kept whole, the manifest last.

    manifest.json                    what was run, by what, with which result; the sha256 of every file
    kpis.csv, monthly.csv            the tables; the same bytes whenever the run is the same
    workbook.xlsx                    for finance, if asked for; the same bytes, too
    customers.parquet, events.parquet  lives, if asked for (`experiments.lives`); the same bytes, too
    replications/<identity>/*.npz    one file a replication, from which an interrupted run goes on

A run never touches the replications of another, and results are replaced only when the new ones are
complete. A folder that holds anything else is refused.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from loyaltysim.errors import UsageError
from loyaltysim.experiments.files import storage, write_whole
from loyaltysim.experiments.lives import FILES
from loyaltysim.experiments.lock import NAME as LOCK
from loyaltysim.experiments.lock import locked
from loyaltysim.experiments.parquet import Writer, sha256_of
from loyaltysim.experiments.parts import read_part, write_part
from loyaltysim.metrics.measure import Measured

FORMAT = 1
MANIFEST, PARTS, HEAD = "manifest.json", "replications", "run.json"
WORKBOOK = "workbook.xlsx"
Identity = Mapping[str, Any]  # what must agree for replications to belong together


@dataclass(frozen=True)
class Store:
    """A locked result folder, open for one run."""

    folder: Path
    parts: Path
    notices: tuple[str, ...]

    def kept(self, replications: int) -> dict[int, Measured]:
        """The replications that are there already, each checked."""
        paths = [path for path in sorted(self.parts.glob("*.npz")) if int(path.stem) < replications]
        found = [read_part(path) for path in paths]
        return {measured.replication: measured for measured in found}

    def keep(self, measured: Measured) -> None:
        """Put a replication by."""
        write_part(self.parts, measured)

    def finish(
        self,
        files: Mapping[str, bytes],
        manifest: Mapping[str, Any],
        lives: Mapping[str, tuple[Writer, str]] = MappingProxyType({}),
    ) -> None:
        """Write the results, the manifest last; what other runs left behind goes then."""
        sums = {name: write_whole(self.folder / name, data) for name, data in files.items()}
        for name in FILES:
            if name in lives:
                writer, sums[name] = lives[name]
                writer.put(self.folder / name)
            else:
                with storage(self.folder / name):
                    (self.folder / name).unlink(missing_ok=True)
        with storage(self.folder / WORKBOOK):
            (self.folder / WORKBOOK).unlink(missing_ok=True)  # of an earlier run; written anew if asked for
        write_manifest(self.folder, {**manifest, "files": sums})
        for other in (self.folder / PARTS).iterdir():
            if other != self.parts:
                shutil.rmtree(other, ignore_errors=True)

    def interrupted(self, manifest: Mapping[str, Any]) -> None:
        """Say in the manifest that this run is not complete."""
        write_manifest(self.folder, {**manifest, "files": {}})


@contextmanager
def opened(folder: Path, identity: Identity, name: str, resume: bool) -> Iterator[Store]:
    """The folder, locked and ready for a run of this identity; `name` is the scenario's.

    Without `resume` the run starts afresh. Refused: a folder of another scenario or another program,
    and, to resume, one in which only other runs are kept.
    """
    refuse_foreign(folder, name)
    with storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder) as told:
        parts = folder / PARTS / key_of(identity)
        if resume and (others := runs_in(folder)) and key_of(identity) not in others:
            raise UsageError(f"{folder}: cannot resume, {_difference(next(iter(others.values())), identity)}")
        with storage(parts):
            if not resume and parts.exists():
                shutil.rmtree(parts)
            parts.mkdir(parents=True, exist_ok=True)
            sweep(parts)
            sweep(folder)
        write_whole(parts / HEAD, as_json({"format": FORMAT, "name": name, "identity": dict(identity)}))
        try:
            yield Store(folder, parts, (told,) if told else ())
        finally:
            with suppress(OSError):
                sweep(parts)


def sweep(parts: Path) -> None:
    """Remove what processes that were ended had begun to write."""
    for temporary in parts.glob(".*.tmp"):
        temporary.unlink()


def refuse_foreign(folder: Path, name: str) -> None:
    """Raise unless the folder is new, empty, or holds results of the scenario of that name."""
    with storage(folder):
        if not folder.exists():
            return
        if not folder.is_dir():
            raise UsageError(f"{folder}: is a file; --out needs a folder")
        names = {path.name for path in folder.iterdir()} - {LOCK}
    if names and not names & {PARTS, MANIFEST}:
        raise UsageError(f"{folder}: holds other files ({min(names)}); choose another --out")
    for head in heads_in(folder):
        if head.get("format") != FORMAT:
            raise UsageError(
                f"{folder}: was written in format {head.get('format')}, this version writes {FORMAT}; "
                f"choose another --out, or delete the folder"
            )
        if head.get("name") != name:
            raise UsageError(
                f"{folder}: holds results of the scenario {head.get('name')!r}, not of {name!r}; "
                f"choose another --out, or delete the folder"
            )


def heads_in(folder: Path) -> list[dict[str, Any]]:
    """What the folder says of the runs it keeps."""
    with storage(folder):
        texts = [path.read_bytes() for path in sorted(folder.glob(f"{PARTS}/*/{HEAD}"))]
    return [head for head in map(_read_json, texts) if head]


def runs_in(folder: Path) -> dict[str, Identity]:
    """The identities of the runs kept in the folder, by key."""
    return {key_of(head["identity"]): head["identity"] for head in heads_in(folder)}


def key_of(identity: Identity) -> str:
    """A short name for an identity."""
    return hashlib.sha256(as_json(dict(identity))).hexdigest()[:12]


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest."""
    write_whole(folder / MANIFEST, as_json({"format": FORMAT, **manifest}))


def vouch(folder: Path) -> None:
    """Enter files written after the run, such as the report, into the manifest with their sha256."""
    manifest = _read_json((folder / MANIFEST).read_bytes())
    made = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.startswith(".")]
    files = [p.relative_to(folder) for p in made if p.name != MANIFEST]
    sums = {file.as_posix(): sha256_of(folder / file) for file in files if file.parts[0] != PARTS}
    write_manifest(folder, {**manifest, "files": sums})


def as_json(value: Any) -> bytes:
    """JSON in a fixed order, ending with a line."""
    return (json.dumps(value, indent=2, sort_keys=True, allow_nan=False, ensure_ascii=False) + "\n").encode()


def _read_json(text: bytes) -> dict[str, Any]:
    """A JSON object; nothing, if it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _difference(theirs: Identity, ours: Identity) -> str:
    """In words, in what two runs differ."""
    odd = [name for name in ours if theirs.get(name) != ours[name]]
    told = [f"{name} {str(theirs.get(name))[:12]} (now {str(ours[name])[:12]})" for name in odd]
    return f"it keeps replications of {', '.join(told)}; choose another --out, or leave out --resume"
