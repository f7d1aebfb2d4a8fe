"""The compiled scorer: offers and clients folded into arrays, walked by compiled kernels.

Import this package only where it is used: it loads numba. See :class:`~.scorer.Scorer`.
"""
