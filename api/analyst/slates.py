"""Stored slates as a log of decisions: what was shown first, how likely that was, what came."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from api.analyst import queries
from matcher.learning.placements import Placements
from models.slate import SlateOffer


def slate_log(
    session: Session, placements: Placements, schema: Sequence[str], horizon_days: int
) -> Mapping[str, NDArray[Any]] | None:
    """Return the slates that placements were chosen from, as `policy_value` takes them.

    A decision is which option of a slate is shown first; its reward is whether the placement that
    came of the slate is there and safe. Options stand in the order of their scores, so that the
    number of an option means the same in every slate.

    Parameters
    ----------
    session
        A session that reads.
    placements
        Those to be judged.
    schema
        Names of the features, in the order of the columns.
    horizon_days
        Day after the start on which staying is rewarded.
    """
    if not len(placements):
        return None
    shown = queries.options_shown(session, placements.placed_on.min().item())
    chosen_from = [shown.get(str(key), []) for key in placements.row_id]
    rows = np.flatnonzero([len(slate) > 0 for slate in chosen_from])
    if not len(rows):
        return None
    known = placements.labels(horizon_days)
    reward, weight = np.full((2, len(placements)), np.nan)
    reward[known.row], weight[known.row] = known.retained, known.weight
    slates = [chosen_from[row] for row in rows]
    return {**_decisions(slates, schema), "reward": reward[rows], "weight": weight[rows]}


def _decisions(
    slates: Sequence[Sequence[SlateOffer]], schema: Sequence[str]
) -> dict[str, NDArray[Any]]:
    most = max(len(slate) for slate in slates)
    features = np.full((len(slates), most, len(schema)), np.nan)
    offered = np.zeros((len(slates), most), dtype=bool)
    chosen = np.zeros(len(slates), dtype=np.intp)
    for row, slate in enumerate(slates):
        ranked = sorted(slate, key=lambda offer: -offer.score)
        offered[row, : len(ranked)] = True
        chosen[row] = ranked.index(slate[0])
        for place, offer in enumerate(ranked):
            values = [offer.features.get(name) for name in schema]
            features[row, place] = np.array(values, dtype=np.float64)
    propensity = np.array([slate[0].propensity for slate in slates])
    return {"features": features, "offered": offered, "chosen": chosen, "propensity": propensity}
