"""Near ties are shuffled with known probabilities; what is in a slate never changes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.officer.slates import in_shown_order
from matcher import Suggestion
from matcher.learning.propensity import Exploration, place_propensity

CLIENTS = [f"/v1/clients/C-{number:06d}/slates" for number in range(1, 31)]


def slates(world: TestClient) -> list[dict[str, Any]]:
    made = [world.post(path, json={"k": 5}) for path in CLIENTS]
    return [answer.json() for answer in made if answer.json()["suggestions"]]


def ids(slate: dict[str, Any]) -> list[tuple[str, ...]]:
    return [tuple(offer["steps"]) for offer in slate["suggestions"]]


def test_without_exploration_the_best_comes_first_for_sure(world: TestClient) -> None:
    for slate in slates(world):
        scores = [offer["score"] for offer in slate["suggestions"]]
        assert scores == sorted(scores, reverse=True)
        assert {offer["propensity"] for offer in slate["suggestions"]} == {1.0}


def test_exploration_changes_the_order_of_near_ties_and_nothing_else(
    start: Callable[..., TestClient], world_path: Path
) -> None:
    plain = slates(start(world_path))
    explored = slates(start(world_path, exploration=0.25))
    assert [sorted(ids(slate)) for slate in explored] == [sorted(ids(slate)) for slate in plain]
    moved = [(p, e) for p, e in zip(plain, explored, strict=True) if ids(p) != ids(e)]
    assert len(moved) < len(plain) * 0.6
    for before, after in zip(plain, explored, strict=True):
        scores = [offer["score"] for offer in before["suggestions"]]
        chances = place_propensity(scores, Exploration(0.25))  # type: ignore[arg-type]
        for place, (key, offer) in enumerate(zip(ids(after), after["suggestions"], strict=True)):
            assert offer["propensity"] == pytest.approx(chances[ids(before).index(key), place])


def test_a_stored_slate_can_be_drawn_again() -> None:
    near: list[Suggestion] = [_Scored(0.05), _Scored(0.04), _Scored(0.03)]  # type: ignore[list-item]
    drawn = [in_shown_order(near, f"slate-{n}", 0.25) for n in range(60)]
    assert drawn == [in_shown_order(near, f"slate-{n}", 0.25) for n in range(60)]
    orders = {tuple(near.index(one) for one, _ in order) for order in drawn}
    assert len(orders) > 1


class _Scored:
    def __init__(self, score: float) -> None:
        self.score = score
