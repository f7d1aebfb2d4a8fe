"""The compiled scorer: offers and clients folded into arrays, walked by compiled kernels.

Import its modules only where they are used: they load numba. See :class:`~.scorer.Scorer`.
"""
