"""How kernels are compiled, and where they are kept from one run to the next."""

from collections.abc import Callable
from typing import Any, Final

import numba

from matcher.kept_kernels import scoring_folder

_CONFIG: Any = numba.config

_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
_INNER: dict[str, Any] = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


_FOLDER: Final = str(scoring_folder())


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
