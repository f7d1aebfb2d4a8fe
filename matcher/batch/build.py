"""What a result depends on besides its inputs: this code, its libraries, the reference tables."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from matcher.reference import ReferenceTables

LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "numba")
PACKAGE = Path(__file__).parents[1]


@cache
def build() -> dict[str, str]:
    """Return the SHA-256 of the engine's code, and the versions of what it computes with."""
    code = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        code.update(f"{path.relative_to(PACKAGE).as_posix()}\0".encode())
        code.update(path.read_bytes() + b"\0")
    versions = {name: found for name in LIBRARIES if (found := _version(name))}
    return {"code": code.hexdigest(), "python": platform.python_version(), **versions}


def reference_digest(reference: ReferenceTables) -> str:
    """Return the SHA-256 of the tables the engine reads."""
    total = hashlib.sha256()
    for name in sorted(n for n, p in vars(ReferenceTables).items() if isinstance(p, property)):
        frame: pd.DataFrame = getattr(reference, name)
        total.update(f"{name}\0{frame.to_csv(index=False)}\0".encode())
    return total.hexdigest()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
