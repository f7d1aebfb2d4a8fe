"""How the kernels of this package are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(function: Kernel) -> Kernel:
    """Return a function compiled at its first call, and kept from one run to the next."""
    found: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast(Kernel, found)
