"""Where numba keeps single rules that Python calls with whatever arguments: in the folder of the rules.

Numba does not notice an edit in a called function of another file; the folder is therefore named by a hash of
all rule sources.
"""

import functools
import hashlib
import os
from pathlib import Path

import numba
from numba.core.caching import UserProvidedCacheLocator

from loyaltysim.rules.keeping import cache_folder


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


@functools.cache
def keep_compiled_rules() -> None:
    """Tell numba where; where that folder cannot be written, numba's own places are tried."""
    numba.config.CACHE_DIR = str(cache_folder())
    numba.config.CACHE_LOCATOR_CLASSES = (
        f"{__name__}.{ByContent.__name__},InTreeCacheLocator,UserWideCacheLocator"
    )
