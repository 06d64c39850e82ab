"""Where compiled rules are kept: by what their sources say, wherever the package lies."""

import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

import platformdirs


def sources_stamp(folder: Path = Path(__file__).parent) -> str:
    """Hash of every rule source below `folder`, of the Python and of the numba that compile them."""
    made_by = [sys.version, *(version(name) for name in ("numba", "llvmlite", "numpy"))]
    digest = hashlib.sha256(" ".join(made_by).encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled rules are kept: the user's cache (or LOYALTYSIM_CACHE), stamped with the sources."""
    root = os.environ.get("LOYALTYSIM_CACHE") or platformdirs.user_cache_dir("loyaltysim")
    return Path(root) / f"rules-{sources_stamp()}"
