"""The model card says what the model rests on, and renders whatever stands in names."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from matcher.learning.card import model_card
from matcher.learning.promotion import Check, Status, Verdict
from matcher.learning.registry import Artefact, Description, Registry, Training


@pytest.fixture
def stored(tmp_path: Path) -> Artefact:
    x, outcome = np.arange(40.0)[:, None], np.arange(40) % 2.0
    days = np.datetime64("2025-01-01") + np.arange(40)
    told = Description("retention", ("skills",), "Sok", "2026-11-01", 3, {"skills": 1})
    lost = np.where(np.arange(40) < 10, np.nan, outcome)
    training = Training.of(x, lost, np.arange(40), days, days + 90)
    return Registry(tmp_path).add(LogisticRegression().fit(x, outcome), told, training)


def test_a_card_says_data_verdict_groups_directions_and_people(stored, tmp_path):
    registry = Registry(tmp_path)
    women = Check("log_loss", Status.UNSURE, "may be worse", "sex=woman", -0.1, -0.3, 0.1, 20)
    place = Check("log_loss", Status.UNSURE, "may be worse", "province=a | <b>", n=3)
    value = Check("policy_value", Status.UNSURE, "No log of slates.")
    verdict = Verdict(
        stored.version, "", (women, place, value), 60, 5, ("2026-01-01", "2026-05-01")
    )
    registry.propose(verdict.as_dict(), by="Dara", at="2026-11-02")
    registry.approve(stored.version, by="Chan", at="2026-11-03")
    text = model_card(stored, verdict, registry.ledger, ["Trained in one province."]).markdown()
    for expected in (
        "30 outcomes; 10 more (25%) were lost",
        "Passed against the expert scorecard on 60 later outcomes",
        "| log_loss | sex=woman | -0.100 | -0.300 to +0.100 | 20 | unsure |",
        "skills: more never lowers the chance",
        "Approved by Chan, 2026-11-03",
        "It is active.",
        "Trained in one province.",
        "- Not shown: No log of slates.",
        "- Not shown, log_loss: too few outcomes to tell of sex=woman, province=a \\| &lt;b>.",
    ):
        assert expected in text


def test_a_card_without_a_verdict_says_so(stored):
    text = model_card(stored).markdown()
    assert "The promotion gate has not been asked." in text
    assert "It is not active." in text
