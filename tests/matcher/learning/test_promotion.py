"""The gate passes what is better and refuses what is worse for a group, leaked or changed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from matcher.learning import HeldOut, promotion_gate
from matcher.learning.promotion import Limits, Status
from matcher.learning.promotion.comparing import Comparison, bounds, calibration_error
from matcher.learning.registry import Artefact, Description, Registry, Training
from matcher.learning.registry.artefact import MODEL

SCHEMA = ("skills", "minutes", "woman")


def placements(n: int, seed: int, first: str) -> dict[str, Any]:
    """Draw placements: skills help, minutes hurt, and neither more for one sex."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 3))
    x[:, 2] = rng.random(n) < 0.3
    chance = 1 / (1 + np.exp(-(0.2 + 1.2 * x[:, 0] - 0.8 * x[:, 1])))
    day = np.datetime64(first) + np.sort(rng.integers(0, 365, n))
    return {
        "features": x,
        "outcome": (rng.random(n) < chance).astype(float),
        "row_id": np.array([f"{first}-{i}" for i in range(n)]),
        "placed_on": day,
    }


PAST, LATER = placements(900, 1, "2024-01-01"), placements(600, 2, "2026-01-01")


def trained(x: Any, y: Any) -> LogisticRegression:
    return LogisticRegression().fit(x, y)


CURRENT = LogisticRegression(C=0.002).fit(PAST["features"], PAST["outcome"])


def held_out(**changes: Any) -> HeldOut:
    sex = np.where(LATER["features"][:, 2] == 1, "woman", "man")
    return HeldOut(**{**LATER, "schema": SCHEMA, "groups": {"sex": sex}, **changes})


def stored(root: Path, model: Any, seen: dict[str, Any] = PAST, **told: Any) -> Artefact:
    directions = {"skills": 1, "minutes": -1}
    description = Description(
        "retention", SCHEMA, "Sok", "2026-01-01", 0, **{"directions": directions, **told}
    )
    known_on = seen["placed_on"] + np.timedelta64(90, "D")
    return Registry(root).add(model, description, Training.of(**seen, known_on=known_on))


def good() -> LogisticRegression:
    return trained(PAST["features"], PAST["outcome"])


def failed(verdict: Any) -> set[str]:
    return {check.name for check in verdict.of(Status.FAILED)}


def test_a_better_candidate_passes_and_says_what_was_not_shown(tmp_path):
    verdict = promotion_gate(stored(tmp_path, good()), CURRENT, held_out())
    assert verdict.passed, verdict.reasons
    assert verdict.cautions[-1] == "No log of slates: the policy's value is not known."
    plain = json.loads(json.dumps(verdict.as_dict()))
    assert plain["passed"]
    assert plain["current"] == ""
    assert plain["n"] == 600


def test_the_same_model_again_is_not_better(tmp_path):
    one = stored(tmp_path, good())
    assert failed(promotion_gate(one, one, held_out())) == {"log_loss"}


def test_better_overall_and_worse_for_one_group_is_refused(tmp_path):
    """Women's chances are overstated; men are many enough to hide it."""
    turned = good()
    turned.coef_ = turned.coef_.copy()
    turned.coef_[0, 2] = 1.5
    verdict = promotion_gate(stored(tmp_path, turned), CURRENT, held_out())
    overall = next(c for c in verdict.checks if c.name == "log_loss" and not c.group)
    women = next(c for c in verdict.checks if c.name == "log_loss" and c.group == "sex=woman")
    assert (overall.value or 0) < 0
    assert women.status is Status.FAILED
    assert not verdict.passed
    assert any("sex=woman: worse for this group" in reason for reason in verdict.reasons)


def test_trained_on_the_held_out_outcomes_is_refused(tmp_path):
    seen = {name: np.concatenate([PAST[name], LATER[name][:50]]) for name in PAST}
    model = trained(seen["features"], seen["outcome"])
    verdict = promotion_gate(stored(tmp_path, model, seen), CURRENT, held_out())
    assert "leak" in failed(verdict)
    assert any("50 of 600 held-out placements" in reason for reason in verdict.reasons)
    assert any("are not later" in reason for reason in verdict.reasons)


def test_the_same_rows_under_other_ids_and_days_are_found_by_their_content(tmp_path):
    seen = {**LATER, "row_id": PAST["row_id"][:600], "placed_on": PAST["placed_on"][:600]}
    model = trained(seen["features"], seen["outcome"])
    verdict = promotion_gate(stored(tmp_path, model, seen), CURRENT, held_out())
    assert any("under other ids" in reason for reason in verdict.reasons)


def test_a_feature_that_is_the_outcome_in_disguise_is_refused(tmp_path):
    told, later = ({**rows, "features": rows["features"].copy()} for rows in (PAST, LATER))
    for rows in (told, later):
        rows["features"][:, 1] = rows["outcome"] + 0.1 * rows["features"][:, 1]
    artefact = stored(tmp_path, trained(told["features"], told["outcome"]), told, directions={})
    verdict = promotion_gate(artefact, CURRENT, held_out(features=later["features"]))
    assert any("minutes alone tells the outcome" in reason for reason in verdict.reasons)


def test_a_feature_recorded_after_the_placement_is_refused(tmp_path):
    recorded = np.repeat(LATER["placed_on"][:, None], 3, axis=1)
    recorded[:4, 1] += 30
    recorded[5, 0] = np.datetime64("NaT")
    verdict = promotion_gate(stored(tmp_path, good()), CURRENT, held_out(recorded_on=recorded))
    assert verdict.reasons == ["minutes was recorded after the placement in 4 of 600 rows."]


def test_a_file_changed_by_a_byte_is_refused_although_the_model_in_memory_is_good(tmp_path):
    artefact = stored(tmp_path, good())
    path = artefact.folder / MODEL
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    for candidate in (artefact, artefact.folder):
        verdict = promotion_gate(candidate, CURRENT, held_out())
        assert failed(verdict) == {"artefact"}
        assert "SHA-256" in verdict.reasons[0]


def test_a_model_against_its_directions_is_refused(tmp_path):
    artefact = stored(tmp_path, good(), directions={"skills": -1})
    verdict = promotion_gate(artefact, CURRENT, held_out())
    assert failed(verdict) == {"monotone"}


def test_too_few_outcomes_or_one_kind_are_refused(tmp_path):
    artefact = stored(tmp_path, good())
    lost = LATER["outcome"].copy()
    lost[40:] = np.nan
    for outcome in (lost, np.ones(600)):
        assert failed(promotion_gate(artefact, CURRENT, held_out(outcome=outcome))) == {"outcomes"}


def test_a_tiny_group_is_a_caution_and_not_a_pass_in_silence(tmp_path):
    place = np.array(["far"] * 3 + ["near"] * 597)
    verdict = promotion_gate(stored(tmp_path, good()), CURRENT, held_out(groups={"place": place}))
    assert verdict.passed
    assert any("3 outcomes say nothing" in caution for caution in verdict.cautions)


def test_the_policy_value_is_weighed_where_there_is_a_log(tmp_path):
    rng, n = np.random.default_rng(4), 800
    features, chosen = rng.standard_normal((n, 3, 3)), rng.integers(0, 3, n)
    taken = features[np.arange(n), chosen]
    chance = 1 / (1 + np.exp(-(0.2 + 1.2 * taken[:, 0] - 0.8 * taken[:, 1])))
    log = {
        "features": features,
        "offered": np.ones((n, 3), dtype=bool),
        "chosen": chosen,
        "reward": (rng.random(n) < chance).astype(float),
        "propensity": np.full(n, 1 / 3),
    }
    verdict = promotion_gate(stored(tmp_path, good()), CURRENT, held_out(log=log))
    found = next(check for check in verdict.checks if check.name == "policy_value")
    assert found.n == n
    assert found.low is not None
    assert found.status in {Status.PASSED, Status.FAILED}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outcome": np.full(600, 2.0)}, "expected 0, 1 or NaN"),
        ({"features": np.zeros((600, 2))}, "features"),
        ({"groups": {"sex": np.zeros(3)}}, "sex"),
    ],
)
def test_held_out_rows_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        held_out(**changes)


class Always:
    """Says the same chance of everybody, but another one for women."""

    def __init__(self, men: float, women: float) -> None:
        self.men, self.women = men, women

    def predict_proba(self, x: Any) -> Any:
        chance = np.where(np.asarray(x)[:, 2] == 1, self.women, self.men)
        return np.column_stack([1 - chance, chance])


def surplus_of_women(current: Always, candidate: Always, rows: HeldOut) -> Status:
    known, chances = (
        rows.known(),
        [m.predict_proba(rows.features)[:, 1] for m in (candidate, current)],
    )
    checks = Comparison(known, *chances, Limits(), 0).checks()
    (found,) = [c for c in checks if c.name == "mean_prediction" and c.group == "sex=woman"]
    return found.status


def test_a_group_is_refused_for_what_grew_worse_not_for_what_was_wrong_before() -> None:
    rows = held_out()
    share = float(rows.outcome[rows.groups["sex"] == "woman"].mean())
    off = Always(0.5, share + 0.2)
    assert surplus_of_women(Always(0.5, share), off, rows) is Status.FAILED
    assert surplus_of_women(Always(0.5, share + 0.19), off, rows) is Status.PASSED
    assert surplus_of_women(off, Always(0.5, share - 0.25), rows) is Status.FAILED


def test_a_row_of_weight_two_counts_as_two_rows() -> None:
    rng = np.random.default_rng(3)
    values, outcome = rng.standard_normal(200), (rng.random(200) < 0.4).astype(float)
    chance, weight = rng.random(200), rng.integers(1, 4, 200).astype(float)
    twice = np.repeat(np.arange(200), weight.astype(int))
    assert bounds(values, weight, 0.95)[0] == pytest.approx(values[twice].mean())
    narrow, wide = (bounds(values, w, 0.95) for w in (np.ones(200), weight))
    assert wide[2] - wide[1] > narrow[2] - narrow[1]  # fewer rows than they stand for
    whole = 20.0 * weight / weight
    assert calibration_error(outcome, chance, whole) == pytest.approx(
        calibration_error(outcome, chance, np.ones(200))
    )


def test_weights_undo_that_the_lost_are_mostly_those_who_stayed() -> None:
    """Half of those who stayed are lost; a model that is right looks far off without weights."""
    rng = np.random.default_rng(4)
    outcome = (rng.random(4000) < 0.5).astype(float)
    lost = (outcome == 1) & (rng.random(4000) < 0.5)
    told = np.where(lost, np.nan, outcome)
    common = {
        "features": np.zeros((4000, 3)), "outcome": told, "row_id": np.arange(4000).astype(str),
        "placed_on": np.full(4000, np.datetime64("2026-01-01")), "schema": SCHEMA,
    }  # fmt: skip
    weight = np.where(outcome == 1, 2.0, 1.0)
    right = np.full(int((~lost).sum()), 0.5)
    for rows, off in ((HeldOut(**common), 0.16), (HeldOut(**common, weight=weight), 0.0)):
        known = rows.known()
        mean, low, high = bounds(right - known.outcome, known.weights, 0.99)
        assert low < off < high, (mean, off)


@pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
def test_a_known_outcome_has_a_weight(weight: float) -> None:
    with pytest.raises(ValueError, match="weight: expected numbers above 0"):
        held_out(weight=np.full(600, weight))
    with pytest.raises(ValueError, match=r"weight: expected shape \(600,\)"):
        held_out(weight=np.ones(3))
