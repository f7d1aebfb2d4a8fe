"""The compiled scorer: offers and clients folded into arrays, walked by compiled kernels.

Import its modules only where they are used: they load numba. See :class:`~.scorer.Scorer`.
"""

from pathlib import Path


def keep_kernels_in(folder: Path) -> None:
    """Keep compiled kernels in a folder, instead of beside the sources; before the first engine.

    Compiling takes some seconds a machine and version; what is kept is loaded in a fraction of one.
    """
    import numba

    folder.mkdir(parents=True, exist_ok=True)
    setattr(numba.config, "CACHE_DIR", str(folder))  # noqa: B010 - declared at run time


__all__ = ["keep_kernels_in"]
