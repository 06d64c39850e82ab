"""Reading scenario files: one file, what it extends, and nothing outside of the scenario folder.

Maps merge, lists and single values replace. The scenario folder is the nearest folder called `scenarios`
above the file named by the user, else that file's own folder; links are followed before anything is judged.
"""

from __future__ import annotations

import difflib
import posixpath
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from loyaltysim.scenario.marks import Findings, Mark, Node, on_one_line
from loyaltysim.scenario.sources import with_sources
from loyaltysim.scenario.tree import MOST_BYTES, read_text

MOST_GENERATIONS = 10
STDIN = "-"
_RELATIVE = re.compile(r"[^\\:\x00-\x1f/~][^\\:\x00-\x1f]{0,200}")


@dataclass(frozen=True)
class Source:
    """A file to be read: its name in messages, where it really is, and the folder it may not leave."""

    shown: str
    real: Path
    root: Path


def read_tree(path: str | Path, found: Findings) -> Node:
    """The merged tree of a file and all it extends; `-` reads standard input."""
    if str(path) == STDIN:
        here = Path.cwd().resolve()
        source = Source("<stdin>", here / "<stdin>", _root(here))
        text = _decoded(sys.stdin.buffer.read(MOST_BYTES + 1), source, found)
    else:
        try:
            real = Path(path).resolve()
        except (OSError, ValueError, RuntimeError):
            raise found.stop(Mark(on_one_line(str(path))), (), "not the name of a file") from None
        source = Source(on_one_line(str(path)), real, _root(real.parent))
        text = _text_of(source, found)
    return _read(source, text, (source,), found)


def _root(folder: Path) -> Path:
    """The scenario folder: the nearest folder called `scenarios` at or above this one, else this one."""
    for candidate in (folder, *folder.parents):
        if candidate.name == "scenarios":
            return candidate
    return folder


def _read(source: Source, text: str, chain: tuple[Source, ...], found: Findings) -> Node:
    """The tree of one text, merged onto what it extends."""
    found.sources[source.shown] = text
    tree = read_text(text, source.shown, found)
    if not isinstance(tree.value, dict):
        raise found.stop(tree.mark, (), "a scenario is a mapping of fields, such as 'name: Coffee stars'")
    tree = with_sources(tree, found)
    if "extends" not in tree.value:
        return tree
    extends = tree.value["extends"]
    rest = replace(tree, value={key: child for key, child in tree.value.items() if key != "extends"})
    if extends.broken:
        return rest
    base = _base(source, extends, chain, found)
    return merged(_read(base, _text_of(base, found, extends), (*chain, base), found), rest)


def _base(source: Source, extends: Node, chain: tuple[Source, ...], found: Findings) -> Source:
    """The file that another one extends."""
    name = extends.value
    if not isinstance(name, str) or not _RELATIVE.fullmatch(name):
        raise found.stop(
            extends.mark, ("extends",), f"expected a file such as base/coffee.yaml, not '{extends.text[:80]}'"
        )
    real = (source.real.parent / name).resolve()
    if not real.is_relative_to(source.root):
        raise found.stop(extends.mark, ("extends",), f"'{name[:80]}' lies outside of the scenario folder")
    if real.suffix not in (".yaml", ".yml"):
        raise found.stop(extends.mark, ("extends",), f"'{name[:80]}' is no .yaml file")
    shown = posixpath.normpath(posixpath.join(posixpath.dirname(source.shown), name))
    base = Source(shown, real, source.root)
    trail = " -> ".join(link.shown for link in (*chain, base))
    if real in (link.real for link in chain):
        raise found.stop(extends.mark, ("extends",), f"a file cannot extend itself: {trail}")
    if len(chain) > MOST_GENERATIONS:
        raise found.stop(extends.mark, ("extends",), f"more than {MOST_GENERATIONS} files deep: {trail}")
    return base


def _text_of(source: Source, found: Findings, extends: Node | None = None) -> str:
    """The text of a file, as UTF-8; a mark at its start is accepted."""
    mark, path = (extends.mark, ("extends",)) if extends else (Mark(source.shown), ())
    name = f"'{extends.value[:80]}': " if extends else ""
    if extends and source.real.exists() and not source.real.is_file():
        raise found.stop(mark, path, f"{name}not a file")
    try:
        with source.real.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise found.stop(mark, path, f"{name}no such file{_alike(source.real, extends is None)}") from None
    except IsADirectoryError:
        raise found.stop(mark, path, f"{name}a folder, not a file") from None
    except OSError as error:
        raise found.stop(mark, path, f"{name}cannot be read ({error.strerror})") from None
    return _decoded(data, source, found)


def _decoded(data: bytes, source: Source, found: Findings) -> str:
    """The text that the bytes of a file say."""
    if len(data) > MOST_BYTES:
        raise found.stop(Mark(source.shown), (), "larger than 1 MiB; a scenario is not")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise found.stop(Mark(source.shown, line, 1), (), "not UTF-8 text; save the file as UTF-8") from None


def _alike(missing: Path, any_suffix: bool) -> str:
    """A file beside the missing one whose name looks like it."""
    try:
        names = [p.name for p in missing.parent.iterdir() if p.suffix in (".yaml", ".yml")]
    except OSError:
        return ""
    near = difflib.get_close_matches(missing.name, sorted(names), 1)
    return f"; did you mean '{near[0]}'?" if near else ""


def merged(base: Node, over: Node) -> Node:
    """One tree laid over another: maps merge, everything else is replaced, annotation and all."""
    if not isinstance(base.value, dict) or not isinstance(over.value, dict):
        return over
    entries = dict(base.value)
    for key, child in over.value.items():
        entries[key] = merged(entries[key], child) if key in entries else child
    return replace(over, value=entries)
