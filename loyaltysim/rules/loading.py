"""Libraries of machine code: what Python calls of the rules, loaded without numba.

Importing numba and making it ready takes longer than many a run. So the functions that the engines call are
compiled together, once on a machine, into an object file (`rules.building`); afterwards llvmlite, numba's own
loader, brings it into memory, and each entry is a function of Python's like any other that is written in C.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from loyaltysim.rules.compiled import INTERPRETED, Rule
from loyaltysim.rules.keeping import cache_folder

FASTCALL = 0x80  # how Python hands arguments over: an array of them, and their number
_forever: list[Any] = []  # what must not be let go while its code may run
_lock = threading.RLock()


class Entry(Rule):
    """A rule that Python calls: what it takes and gives is declared, so that it is compiled ahead."""

    def __init__(self, function: Callable, library: Library, takes: str, gives: str) -> None:
        super().__init__(function, True)
        self.library, self.takes, self.gives = library, tuple(takes.split()), tuple(gives.split())

    @cached_property
    def run(self) -> Callable:
        """The function in machine code."""
        return self.library.function(self)

    def __call__(self, *arguments: Any) -> Any:
        """Call it."""
        return self.run(*arguments)


class Library:
    """Entries that are compiled together and share what they call; kept in one file."""

    def __init__(self, name: str, *modules: str) -> None:
        """`modules` are those whose entries belong to it."""
        self.name, self.modules = name, modules
        self.entries: dict[str, Entry] = {}
        self.code: Any = None

    def entry(self, takes: str, gives: str = "") -> Callable[[Callable], Any]:
        """A decorator for a function that Python calls.

        Both are words: `world` (a handle), `whole`, `real`, `flag`, `key` (64 bits), and rows of one
        dimension: `terms`, `customers`, `wholes`, `smalls` (32 bits), `reals`, `keys`.
        It gives nothing or numbers.
        """

        def decorate(function: Callable) -> Any:
            if INTERPRETED:
                return function
            self.entries[function.__name__] = Entry(function, self, takes, gives)
            return self.entries[function.__name__]

        return decorate

    def function(self, entry: Entry) -> Callable:
        """The function of Python's that runs an entry."""
        with _lock:
            self.load()
            name = entry.function.__name__
            return function_at(name, self.code.get_function_address(name))

    def load(self) -> None:
        """Bring it into memory, compiled before or now."""
        with _lock:
            if self.code is None:
                self.code = loaded(self.kept() or self.built())

    def built(self) -> bytes:
        """Compiled now, and kept for the next process."""
        from loyaltysim.rules.building import machine_code

        for module in self.modules:
            import_module(module)
        code = machine_code(self.entries)
        with suppress(OSError):  # where nothing can be kept, each process compiles for itself
            keep(self.file, code)
        return code

    def kept(self) -> bytes | None:
        """The object file that an earlier process has left, whole; or None."""
        try:
            told = self.file.read_bytes()
        except OSError:
            return None
        return told[32:] if hashlib.sha256(told[32:]).digest() == told[:32] else None

    @property
    def is_kept(self) -> bool:
        """Whether it has been compiled on this machine."""
        return self.file.is_file()

    @cached_property
    def file(self) -> Path:
        """Where it is kept: by the rules' stamp, the machine, and what its other modules say."""
        rules = Path(__file__).parent
        digest = hashlib.sha256(machine().encode())
        files = {Path(entry.function.__code__.co_filename) for entry in self.entries.values()}
        for path in sorted(path for path in files if rules not in path.parents):
            digest.update(path.read_bytes())
        return cache_folder() / f"{self.name}-{digest.hexdigest()[:16]}.o"


# What the market and the makers of worlds call; and what the SimPy engine calls for one customer.
MARKET = Library(
    "market", *(f"loyaltysim.rules.{name}" for name in ("calls", "draws", "variates", "survey", "loyalty"))
)
TURNS = Library("turns", "loyaltysim.rules.calls")


def keep(file: Path, code: bytes) -> None:
    """Write an object file with its checksum, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(hashlib.sha256(code).digest() + code)
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


def machine() -> str:
    """The processor that code is made for, and what numba is told by the environment."""
    from llvmlite import binding as llvm  # type: ignore[import-untyped]

    told = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("NUMBA_"))
    features = llvm.get_host_cpu_features().flatten()
    return "\n".join([llvm.get_process_triple(), llvm.get_host_cpu_name(), features, *told])


def loaded(code: bytes) -> Any:
    """An object file brought into memory, ready to run; it stays there."""
    from llvmlite import binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    processor = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        codemodel="jitdefault", jit=True
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), processor)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _forever.append(engine)
    return engine


class Definition(ctypes.Structure):
    """PyMethodDef: how C tells Python of a function."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


def function_at(name: str, address: int) -> Callable:
    """The function of Python's whose machine code lies at an address."""
    definition = Definition(name.encode(), address, FASTCALL, None)
    _forever.append(definition)
    make = ctypes.pythonapi.PyCFunction_NewEx
    make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p] * 3
    found: Callable = make(ctypes.addressof(definition), None, None)
    return found
