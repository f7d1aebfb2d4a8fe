"""How the kernels of this package are compiled, and where they are kept between runs."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
from numba.misc import appdirs

HERE: Final = Path(__file__).parent
_CONFIG: Any = numba.config
_APPDIRS: Any = appdirs

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def _folder() -> str:
    """Return a folder named by all sources: numba looks for changes in a kernel's file alone."""
    digest = hashlib.sha256()
    for path in sorted(HERE.parent.glob("*/*.py")):
        digest.update(path.read_bytes())
    beside = HERE / "__pycache__"
    default = beside if os.access(HERE, os.W_OK) else Path(str(_APPDIRS.user_cache_dir("matcher")))
    return str(Path(_CONFIG.CACHE_DIR or default) / f"kernels-{digest.hexdigest()[:16]}")


_FOLDER: Final = _folder()


def compiled(function: Kernel) -> Kernel:
    """Return a function compiled at its first call, and kept from one run to the next."""
    before = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = _FOLDER
    try:
        found: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    finally:
        _CONFIG.CACHE_DIR = before
    return cast(Kernel, found)
