"""Where compiled rules are kept: by what their sources say, wherever the package lies."""

import functools
import hashlib
import os
import sys
from pathlib import Path

import numba
import numpy as np
import platformdirs
from numba.core.caching import UserProvidedCacheLocator


def sources_stamp(folder: Path = Path(__file__).parent) -> str:
    """Hash of every rule source below `folder`, of the Python and of the numba that compile them."""
    digest = hashlib.sha256(f"{sys.version} {numba.__version__} {np.__version__}".encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled rules are kept: the user's cache (or LOYALTYSIM_CACHE), stamped with the sources."""
    root = os.environ.get("LOYALTYSIM_CACHE") or platformdirs.user_cache_dir("loyaltysim")
    return Path(root) / f"rules-{sources_stamp()}"


class ByContent(UserProvidedCacheLocator):
    """A folder named by what a file says and not by where it lies: two copies of the package share it.

    Numba names it by the file's absolute path, so that every clone would compile the same rules again.
    """

    @classmethod
    @functools.cache
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        """The file's name and a hash of its text."""
        path = Path(py_file)
        return f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"

    def ensure_cache_path(self) -> None:
        """Make the folder, once a process."""
        _made(self.get_cache_path())


@functools.cache
def _made(folder: str) -> None:
    """Make the folder; raises OSError where nothing can be written."""
    os.makedirs(folder, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(folder)


def keep_compiled_rules() -> None:
    """Tell numba where; where that folder cannot be written, numba's own places are tried."""
    numba.config.CACHE_DIR = str(cache_folder())
    numba.config.CACHE_LOCATOR_CLASSES = (
        f"{__name__}.{ByContent.__name__},InTreeCacheLocator,UserWideCacheLocator"
    )


def is_kept(source: str, name: str) -> bool:
    """Whether a compiled version of function `name` in the file `source` is on this machine."""
    folder = cache_folder() / ByContent.get_suitable_cache_subpath(source)
    return any(folder.glob(f"{Path(source).stem}.{name}-*.nbc"))
