"""How kernels are compiled, and where they are kept from one run to the next."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numba
from numba.misc import appdirs

from matcher.scoring import pathways

HERE: Final = Path(__file__).parent
MATCHER: Final = Path(pathways.__file__).parents[1]
CONSTANTS: Final = ("occupations.py", "slate.py", "vocabulary.py", "scoring/pathways.py")
"""Modules outside this folder whose numbers stand in kernels."""

_CONFIG: Any = numba.config
_APPDIRS: Any = appdirs

_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
_INNER: dict[str, Any] = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def digest() -> str:
    """Return what tells the kernels of these sources from those of any others.

    Numba looks at the file of a kernel alone, not at those of what it calls: a kernel kept from
    before a gate was changed would be used on. So all sources together name the folder.
    """
    found = hashlib.sha256()
    for path in (*sorted(HERE.glob("*.py")), *(MATCHER / name for name in CONSTANTS)):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _folder() -> Path:
    beside = HERE / "__pycache__"
    default = beside if os.access(HERE, os.W_OK) else Path(str(_APPDIRS.user_cache_dir("matcher")))
    return Path(_CONFIG.CACHE_DIR or default) / f"kernels-{digest()}"


_FOLDER: Final = str(_folder())


def is_kept(kernel: Any) -> bool:
    """Tell whether a kernel is kept from an earlier run."""
    return any(Path(_FOLDER).rglob(f"*.{kernel.__name__}-*.nbi"))


def load_kept(kernel: Any) -> None:
    """Load what is kept of a kernel from earlier runs now, rather than when it is first called.

    Nothing is compiled. Numba tells nobody what it keeps, so its index is read.
    """
    cache, target = kernel._cache, kernel.targetctx.codegen()
    index = cache._cache_file._load_index()
    for signature, *_ in index:
        if cache._index_key(signature, target) in index:
            kernel.compile(signature)


def _compiler(options: dict[str, Any]) -> Callable[[Callable[..., Any]], Any]:
    def compiled(function: Callable[..., Any]) -> Any:
        before = _CONFIG.CACHE_DIR
        _CONFIG.CACHE_DIR = _FOLDER
        try:
            return numba.njit(**options)(function)
        finally:
            _CONFIG.CACHE_DIR = before

    return compiled


entrance = _compiler({**_OPTIONS, "no_cfunc_wrapper": True})
"""Compiles a kernel that Python calls. Kernels allocate nothing and count no references."""

fast = _compiler(_INNER)
"""Compiles what kernels call."""

spliced = _compiler({**_INNER, "forceinline": True})
"""The same for what is called for every pair: to hand on the arrays would cost more than sums."""
