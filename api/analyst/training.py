"""Training a model: on what was known on one day, judged on what came later."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from api.analyst import queries
from api.context import Context
from api.failures import Refused
from api.services import Services
from api.visit import Visit
from matcher.learning import (
    HeldOut,
    Registry,
    expected_calibration_error,
    group_report,
    row_log_loss,
)
from matcher.learning.half_year import HALF_YEAR_DAYS, half_year_shift, retention_180d
from matcher.learning.placements import Placements
from matcher.learning.registry import Artefact, Description, Training
from matcher.learning.retraining import (
    DIRECTIONS,
    HORIZON_DAYS,
    SCHEMA,
    expert_model,
    retrained,
)
from models.base import now

NAME: Final = "retention"
HELD_OUT_SHARE: Final = 0.25
"""Share of the placements, the latest, that a candidate is judged on and never learns from."""

Report = Callable[[str, float], None]
"""Told the step a run has come to, and the share of the work that is done."""


@dataclass(frozen=True)
class Split:
    """Placements cut in two by a day.

    Parameters
    ----------
    known
        What was known on the day before: what is learned from.
    later
        What started from that day on and has been due for 90 days: what is judged on.
    day
        The day.
    """

    known: Placements
    later: Placements
    day: np.datetime64


def registry_of(services: Services) -> Registry:
    """Return the programme's models."""
    return Registry(services.settings.models_folder)


def placements_of(context: Context, action: str) -> Placements:
    """Return every placement as known today; each case that is read leaves its audit row."""
    for client_id in queries.client_ids(context.session, context.today):
        context.record(action, client_id)
    return queries.placements(context.session, context.today, SCHEMA)


def placements_seen(visit: Visit, action: str) -> Placements:
    """Return the same in a transaction of its own, so that the store is free for what follows."""
    with visit.writing() as context:
        return placements_of(context, action)


def split(placements: Placements, today: dt.date, day: dt.date | None = None) -> Split:
    """Cut placements in two by a day, so that what is judged on was never seen.

    Parameters
    ----------
    placements
        All of them.
    today
        The day.
    day
        First of the held-out placements; the latest quarter of those that can be judged without.

    Raises
    ------
    Refused
        Where nothing can be judged yet, or nothing was known by then.
    """
    started = np.sort(followed(placements, today).placed_on)
    if not len(started):
        raise Refused(f"no placement started {HORIZON_DAYS} days ago or earlier: nothing to learn")
    cut = started[int(len(started) * (1 - HELD_OUT_SHARE))]
    cut = cut if day is None else np.datetime64(day, "D")
    known = placements.as_known(cut - np.timedelta64(1, "D"))
    if not len(known):
        raise Refused(f"no placement started before {cut}: name a later day to hold out from")
    return Split(known, later_than(placements, cut, today), cut)


def followed(placements: Placements, today: dt.date) -> Placements:
    """Return the placements old enough to be judged: of younger ones only early ends are known."""
    last = np.datetime64(today, "D") - np.timedelta64(HORIZON_DAYS, "D")
    return placements.take(placements.placed_on <= last)


def later_than(placements: Placements, day: np.datetime64, today: dt.date) -> Placements:
    """Return the placements from a day on that are old enough to be judged."""
    return followed(placements, today).started_from(day)


def held_out(placements: Placements, log: Mapping[str, Any] | None = None) -> HeldOut:
    """Return placements as the promotion gate takes them, with the slates they came from if known.

    Raises
    ------
    Refused
        Where there is none.
    """
    if not len(placements):
        raise Refused("no later placement is old enough to be judged on: follow up, then try again")
    known = placements.labels(HORIZON_DAYS)
    weight = np.ones(len(placements))
    weight[known.row] = known.weight
    return HeldOut(
        features=placements.features,
        outcome=placements.retained(HORIZON_DAYS),
        weight=weight,
        row_id=placements.row_id,
        placed_on=placements.placed_on,
        schema=SCHEMA,
        groups=placements.groups,
        log=log,
    )


def train(
    services: Services,
    placements: Placements,
    who: str,
    seed: int = 0,
    day: dt.date | None = None,
    report: Report = lambda step, share: None,
) -> Artefact:
    """Make a model and keep it; nothing answers by it yet.

    What is kept has learned what was known before the held-out day, so that whoever compares it
    later judges it on rows it has not seen.

    Parameters
    ----------
    services
        Where the expert's scorecard is, and the folder of models.
    placements
        What is known today.
    who
        Who trains it.
    seed
        Of the training.
    day
        As in :func:`split`.
    report
        Told of each step.

    Raises
    ------
    Refused
        Where there is too little to learn from.
    """
    parts = split(placements, services.today(), day)
    expert = services.reference.scorecard
    report("learning", 0.2)
    model = retrained(parts.known, expert, seed)
    model.half_year_shift = half_year_shift(model, parts.known, expert)
    report("judging", 0.7)
    metrics = _metrics(model, expert, parts.later)
    report("storing", 0.9)
    description = Description(
        name=NAME,
        schema=SCHEMA,
        trained_by=who,
        created_at=now().isoformat(timespec="seconds"),
        seed=seed,
        directions=DIRECTIONS,
        metrics=metrics,
    )
    return registry_of(services).add(model, description, _training(parts.known))


def _metrics(model: Any, table: pd.DataFrame, later: Placements) -> dict[str, float]:
    """Figures of a model, and beside them the expert's."""
    before = figures(expert_model(table), later, table)
    compared = {f"expert_{name}": before[name] for name in COMPARED if name in before}
    return figures(model, later, table) | compared


COMPARED: Final = ("log_loss", "calibration_error", "log_loss_180d")


def figures(model: Any, later: Placements, table: pd.DataFrame) -> dict[str, float]:
    """Return how a model does on later placements; nothing where none can be judged."""
    return _of_quarter(model, later) | _of_half_year(model, later, table)


def _of_half_year(model: Any, later: Placements, table: pd.DataFrame) -> dict[str, float]:
    """Figures of day 180; none where nobody can be judged, or all were there."""
    labels = later.labels(HALF_YEAR_DAYS)
    if len(np.unique(labels.retained)) < 2:
        return {}
    told = labels.retained.astype(np.float64)
    said = retention_180d(model, table, later.features[labels.row])
    return {
        "outcomes_180d": float(len(told)),
        "log_loss_180d": float(np.average(row_log_loss(told, said), weights=labels.weight)),
        "mean_predicted_180d": float(np.average(said, weights=labels.weight)),
        "retained_180d": float(np.average(told, weights=labels.weight)),
    }


def _of_quarter(model: Any, later: Placements) -> dict[str, float]:
    labels = later.labels(HORIZON_DAYS)
    if not len(labels.row):
        return {}
    told = labels.retained.astype(np.float64)
    said = model.predict_proba(later.features[labels.row])[:, 1]
    return {
        "outcomes": float(len(told)),
        "lost": float(len(later) - len(told)),
        "log_loss": float(np.average(row_log_loss(told, said), weights=labels.weight)),
        "calibration_error": expected_calibration_error(told, said).value,
        "mean_predicted": float(np.average(said, weights=labels.weight)),
        "retained": float(np.average(told, weights=labels.weight)),
    }


def evaluate(visit: Visit, version: str) -> dict[str, Any]:
    """Return how a model does on the placements after its training, overall and by group.

    Raises
    ------
    ArtefactRefused
        Where there is no such model, or its files do not match.
    Refused
        Where no later placement can be judged.
    """
    services = visit.services
    artefact = registry_of(services).read(version, SCHEMA)
    placements = placements_seen(visit, "model.evaluate")
    later = later_than(placements, first_unseen_day(artefact), services.today())
    held_out(later)
    table = services.reference.scorecard
    return {
        "version": version,
        "from": str(later.placed_on.min()),
        "to": str(later.placed_on.max()),
        "figures": figures(artefact.model, later, table),
        "expert": figures(expert_model(table), later, table),
        "groups": _groups(artefact.model, later),
    }


def _groups(model: Any, later: Placements) -> list[Mapping[str, Any]]:
    """One row a group that is large enough to be shown."""
    told = later.retained(HORIZON_DAYS)
    known = np.flatnonzero(~np.isnan(told))
    named = pd.DataFrame({name: labels[known] for name, labels in later.groups.items()})
    said = model.predict_proba(later.features[known])[:, 1]
    report = group_report(told[known], said, named)
    shown = report[report["shown"]].drop(columns="shown").reset_index()
    return [{str(k): _told(v) for k, v in row.items()} for row in shown.to_dict("records")]


def _told(value: Any) -> Any:
    """Return a figure as JSON can hold it: none where there is no number."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def first_unseen_day(artefact: Artefact) -> np.datetime64:
    """Return the first day that a model's training knew nothing of."""
    return np.datetime64(artefact.training.last_known, "D") + np.timedelta64(1, "D")


def _training(known: Placements) -> Training:
    return Training.of(
        known.features,
        known.retained(HORIZON_DAYS),
        known.row_id,
        known.placed_on,
        known.known_on,
    )
