"""YAML 1.2 text → nodes that know their place.

Works on the parser's events, one by one, so that bombs are refused before anything grows: at most 1 MiB of
text, 100 aliases, 100,000 values with aliases expanded, and 50 levels. No tags, no merge keys, no duplicate
keys. `010` is ten, `no` and `on` are text. `{value: …, range: …, source: …}` becomes its value, annotated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import yaml

from loyaltysim.scenario.marks import Findings, Mark, Node, Path
from loyaltysim.scenario.writing import WHOLE

MOST_BYTES = 1 << 20
MOST_ALIASES = 100
MOST_VALUES = 100_000
MOST_LEVELS = 50
MOST_DIGITS = 100
ANNOTATION = {"value", "range", "source"}

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
_INT = re.compile(rf"[-+]?{WHOLE}")
_FLOAT = re.compile(rf"[-+]?(?:\.[0-9]+|{WHOLE}(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_COLON_ALONE = re.compile(r"[ ]*(?:- )?[^\s:#'\"][^:#]*:[^\s:]")
_PLAIN_WORDS = (
    ("mapping values are not allowed", "a second ': ' on this line; put text that contains one into quotes"),
    ("expected ',' or '", "a comma or a closing bracket is missing, here or above"),
    ("found unexpected end of stream", "a quote or bracket is opened and never closed"),
    ("could not find expected ':'", "a key without ': ' after it"),
    ("did not find expected key", "the indentation does not fit the lines above, or text needs quotes"),
    ("found undefined tag handle", "tags (!…) are not allowed"),
    ("document start", "only one document to a file"),
    ("unknown escape", "a backslash within double quotes starts an escape; write two, or use single quotes"),
    ("incompatible YAML document", "a scenario is YAML 1.2; leave the line with %YAML out"),
)


def resolved(text: str) -> Any:
    """The value of an unquoted scalar under YAML 1.2's core rules (1_000 is a number as well)."""
    if text in _WORDS:
        return _WORDS[text]
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"must be finite, not {text}")
    if not _FLOAT.fullmatch(text):
        return text
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits; {MOST_DIGITS} are enough")
    if _INT.fullmatch(text):
        return int(text.replace("_", ""))
    value = float(text.replace("_", ""))
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"must be finite, not {text}")
    return value


def read_text(text: str, file: str, found: Findings, fixed: Mark | None = None, path: Path = ()) -> Node:
    """The tree of one YAML text; an override is no file: all its values are at `fixed`, from `path` down."""
    start = fixed or Mark(file, 1, 1)
    if len(text) > MOST_BYTES:
        raise found.stop(fixed or Mark(file), (), "larger than 1 MiB; a scenario is not")
    bad = _UNPRINTABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start())
        column = bad.start() - (text.rfind("\n", 0, bad.start()) + 1)
        what = "a NUL character" if bad[0] == "\0" else f"the unprintable character U+{ord(bad[0]):04X}"
        raise found.stop(
            fixed or Mark(file, line + 1, column + 1), (), f"{what} is not allowed in a scenario"
        )
    try:
        return _Reader(text, file, found, fixed).document(path)
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        if "quoted scalar" in str(error.context) and "end of stream" in str(error.problem):
            place = error.context_mark  # where the quote is opened, not where the file ends
        mark = fixed or (Mark(file, place.line + 1, place.column + 1) if place else start)
        raise found.stop(mark, (), _plain_words(error, text)) from None
    except yaml.YAMLError as error:
        raise found.stop(start, (), f"not YAML: {error}") from None


def _plain_words(error: yaml.MarkedYAMLError, text: str) -> str:
    """A syntax fault in words that say what to do."""
    said = f"{error.problem or error.context}"
    place = error.problem_mark
    lines = text.splitlines()
    if "cannot start any token" in said and place is not None and place.line < len(lines):
        if lines[place.line][place.column : place.column + 1] == "\t":
            return "a tab indents this line; YAML wants spaces"
        return "text that starts with this character needs quotes"
    above = lines[place.line - 1] if place is not None and 0 < place.line <= len(lines) else ""
    if "mapping values are not allowed" in said and _COLON_ALONE.match(above):
        return "the line above lacks a blank after its colon"
    for words, plain in _PLAIN_WORDS:
        if words in said:
            return plain
    return f"not YAML: {said}"


class _Reader:
    """Turns the events of one text into nodes; keeps count of what has been read."""

    def __init__(self, text: str, file: str, found: Findings, fixed: Mark | None) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.events: Iterator[Any] = yaml.parse(text, Loader=loader)
        self.file = file
        self.found = found
        self.fixed = fixed
        self.anchors: dict[str, Node | None] = {}
        self.aliases = 0
        self.values = 0

    def document(self, path: Path) -> Node:
        """The only document of the text."""
        event = next(self.events)
        while not isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.StreamEndEvent):
                raise self.found.stop(self.fixed or Mark(self.file, 1, 1), (), "the file is empty")
            if isinstance(event, yaml.DocumentStartEvent) and event.version not in (None, (1, 2)):
                raise self.found.stop(
                    self.mark(event), (), "a scenario is YAML 1.2; leave the line with %YAML out"
                )
            event = next(self.events)
        root = self.node(event, path, 1)
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise self.found.stop(self.mark(event), (), "only one document to a file")
        return root

    def mark(self, event: Any) -> Mark:
        """The place of an event."""
        return self.fixed or Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def node(self, event: Any, path: Path, level: int) -> Node:
        """The value that starts with this event."""
        mark = self.mark(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, path, level)
        if level > MOST_LEVELS:
            raise self.found.stop(mark, (), f"more than {MOST_LEVELS} levels of nesting")
        self.count(1, mark)
        if event.anchor:
            self.anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            node = self.scalar(event, mark, path)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.sequence(mark, path, level)
        else:
            node = self.mapping(mark, path, level)
        if event.tag and not node.broken:
            self.found.add(mark, path, f"tags are not allowed, and '{event.tag[:60]}' is one")
            node = replace(node, broken=True)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def count(self, more: int, mark: Mark) -> None:
        """Count values, aliases expanded, and refuse too many."""
        self.values += more
        if self.values > MOST_VALUES:
            raise self.found.stop(mark, (), f"more than {MOST_VALUES} values once aliases are expanded")

    def alias(self, event: Any, path: Path, level: int) -> Node:
        """The value that `*name` repeats."""
        mark = self.mark(event)
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            raise self.found.stop(mark, (), f"more than {MOST_ALIASES} aliases (*{event.anchor})")
        if event.anchor not in self.anchors:
            raise self.found.stop(
                mark, path, f"'*{event.anchor}' repeats what no '&{event.anchor}' has named"
            )
        node = self.anchors[event.anchor]
        if node is None:
            raise self.found.stop(mark, path, f"'*{event.anchor}' contains itself")
        if level + node.height - 1 > MOST_LEVELS:
            raise self.found.stop(mark, (), f"more than {MOST_LEVELS} levels of nesting")
        self.count(node.size, mark)
        return node

    def scalar(self, event: Any, mark: Mark, path: Path) -> Node:
        """A single value."""
        if bad := _UNPRINTABLE.search(event.value):
            self.found.add(
                mark, path, f"the escape of U+{ord(bad[0]):04X}, which no text has, is not allowed"
            )
            return Node(None, mark, text="", broken=True)
        if event.tag or not event.implicit[0]:
            return Node(event.value, mark, text=event.value)
        try:
            return Node(resolved(event.value), mark, text=event.value)
        except ValueError as error:
            self.found.add(mark, path, str(error))
            return Node(None, mark, text=event.value[:40], broken=True)

    def sequence(self, mark: Mark, path: Path, level: int) -> Node:
        """A list."""
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, (*path, len(items)), level + 1))
        return _whole(items, items, mark)

    def mapping(self, mark: Mark, path: Path, level: int) -> Node:
        """A mapping, or the value of an annotated number."""
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            place = self.mark(event)
            key = self.key(event, path, level)
            value = self.node(next(self.events), path if key is None else (*path, key), level + 1)
            if key is None:
                continue
            if key in entries:
                first = entries[key].key
                where = f"; it first stands on line {first.line}" if first and first.line else ""
                self.found.add(place, (*path, key), f"the key stands here twice{where}")
                continue
            entries[key] = replace(value, key=place)
        return (
            _annotated(entries)
            if path and _is_annotated(entries)
            else _whole(entries, entries.values(), mark)
        )

    def key(self, event: Any, path: Path, level: int) -> str | None:
        """The text of a key; None, with the fault noted, if it cannot be one."""
        mark = self.mark(event)
        if isinstance(event, yaml.ScalarEvent) and not event.tag and not event.anchor:
            if event.value == "<<" and event.implicit[0]:
                self.found.add(
                    mark, path, "merge keys (<<) are not read; use 'extends' at the top of the file"
                )
                return None
            return str(event.value)
        if not self.node(event, path, level + 1).broken:
            self.found.add(mark, path, "a key must be plain text, without tag, anchor or alias")
        return None


def _whole(value: Any, parts: Any, mark: Mark) -> Node:
    """A list or mapping of parts."""
    height = 1 + max((part.height for part in parts), default=0)
    return Node(value, mark, height=height, size=1 + sum(part.size for part in parts))


def _is_annotated(entries: dict[str, Node]) -> bool:
    """Whether a mapping is one value with its range and source."""
    if "value" not in entries or not entries.keys() <= ANNOTATION:
        return False
    return entries["value"].height <= 2 and not isinstance(entries["value"].value, dict)


def _annotated(entries: dict[str, Node]) -> Node:
    """The value of an annotated number, carrying its range and source."""
    return replace(entries["value"], range=entries.get("range"), source=entries.get("source"))
