"""What a model was trained on, so that it can be told whether it has seen an outcome."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Training:
    """The rows a model has seen.

    Parameters
    ----------
    n, lost
        Rows with an outcome, and rows whose outcome was lost.
    first_placed, last_known
        Days in ISO form: the first placement, and the last day on which an outcome became known.
    sha256
        Digest of all rows in any order: the data hash.
    repeated
        Share of rows that are the same, outcome included, as one before.
    ids, contents
        Digests of the rows' ids, and of their features with the outcome.
    """

    n: int
    lost: int
    first_placed: str
    last_known: str
    sha256: str
    repeated: float
    ids: frozenset[str]
    contents: frozenset[str]

    @classmethod
    def of(
        cls,
        features: ArrayLike,
        outcome: ArrayLike,
        row_id: ArrayLike,
        placed_on: ArrayLike,
        known_on: ArrayLike,
    ) -> "Training":
        """Describe training rows.

        Parameters
        ----------
        features
            Of shape (n, p).
        outcome
            Of shape (n,); NaN where it was lost.
        row_id
            Of shape (n,): stable ids of the placements.
        placed_on, known_on
            Of shape (n,): days of the placement and of the last visit that told of it.

        Raises
        ------
        ValueError
            Where there is no row, or the shapes differ.
        """
        x, y, ids = (
            np.asarray(features, dtype=float),
            np.asarray(outcome, dtype=float),
            digests(row_id),
        )
        placed, known = _days(placed_on), _days(known_on)
        if not len(y) or {len(x), len(ids), len(placed), len(known)} != {len(y)}:
            raise ValueError(
                "training: expected one or more rows and one id and two days for each, got "
                f"{len(x)}, {len(y)}, {len(ids)}, {len(placed)}, {len(known)}"
            )
        contents = content_digests(x, y)
        return cls(
            n=int((~np.isnan(y)).sum()),
            lost=int(np.isnan(y).sum()),
            first_placed=str(placed.min()),
            last_known=str(known.max()),
            sha256=_digest("\n".join(sorted(contents))),
            repeated=1 - len(set(contents)) / len(contents),
            ids=frozenset(ids),
            contents=frozenset(contents),
        )

    def facts(self) -> dict[str, Any]:
        """Return what goes into the manifest: all but the digests of the rows."""
        return {k: v for k, v in asdict(self).items() if k not in ("ids", "contents")}

    def rows_text(self) -> str:
        """Return the digests of the rows as lines: those of ids, an empty line, of contents."""
        return "\n".join([*sorted(self.ids), "", *sorted(self.contents)]) + "\n"

    @classmethod
    def from_parts(cls, facts: Mapping[str, Any], rows_text: str) -> "Training":
        """Return what :meth:`facts` and :meth:`rows_text` were made from."""
        ids, _, contents = rows_text.partition("\n\n")
        return cls(**facts, ids=frozenset(ids.split()), contents=frozenset(contents.split()))


def digests(values: ArrayLike) -> list[str]:
    """Return a digest of each value, as text."""
    return [_digest(str(value)) for value in np.asarray(values).tolist()]


def content_digests(features: ArrayLike, outcome: ArrayLike) -> list[str]:
    """Return a digest of each row's features and outcome.

    Examples
    --------
    >>> one, other = content_digests([[1.0, 2.0], [1.0, 2.0]], [0, 1])
    >>> one == other
    False
    """
    rows = np.column_stack([np.asarray(features, float), np.asarray(outcome, float)]) + 0.0
    return [_digest(row.tobytes().hex()) for row in rows]


def file_digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _days(values: ArrayLike | Iterable[Any]) -> Days:
    return np.asarray(values, dtype="datetime64[D]")
