"""Whether a candidate has seen what it is judged on, or knows what is only known later."""

from collections.abc import Iterator

import numpy as np
from sklearn.metrics import roc_auc_score

from matcher.columns import Floats
from matcher.learning.promotion.held_out import HeldOut
from matcher.learning.promotion.limits import Limits
from matcher.learning.promotion.verdict import Check, Status
from matcher.learning.registry.training import Training, content_digests, digests

NATURAL = 0.05
"""Held-out rows found again by their content, beyond what repeats itself anyway."""


def leak_checks(
    training: Training, held_out: HeldOut, predicted: Floats, limits: Limits
) -> Iterator[Check]:
    """Yield every sign of a leak; one passing check where there is none.

    Parameters
    ----------
    training
        What the candidate has seen, by its manifest.
    held_out
        Rows whose outcome is known.
    predicted
        Of shape (n,): the candidate's probabilities.
    limits
        Of the gate.
    """
    signs = [
        *_seen_rows(training, held_out),
        *_seen_days(training, held_out),
        *_recorded_after(held_out),
        *_tells_the_outcome(held_out, predicted, limits),
    ]
    for message, value, n in signs:
        yield Check("leak", Status.FAILED, message, value=value, n=n)
    if not signs:
        yield Check("leak", Status.PASSED, "No sign of a leak.", n=len(held_out))


Sign = tuple[str, float, int]


def _seen_rows(training: Training, held_out: HeldOut) -> Iterator[Sign]:
    seen = sum(digest in training.ids for digest in digests(held_out.row_id))
    if seen:
        yield (
            f"{seen} of {len(held_out)} held-out placements are among those it was trained on.",
            seen / len(held_out),
            len(held_out),
        )
    contents = content_digests(held_out.features, held_out.outcome)
    same = float(np.mean([digest in training.contents for digest in contents]))
    within = 1 - len(set(contents)) / len(contents)
    if same > max(training.repeated, within) + NATURAL:
        yield (
            f"{same:.0%} of the held-out rows, outcome included, are among its training rows under "
            "other ids.",
            same,
            len(held_out),
        )


def _seen_days(training: Training, held_out: HeldOut) -> Iterator[Sign]:
    late = held_out.placed_on <= np.datetime64(training.last_known, "D")
    if late.any():
        yield (
            f"Its training knew outcomes up to {training.last_known}; {int(late.sum())} held-out "
            f"placements, from {held_out.period[0]}, are not later.",
            float(late.mean()),
            len(held_out),
        )


def _recorded_after(held_out: HeldOut) -> Iterator[Sign]:
    if held_out.recorded_on is None:
        return
    after = np.asarray(held_out.recorded_on, "datetime64[D]") > held_out.placed_on[:, None]
    for column in np.flatnonzero(after.any(axis=0)):
        yield (
            f"{held_out.schema[column]} was recorded after the placement in "
            f"{int(after[:, column].sum())} of {len(held_out)} rows.",
            float(after[:, column].mean()),
            len(held_out),
        )


def _tells_the_outcome(held_out: HeldOut, predicted: Floats, limits: Limits) -> Iterator[Sign]:
    """Signs that something separates the outcomes better than anything known before could."""
    columns = {"The candidate": predicted}
    for name, values in zip(held_out.schema, held_out.features.T, strict=True):
        columns[f"{name} alone"] = np.where(
            np.isnan(values), np.nanmin(values, initial=0) - 1, values
        )
        columns[f"Whether {name} is known"] = np.isnan(values).astype(float)
    for what, values in columns.items():
        if (area := _bounded_auc(held_out.outcome, values)) > limits.too_good:
            yield (
                f"{what} tells the outcome too well to be believed (AUC above {area:.2f}).",
                area,
                len(held_out),
            )


def _bounded_auc(outcome: Floats, values: Floats) -> float:
    """Lower bound of the AUC, whichever way the values point, two standard errors down.

    References
    ----------
    Hanley, McNeil (1982), The meaning and use of the area under a ROC curve (their formula).
    """
    positive = int(outcome.sum())
    negative = len(outcome) - positive
    if min(positive, negative) < 2:
        return 0.5
    area = float(roc_auc_score(outcome, values))
    area = max(area, 1 - area)
    rest = area * (1 - area)
    more = (positive - 1) * (area / (2 - area) - area**2)
    less = (negative - 1) * (2 * area**2 / (1 + area) - area**2)
    smallest = 3 / min(positive, negative) / 10
    return area - 2 * float(np.sqrt((rest + more + less) / positive / negative)) - smallest
