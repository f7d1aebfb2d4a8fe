"""Stored slates tell the gate what a model would have been worth; where they can't, it says why."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from api.analyst import judging, training
from api.services import Services
from api.visit import Visit
from matcher.learning.promotion import Check, Status
from matcher.learning.retraining import SCHEMA
from models.follow_up import Referral
from models.registry import METADATA
from models.slate import Slate, SlateOffer
from tests.api.test_learning import write_placements


@pytest.fixture
def visit(world_path: Path, services: Services) -> Visit:
    write_placements(world_path)
    return Visit(services, "dara", "r-1", "en")


def show_slates(visit: Visit, propensity: float, other: float) -> None:
    """Write for each placement the slate of two that it came from, shown first by lot."""
    with visit.writing() as context:
        _show_slates(context.session, propensity, other)


def _show_slates(session: Session, propensity: float, other: float) -> None:
    dice = np.random.default_rng(5)
    heads, offers = [], []
    for referral in session.exec(select(Referral)).all():
        key = f"S-{referral.referral_id}"
        heads.append(head(key, referral))
        taken = dict(referral.features)
        beside = dict.fromkeys(SCHEMA) | {"net_income": float(dice.uniform(-0.5, 0.5)) + other}
        for position, features in enumerate((taken, beside), start=1):
            offers.append(option(key, position, referral, features, propensity))
    for table, rows in ((Slate, heads), (SlateOffer, offers)):
        session.connection().execute(insert(METADATA.tables[str(table.__tablename__)]), rows)
    of_referral = {"slate_id": "S-" + col(Referral.referral_id), "position": 1}
    session.connection().execute(update(Referral).values(**of_referral))


def head(key: str, referral: Referral) -> dict[str, Any]:
    return {
        "slate_id": key, "client_id": referral.client_id, "client_version": 1,
        "market_revision": 1, "model_version": "expert", "market_day": referral.sent_on,
        "language": "en", "asked": 2, "considered": 2, "admissible": 2, "refused": {}, "note": "",
        "created_at": dt.datetime.now(dt.UTC),
    }  # fmt: skip


def option(
    key: str, position: int, referral: Referral, features: dict[str, Any], propensity: float
) -> dict[str, Any]:
    return {
        "slate_id": key, "position": position, "opportunity_id": referral.opportunity_id,
        "kind": "vacancy", "steps": [referral.opportunity_id], "score": features["net_income"],
        "base": 0.0, "contributions": {}, "features": features, "propensity": propensity,
        "retention_90d": 0.5, "retention_180d": 0.4, "interval_low": 0.3, "interval_high": 0.6,
        "shown": {},
    }  # fmt: skip


def value_of_a_new_model(visit: Visit) -> Check:
    placements = training.placements_seen(visit, "model.train")
    version = training.train(visit.services, placements, "dara").version
    verdict = judging.compare(visit, version)
    (found,) = [check for check in verdict.checks if check.name == "policy_value"]
    return found


def test_slates_shown_by_lot_tell_what_a_model_is_worth(visit: Visit) -> None:
    show_slates(visit, propensity=0.5, other=0.5)
    found = value_of_a_new_model(visit)
    assert found.status in {Status.PASSED, Status.FAILED}
    assert found.n > 100
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 0.0 <= found.high  # both put the better paid first


def test_slates_that_never_show_what_a_model_would_are_no_support(visit: Visit) -> None:
    show_slates(visit, propensity=1.0, other=5.0)
    found = value_of_a_new_model(visit)
    assert found.status is Status.UNSURE
    assert "the log gives no support" in found.message


def test_placements_without_slates_have_no_policy_value(visit: Visit) -> None:
    found = value_of_a_new_model(visit)
    assert (found.status, found.value) == (Status.UNSURE, None)
    assert "No log of slates" in found.message
