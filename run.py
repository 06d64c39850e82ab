"""Set loyaltysim up when that is needed, then run it. Needs nothing but Python 3.11 or newer.

  python3 run.py demo            simulate a coffee shop's programme and write a report
  python3 run.py test            run the tests (further words go to pytest)
  python3 run.py check           run the gates: format, lint, types, import floors, docs
  python3 run.py VERB ...        any verb of loyaltysim; `python3 run.py --help` lists them
                                 (`check SCENARIO` with a file is the verb, `check` alone the gates)

Everything is installed into .venv beside this file; delete that folder to start afresh.
"""

# Must stay readable by Python 3.6, so that an old one can be told so.
import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / ".installed"
OLDEST = (3, 11)

CORE = frozenset()
TEST = frozenset(["all", "test"])
CHECK = frozenset(["all", "test", "dev", "docs"])

GATES = [
    ("format", ["ruff", "format", "--check", "."]),
    ("lint", ["ruff", "check", "."]),
    ("types", ["mypy", "loyaltysim"]),
    ("floors", ["lint-imports"]),
    ("bundle", ["python", "docs/bundle.py"]),
    ("docs", ["sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html"]),
]


def digest(parts):
    """A fingerprint of everything that decides what ought to be in .venv."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def fingerprint():
    """The digest of what is asked for now: the two lists of packages, the place, the Python in .venv."""
    names = [ROOT / "pyproject.toml", ROOT / "constraints.txt", VENV / "pyvenv.cfg"]
    return digest([path.read_bytes() for path in names if path.exists()] + [str(ROOT).encode()])


def read_stamp(text, want):
    """The extras that a stamp vouches for, or None if it was written for something else."""
    words = text.split()
    return frozenset(words[1:]) if words[:1] == [want] else None


def stamp_text(want, extras):
    """What the stamp says once `extras` are installed."""
    return " ".join([want, *sorted(extras)]) + "\n"


def requirement(extras):
    """What pip is asked to install."""
    return ".[{}]".format(",".join(sorted(extras))) if extras else "."


def note(text):
    """Say something to the person, never on stdout."""
    print(text, file=sys.stderr, flush=True)


def works(*command):
    """Does the Python in .venv run this without complaint?"""
    try:
        return subprocess.run([str(PYTHON), *command], capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv():
    """Leave a .venv with a working pip, mending what an interruption left behind."""
    if works("-m", "pip", "--version"):
        return
    incomplete = "Python's venv module is incomplete here; on Debian or Ubuntu: apt install python3-venv"
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(incomplete)
    if works("-m", "ensurepip"):
        return
    import venv

    try:
        venv.create(str(VENV), with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        sys.exit(incomplete)


def ensure(extras):
    """Install the project with `extras` unless the stamp says that this was done."""
    have = read_stamp(STAMP.read_text(), fingerprint()) if STAMP.exists() else None
    if have is not None and extras <= have and PYTHON.exists():
        return
    wanted = extras | (have or frozenset())
    note(f"Setting up .venv with {requirement(wanted)}: about a minute, once ...")
    began = time.monotonic()
    make_venv()
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    code = subprocess.call([*pip, "-c", "constraints.txt", "-e", requirement(wanted)], cwd=str(ROOT))
    if code:
        note("pip could not install the packages (see above); run the same command again to go on.")
        sys.exit(code)
    STAMP.write_text(stamp_text(fingerprint(), wanted))  # last, so that an interrupted set-up is done again
    note(f"Set up in {time.monotonic() - began:.0f} s.")


def become(arguments):
    """Run the Python in .venv in place of this one and end with its exit code."""
    command = [str(PYTHON), *arguments]
    if os.name == "nt":  # there, execv would return to the prompt at once
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(command[0], command)


def check(gates):
    """Run every gate, name it, and say at the end which failed; 0 if none did."""
    failed = []
    for name, command in gates:
        note("== {}: {}".format(name, " ".join(command)))
        began = time.monotonic()
        code = subprocess.call([str(PYTHON.parent / command[0]), *command[1:]], cwd=str(ROOT))
        note("== {} {} ({:.1f} s)".format(name, "failed" if code else "passed", time.monotonic() - began))
        if code:
            failed.append(name)
    note("gates failed: " + ", ".join(failed) if failed else f"all {len(gates)} gates passed")
    return 1 if failed else 0


def main(words):
    """Do what the words after `run.py` ask for."""
    if sys.version_info < OLDEST:
        sys.exit("loyaltysim needs Python 3.11 or newer; this is " + sys.version.split()[0])
    if not words:
        print(__doc__)
        sys.exit(2)
    if words[0] == "test":
        ensure(TEST)
        os.chdir(str(ROOT))
        become(["-m", "pytest", "-n", "2", *words[1:]])
    if words[0] == "check" and len(words) == 1:
        ensure(CHECK)
        sys.exit(check(GATES))
    ensure(CORE)
    become(["-m", "loyaltysim.cli", *words])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        note("interrupted; run the same command again to go on")
        sys.exit(130)
