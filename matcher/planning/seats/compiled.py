"""How the kernels of this package are compiled, and where they are kept between runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba

from matcher.kept_kernels import folder_of

HERE: Final = Path(__file__).parent
_CONFIG: Any = numba.config

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


_FOLDER: Final = str(folder_of(HERE, sorted(HERE.parent.glob("*/*.py"))))


def compiled(function: Kernel) -> Kernel:
    """Return a function compiled at its first call, and kept from one run to the next."""
    before = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = _FOLDER
    try:
        found: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    finally:
        _CONFIG.CACHE_DIR = before
    return cast(Kernel, found)
