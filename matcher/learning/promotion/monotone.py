"""Whether a model keeps the directions it declares, tried on held-out rows."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from matcher.columns import Floats
from matcher.learning.promotion.verdict import Check, Status

ROWS: Final = 100
STEPS: Final = np.linspace(0, 1, 21)
SLACK: Final = 1e-9


def monotone_checks(
    model: Any, features: Floats, schema: tuple[str, ...], directions: Mapping[str, int]
) -> Iterator[Check]:
    """Yield a failed check for every column against its direction; else one that passes.

    Each declared column runs through its quantiles in up to 100 rows, all else as it is.
    """
    declared = {name: way for name, way in directions.items() if way}
    broken = [
        Check(
            "monotone",
            Status.FAILED,
            f"{name}: predictions run against its direction by up to {against:.3f}.",
            value=against,
            n=min(len(features), ROWS),
        )
        for name, way in declared.items()
        if (against := _against(model, features, schema.index(name), way)) > SLACK
    ]
    yield from broken
    if not broken:
        message = f"{len(declared)} declared directions hold."
        yield Check("monotone", Status.PASSED, message, n=min(len(features), ROWS))


def _against(model: Any, features: Floats, column: int, way: int) -> float:
    """Largest step against the direction, in probability."""
    known = features[~np.isnan(features[:, column]), column]
    if not len(known):
        return 0.0
    steps, rows = np.unique(np.quantile(known, STEPS)), features[:ROWS]
    tried = np.repeat(rows, len(steps), axis=0)
    tried[:, column] = np.tile(steps, len(rows))
    chances = model.predict_proba(tried)[:, 1].reshape(len(rows), len(steps))
    return float(np.maximum(-way * np.diff(chances, axis=1), 0).max(initial=0.0))
