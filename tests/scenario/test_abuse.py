"""Abuse of scenario files at the command line (TRUST F1 to F13): exit 2, soon, in little memory."""

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from loyaltysim import cli
from loyaltysim.scenario.load import load

HERE = Path(__file__).parent
HOME = HERE.parents[1]
TEXT = (HERE / "valid/minimal.yaml").read_text(encoding="utf-8")
MEMORY, SECONDS = 200e6, 4.0  # bytes; seconds of processor time, of which starting Python takes about one

PROBE = """
import resource, sys
from pathlib import Path
from loyaltysim.cli import main
sys.argv = ["loyaltysim", "run", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    code = end.code
used = resource.getrusage(resource.RUSAGE_SELF)
memory = used.ru_maxrss  # bytes on macOS; on Linux it may be that of the process that started this one
status = Path("/proc/self/status")
if status.exists():
    memory = 1024 * int(status.read_text().split("VmHWM:")[1].split()[0])
print("used", code, used.ru_utime + used.ru_stime, memory)
"""


def bomb():
    """Nine lists of nine aliases each."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return "\n".join(lines)


ABUSES = {
    "F1 alias bomb": (bomb(), "once aliases are expanded"),
    "F2 quadratic bomb": (
        f"a: &a {'x' * 160_000}\nb: [{', '.join(['*a'] * 13_000)}]\n",
        "more than 100 aliases",
    ),
    "F3 python tag": (TEXT.replace("Coffee", "!!python/object/apply:os.system"), "tags are not allowed"),
    "F4 nesting of 500": ("a: " + "[" * 500 + "]" * 500, "more than 50 levels of nesting"),
    "F4 nesting of 20,000": ("{a: " * 20_000, "more than 50 levels of nesting"),
    "F5 number of 5,000 digits": (TEXT + f"seed: {'7' * 5_000}\n", "seed: a number of 5000 digits"),
    "F6 not a number": (TEXT.replace("level: 78", "level: .nan"), "must be finite, not .nan"),
    "F6 infinite": (TEXT.replace("level: 78", "level: 1.0e+999"), "must be finite, not 1.0e+999"),
    "F8 octal of YAML 1.1": ("%YAML 1.1\n---\n" + TEXT.replace("600", "010"), "a scenario is YAML 1.2"),
    "F8 word of YAML 1.1": (TEXT.replace("600", "600\n  entry_purchase: NO"), "write true or false"),
    "F9 key twice": (TEXT + "seed: 1\nseed: 2\n", "the key stands here twice; it first stands on line"),
    "F10 misspelt key": (TEXT.replace("horizon", "horizont"), "did you mean 'horizon'?"),
    "F10 nothing": ("", "the file is empty"),
    "F10 only comments": ("# nothing\n", "the file is empty"),
    "F10 a scalar": ("42", "a scenario is a mapping of fields"),
    "F10 two documents": (TEXT + "---\n" + TEXT, "only one document to a file"),
    "F10 tabs": (TEXT.replace("  customers", "\tcustomers"), "a tab indents this line"),
    "F10 NUL": (TEXT.replace("Coffee", "Cof\0fee"), "a NUL character is not allowed"),
    "F10 no such day": (TEXT + "first_day: 2024-02-31\n", "'2024-02-31' is no day of the calendar"),
    "F10 UTF-16": (TEXT.encode("utf-16"), "not UTF-8 text"),
    "F10 Latin-1": (TEXT.replace("Coffee", "Café").encode("latin-1"), "not UTF-8 text"),
    "F11 negative rate": (TEXT.replace("5 / month", "-5 / month"), "must not be negative"),
    "F11 probability of 1.2": (
        TEXT.replace("100 %", "1.2"),
        "a share lies between 0 % and 100 %",
    ),
    "F11 horizon of 0": (TEXT.replace("36 months", "0 months"), "must be at least 1"),
    "F11 nobody": (TEXT.replace("600", "0"), "nobody is ever in the market"),
    "F12 extends itself": ("extends: abuse.yaml\n", "a file cannot extend itself: "),
    "F12 no base": ("extends: base.yaml\n", "'base.yaml': no such file"),
    "F13 out of the folder": ("extends: ../../etc/passwd\n", "lies outside of the scenario folder"),
    "F13 absolute": ("extends: /etc/passwd\n", "expected a file such as base/coffee.yaml"),
    "F13 address": ("extends: https://example.org/a.yaml\n", "expected a file such as base/coffee.yaml"),
    "F13 file address": ("extends: file:///etc/passwd\n", "expected a file such as base/coffee.yaml"),
    "F13 Windows": ("extends: ..\\secret.yaml\n", "expected a file such as base/coffee.yaml"),
    "F13 device": ("extends: /dev/zero\n", "expected a file such as base/coffee.yaml"),
    "F13 link to a device": ("extends: link.yaml\n", "lies outside of the scenario folder"),
}


@pytest.fixture
def abuse(request, tmp_path, monkeypatch):
    """A folder with the abusive file in it; its first words of complaint."""
    data, expected = ABUSES[request.param]
    (tmp_path / "abuse.yaml").write_bytes(data if isinstance(data, bytes) else data.encode())
    if os.name != "nt":
        (tmp_path / "link.yaml").symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    yield expected
    assert sorted(tmp_path.iterdir()) == before


def told(printed, expected):
    """The message starts with the place, has the words, and shows neither traceback nor another file."""
    assert printed.startswith("abuse.yaml")
    assert expected in printed.splitlines()[0]
    assert "Traceback" not in printed and "root:" not in printed


@pytest.mark.parametrize("abuse", ABUSES, indirect=True)
def test_abuse_ends_with_2_and_says_why(abuse, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["loyaltysim", "run", "abuse.yaml"])
    began = time.process_time()
    with pytest.raises(SystemExit) as end:
        cli.main()
    printed = capsys.readouterr()
    assert (end.value.code, printed.out) == (2, "")
    told(printed.err, abuse)
    assert time.process_time() - began < 1


BOMBS = [what for what in ABUSES if what.split()[0] in ("F1", "F2", "F4", "F5")]


@pytest.mark.skipif(os.name == "nt", reason="measures the process in the way of POSIX")
@pytest.mark.parametrize("abuse", BOMBS, indirect=True)
def test_a_bomb_takes_little_memory(abuse):
    done = subprocess.run(
        [sys.executable, "-c", PROBE, "abuse.yaml"], capture_output=True, text=True, timeout=60
    )
    word, code, seconds, memory = done.stdout.split()
    assert (word, code) == ("used", "2"), done.stderr
    told(done.stderr, abuse)
    assert float(seconds) < SECONDS
    assert float(memory) < MEMORY


@pytest.mark.parametrize(
    ("written", "value"), [("6e2", 600), ("6.0e2", 600), ("0600", 600), ("6_00", 600), ("600", 600)]
)
def test_numbers_that_yaml_1_1_takes_for_text_or_octal_are_numbers(tmp_path, written, value):
    (tmp_path / "x.yaml").write_text(TEXT.replace("customers: 600", f"customers: {written}"))
    assert load(tmp_path / "x.yaml").scenario.market.customers == value


def test_a_byte_order_mark_and_other_line_ends_are_taken(tmp_path):
    plain = load(HERE / "valid/minimal.yaml").text_hash
    for data in ("\ufeff" + TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT.replace("\n", "\r\n")):
        (tmp_path / "x.yaml").write_bytes(data.encode())
        assert load(tmp_path / "x.yaml").text_hash == plain


BANNED = {"eval", "exec", "compile"}
BANNED_OF = {("yaml", "load"), ("yaml", "unsafe_load"), ("yaml", "full_load"), ("os", "system")}


def test_nothing_in_the_source_runs_what_a_file_says():
    found = []
    for path in sorted((HOME / "loyaltysim").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
                if names & {"pickle", "marshal", "shelve", "dill"}:
                    found.append(f"{path.name}:{node.lineno}: {names}")
            if isinstance(node, ast.Call):
                called = node.func
                if isinstance(called, ast.Name) and called.id in BANNED:
                    found.append(f"{path.name}:{node.lineno}: {called.id}")
                if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
                    name = (called.value.id, called.attr)
                    found += [f"{path.name}:{node.lineno}: {name}"] if name in BANNED_OF else []
    assert found == []
