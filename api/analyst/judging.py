"""Comparing, promoting and going back; the list of models, their cards, and what drifted."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from api.analyst.slates import slate_log
from api.analyst.training import (
    first_unseen_day,
    followed,
    held_out,
    later_than,
    placements_seen,
    registry_of,
    split,
)
from api.failures import Refused
from api.services import Services
from api.visit import ANONYMOUS, Visit
from matcher.learning import Drift, ModelCard, Registry, Series, drift, model_card, promotion_gate
from matcher.learning.drift import Kind
from matcher.learning.placements import Placements
from matcher.learning.promotion import Check, Status, Verdict
from matcher.learning.registry import Action, Artefact, ArtefactRefused, Ledger
from matcher.learning.retraining import HORIZON_DAYS, SCHEMA, expert_model
from models.base import now

GATE_SEED: Final = 0
"""Of the gate's bootstraps: the same files and rows give the same verdict."""


def compare(visit: Visit, version: str) -> Verdict:
    """Put a model to the promotion gate against what answers now; the verdict is kept.

    The store is free while the gate works.

    Raises
    ------
    ArtefactRefused
        Where there is no such model, or the active one's files do not match.
    Refused
        Where nobody says who asks, or no later placement can be judged.
    """
    by = named(visit.actor)
    registry, services = registry_of(visit.services), visit.services
    folder = registry.folder(version)
    placements = placements_seen(visit, "model.compare")
    first = _judged_from(registry, version, placements, services.today())
    later = later_than(placements, first, services.today())
    current = registry.active(SCHEMA) or expert_model(services.reference.scorecard)
    with visit.reading() as context:
        log = slate_log(context.session, later, SCHEMA, HORIZON_DAYS)
    verdict = promotion_gate(folder, current, held_out(later, log), seed=GATE_SEED)
    registry.propose(verdict.as_dict(), by, _moment())
    return verdict


def named(who: str) -> str:
    """Return who acts; whoever proposes, lets in or goes back has a name.

    Raises
    ------
    Refused
        Where nobody said who it is.
    """
    if who.strip().casefold() in {"", ANONYMOUS}:
        raise Refused("expected the name of who does it, got none: say it with X-Actor or --by")
    return who.strip()


def _judged_from(
    registry: Registry, version: str, placements: Placements, today: dt.date
) -> np.datetime64:
    """First day of what a model is judged on; where it can't be read, the gate says so itself."""
    try:
        return first_unseen_day(registry.read(version))
    except ArtefactRefused:
        return split(placements, today).day


def promote(services: Services, version: str, by: str) -> Ledger:
    """Let a model answer that the gate has passed; `by` is a second person.

    Raises
    ------
    Refused
        Where nobody says who it is.
    NotAllowed
        Where a rule of promotion forbids it.
    ArtefactRefused
        Where its files do not match.
    """
    return registry_of(services).approve(version, named(by), _moment())


def roll_back(services: Services, by: str, leaving: str | None = None) -> Ledger:
    """Go back to what answered before.

    Parameters
    ----------
    services
        What the process shares.
    by
        Who does it.
    leaving
        Version that is to answer no longer; whichever does where None. Who names it goes back one
        step, however often the request is sent.

    Raises
    ------
    Refused
        Where nobody says who it is.
    NotAllowed
        Where nothing answered before, or another version than the named one answers.
    ArtefactRefused
        Where its files have changed since.
    """
    return registry_of(services).roll_back(named(by), _moment(), leaving)


def listing(services: Services) -> dict[str, Any]:
    """Return every model, the newest first, with its figures, its verdict and who let it in."""
    registry = registry_of(services)
    ledger = registry.ledger
    found = [_told(registry, ledger, version) for version in registry.versions]
    newest_first = sorted(found, key=lambda one: (one["created_at"], one["version"]), reverse=True)
    return {"active": ledger.active or None, "items": newest_first}


def _told(registry: Registry, ledger: Ledger, version: str) -> dict[str, Any]:
    judged = _last(ledger, version, Action.PROPOSED)
    approved = _last(ledger, version, Action.APPROVED)
    told = {
        "version": version,
        "active": ledger.active == version,
        "passed": judged.get("verdict", {}).get("passed"),
        "reasons": judged.get("verdict", {}).get("reasons", []),
        "proposed_by": judged.get("by"),
        "approved_by": approved.get("by"),
        "problem": None,
        "created_at": "",
        "trained_by": None,
        "outcomes": None,
        "lost": None,
        "metrics": {},
    }
    try:
        artefact = registry.read(version)
    except ArtefactRefused as refused:
        return told | {"problem": str(refused)}
    description = artefact.manifest.description
    return told | {
        "created_at": description.created_at,
        "trained_by": description.trained_by,
        "outcomes": artefact.training.n,
        "lost": artefact.training.lost,
        "metrics": dict(description.metrics),
    }


def _last(ledger: Ledger, version: str, action: Action) -> Mapping[str, Any]:
    """The last step of one kind of a model, as plain values; empty where there was none."""
    steps = zip(ledger.events, ledger.as_list(), strict=True)
    found = [plain for e, plain in steps if (e.version, e.action) == (version, action)]
    return found[-1] if found else {}


def card(services: Services, version: str) -> ModelCard:
    """Return the card of a model.

    Raises
    ------
    ArtefactRefused
        Where there is no such model, or its files do not match.
    """
    registry = registry_of(services)
    artefact, ledger = registry.read(version), registry.ledger
    verdict = _last(ledger, version, Action.PROPOSED).get("verdict")
    return model_card(artefact, _verdict(verdict) if verdict else None, ledger)


def _verdict(plain: Mapping[str, Any]) -> Verdict:
    """Return the verdict that was kept as plain values."""
    checks = tuple(Check(**{**c, "status": Status(c["status"])}) for c in plain["checks"])
    first, last = plain["period"]
    names = ("candidate", "current", "n", "lost")
    return Verdict(checks=checks, period=(first, last), **{name: plain[name] for name in names})


def drifted(visit: Visit, since: dt.date | None = None) -> Drift:
    """Return what moved since the active model was trained, or since a day.

    Parameters
    ----------
    visit
        The request.
    since
        First day of what is to be compared; without it the day after the active model's training,
        or the latest quarter where the expert's model answers.

    Raises
    ------
    ArtefactRefused
        Where the active model's files do not match.
    Refused
        Where no placement can be judged.
    """
    services = visit.services
    active, today = registry_of(services).active(SCHEMA), services.today()
    placements = placements_seen(visit, "model.drift")
    day = np.datetime64(since, "D") if since else _trained_until(active, placements, today)
    model = active.model if active else expert_model(services.reference.scorecard)
    return drift(list(_series(placements, model, today)), str(day))


def _trained_until(
    active: Artefact | None, placements: Placements, today: dt.date
) -> np.datetime64:
    return first_unseen_day(active) if active else split(placements, today).day


def _series(placements: Placements, model: Any, today: dt.date) -> Iterator[Series]:
    days = placements.placed_on
    for name, values in zip(SCHEMA, placements.features.T, strict=True):
        yield Series(name, Kind.INPUT, values, days)
    said = model.predict_proba(placements.features)[:, 1]
    yield Series(f"retention_{HORIZON_DAYS}d", Kind.SCORE, said, days)
    old = followed(placements, today)
    yield Series("retained", Kind.OUTCOME, old.retained(HORIZON_DAYS), old.placed_on)


def _moment() -> str:
    return now().isoformat(timespec="seconds")
