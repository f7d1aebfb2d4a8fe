"""Cases that come: what each is worth where, what it takes, and what tells their kinds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cases:
    """Cases of one or several people: what each is worth where, and what it takes.

    Parameters
    ----------
    value
        (n, m) nan forbids.
    size
        (n, m, d) what a pair takes of each resource; (n, 1, d) where it does not vary.
    """

    value: Floats
    size: Floats

    def __len__(self) -> int:
        return len(self.value)

    def and_also(self, other: "Cases") -> "Cases":
        """Return these cases followed by others."""
        m = self.value.shape[1]
        width = max(self.size.shape[1], other.size.shape[1])
        wide = [
            np.broadcast_to(c.size, (len(c), m if width > 1 else 1, c.size.shape[2]))
            for c in (self, other)
        ]
        return Cases(np.concatenate([self.value, other.value]), np.concatenate(wide))

    def features(self) -> Floats:
        """Return what an order could follow, (n, 2 + m + d): size, worth, and worth by site."""
        worth = np.where(np.isnan(self.value), 0.0, self.value)
        return np.hstack([*self._levels(), worth - worth.mean(axis=1, keepdims=True)])

    def profiles(self) -> Floats:
        """Return each case's worth by site over its mean, (n, m); 1 where forbidden."""
        known = ~np.isnan(self.value)
        worth = np.where(known, self.value, 0.0)
        middle = worth.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        return np.where(known, worth / np.maximum(middle, 1e-12)[:, None], 1.0)

    def kinds(self) -> tuple[Floats, ...]:
        """Return what tells kinds of cases: size (n, d), profile (n, m), and two of worth (n, 1).

        Worth is that of the best site, and that by size, in logarithms.
        """
        takes, *worths = self._levels()
        return takes, self.profiles(), *(np.log(np.maximum(told, 1e-12)) for told in worths)

    def _levels(self) -> tuple[Floats, Floats, Floats]:
        """Sizes (n, d), and worth at the best site, in all and by size, (n, 1) each."""
        takes = self.size.mean(axis=1)
        best = np.where(np.isnan(self.value), 0.0, self.value).max(axis=1, initial=0.0)[:, None]
        return takes, best, best / np.maximum(takes.sum(axis=1, keepdims=True), 1e-12)
