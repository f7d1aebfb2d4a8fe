"""Where compiled kernels are kept from one run to the next; loads nothing that compiles.

Numba looks at the file of a kernel alone, not at those of what it calls: a kernel kept from before
a gate was changed would be used on. So all sources together name the folder.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

MATCHER: Final = Path(__file__).parent
SCORING: Final = MATCHER / "scoring" / "compiled"
CONSTANTS: Final = ("occupations.py", "slate.py", "vocabulary.py", "scoring/pathways.py")
"""Modules outside that folder whose numbers stand in the kernels that score."""


def folder_of(package: Path, sources: Iterable[Path]) -> Path:
    """Return the folder where kernels of a package are kept, which all their sources name.

    Beside the package, or in the user's caches where that can't be written; or where the
    environment variable ``NUMBA_CACHE_DIR`` says.
    """
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.read_bytes())
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    default = package / "__pycache__" if os.access(package, os.W_OK) else caches / "matcher"
    told = Path(os.environ.get("NUMBA_CACHE_DIR") or default)
    return told / f"kernels-{digest.hexdigest()[:16]}"


def scoring_folder() -> Path:
    """Return the folder of the kernels that score."""
    return folder_of(SCORING, [*sorted(SCORING.glob("*.py")), *(MATCHER / n for n in CONSTANTS)])


def is_kept(kernel: str) -> bool:
    """Tell whether a kernel that scores is kept from an earlier run, by its name."""
    return any(scoring_folder().rglob(f"*.{kernel}-*.nbi"))
