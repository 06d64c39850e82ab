"""The published schema in the hands of the editor's own YAML language server: no false alarm, faults, help.

The server is a node package: `npm ci --prefix tests/scenario/editor` installs it (`.ci/run` does).
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from language_server import LanguageServer
from test_schema import owned

from loyaltysim.scenario.form import form_at, places
from loyaltysim.scenario.help import help_texts
from loyaltysim.scenario.load import load
from loyaltysim.scenario.reference import unit_of
from loyaltysim.scenario.schema import schema_text

pytestmark = pytest.mark.system

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "scenarios"
MODELINE = "# yaml-language-server: $schema=scenario.schema.json"
SERVER = HERE / "editor/node_modules/yaml-language-server/bin/yaml-language-server"
FIRST_LINE = re.compile("\ufeff?.*")

# Files that the loader takes and the schema, which is stricter about spelling, does not.
OTHER_WORDS = {"other-words"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A language server, in a folder that holds the published schema."""
    node = shutil.which("node")
    if node is None or not SERVER.is_file():
        wanted = "needs node and the YAML language server: npm ci --prefix tests/scenario/editor"
        assert not os.environ.get("LOYALTYSIM_SYSTEM"), wanted
        pytest.skip(wanted)
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "scenario.schema.json").write_text(schema_text(), encoding="utf-8")
    running = LanguageServer([node, str(SERVER)], folder)
    yield running
    running.close()


def as_edited(path):
    """The text of a file with the line that names the schema in place of its first."""
    text = path.read_text(encoding="utf-8-sig")
    head = "" if text.startswith("#") else "\n"  # keep what the first line says if it is no comment
    return MODELINE + (head + text if head else FIRST_LINE.sub("", text, count=1))


def told(server, path):
    """What the server says about a file, after all that it says about it."""
    return server.opened(f"{path.parent.name}-{path.name}", as_edited(path))


VALID = [
    p for p in sorted((HERE / "valid").glob("*.yaml")) if p.suffix == ".yaml" and p.stem not in OTHER_WORDS
]


@pytest.mark.parametrize("path", [*VALID, *sorted(SHIPPED.rglob("*.yaml"))], ids=lambda p: p.stem)
def test_an_editor_finds_no_fault_in_a_file_that_loads(server, path):
    assert told(server, path) == []


def faults_of_shape():
    """The invalid files whose fault is one of shape: the schema can know of it."""
    from test_schema import SEEN_BY_THE_SCHEMA

    return [HERE / "invalid" / f"{name}.yaml" for name in SEEN_BY_THE_SCHEMA]


@pytest.mark.parametrize("path", faults_of_shape(), ids=lambda p: p.stem)
def test_an_editor_shows_a_fault_of_shape_where_the_loader_does(server, path):
    line = int(path.read_text(encoding="utf-8-sig").split(":")[1])
    assert line in [fault[0] for fault in told(server, path)]


def test_the_mouse_over_any_key_shows_the_help_of_that_field(server):
    seen = set()
    for path in (*VALID, *sorted(SHIPPED.rglob("*.yaml"))):
        name, text = f"hover-{path.parent.name}-{path.name}", as_edited(path)
        down = text.count("\n") - path.read_text(encoding="utf-8-sig").count("\n")
        server.opened(name, text)
        for steps, node in keys_of(load(path).tree):
            above = form_at(steps[:-1])
            help_text = help_of(steps)
            field = owned(above.model, steps[-1]) if help_text else ""
            if help_text and field not in seen and node.key.file == str(path):
                assert help_text in server.hover(name, node.key.line + down, node.key.column + 1), steps
                seen.add(field)
    known = {owned(form.model, name) for _, form in places() if form.model for name in form.fields()}
    assert known - seen == {"Uncertainty.range"}  # replaced by the range itself when a file is loaded


def keys_of(node, path=()):
    """Every key of a tree that stands in the file, with its path."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield (*path, key), child
            yield from keys_of(child, (*path, key))
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from keys_of(child, (*path, index))


def help_of(steps):
    """What the specification says about a field; nothing for a name that somebody has given."""
    above = form_at(steps[:-1])
    return help_texts(above.model).get(steps[-1], "") if above and above.model else ""


def test_the_mouse_over_a_key_shows_unit_and_default(server):
    server.opened("units.yaml", as_edited(SHIPPED / "coffee.yaml"))
    loaded = load(SHIPPED / "coffee.yaml")
    for steps in (("horizon",), ("programme", "points", "expiry"), ("programme", "points", "worth")):
        node = loaded.tree
        for step in steps:
            node = node.child(step)
        shown = server.hover("units.yaml", node.key.line, node.key.column + 1)
        assert unit_of(form_at(steps)) in shown
    node = loaded.tree.child("loyalty").child("steepness")
    assert "left out: `4`" in server.hover("units.yaml", node.key.line, node.key.column + 1)


def test_an_enumeration_is_shown_and_offered(server):
    theories = [str(choice) for choice in form_at(("loyalty", "theory")).choices]
    text = as_edited(SHIPPED / "coffee.yaml")
    server.opened("shown.yaml", text)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith("  theory:"))
    shown = server.hover("shown.yaml", line, 4)
    assert all(f"* `{theory}`" in shown for theory in theories)
    server.opened("offered.yaml", re.sub("  theory: threshold.*", "  theory: ", text))
    assert set(server.completions("offered.yaml", line, 11)) >= set(theories)


def test_keys_are_offered(server):
    text = as_edited(SHIPPED / "coffee.yaml").replace("    expiry: 12 months", "    ")
    server.opened("keys.yaml", text)
    line = text.splitlines().index("    ") + 1
    offered = set(server.completions("keys.yaml", line, 5))
    points = set(form_at(("programme", "points")).fields())
    assert offered and offered <= points
    assert "expiry" in offered


def test_what_an_editor_says_of_a_bare_duration_names_the_unit(server):
    text = as_edited(SHIPPED / "coffee.yaml").replace("horizon: 36 months", "horizon: 36")
    assert [m for _, _, m in server.opened("bare.yaml", text)] == ["expected whole months, such as 36 months"]
