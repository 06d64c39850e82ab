"""A scenario to begin with: one file with comments, and the schema beside it for the editor."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from loyaltysim.errors import UsageError

SCHEMA = "scenario.schema.json"


def starter_text() -> str:
    """The scenario that `new` writes."""
    return files("loyaltysim.scenario").joinpath("starter.yaml").read_text(encoding="utf-8")


def write_starter(path: Path) -> list[Path]:
    """Write the starter scenario, and the schema beside it if there is none; the files written.

    Nothing is ever overwritten, not even what appears while this runs.
    """
    if path.suffix not in (".yaml", ".yml"):
        raise UsageError(f"{path}: a scenario is a .yaml file, such as {path.stem or 'scenario'}.yaml")
    try:
        _write(path, starter_text())
    except FileExistsError:
        raise UsageError(f"{path}: there is such a file already, and it is left alone") from None
    from loyaltysim.scenario.schema import schema_text

    beside = path.parent / SCHEMA
    try:
        _write(beside, schema_text())
    except FileExistsError:
        return [path]
    return [path, beside]


def _write(path: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink(missing_ok=True)
            raise
