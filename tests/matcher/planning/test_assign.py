"""Plans against brute force and against the laws of assignment."""

import itertools

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linear_sum_assignment

from matcher.planning import (
    InvalidPlanInput,
    PinConflict,
    PlanAuditError,
    Status,
    assign,
    audit_plan,
    explain_plan,
    override,
)

EXACT = {"gap": 1e-9}


def keeps(case, chosen):
    """Whether an assignment keeps every rule of a case; written without the engine."""
    score, capacity, kw = case
    sizes = kw.get("sizes", np.ones(len(score)))
    cost = kw.get("cost", np.zeros(score.shape))
    place = kw.get("place", range(score.shape[1]))
    placed = [(i, j) for i, j in enumerate(chosen) if j >= 0]
    used = np.zeros(len(capacity))
    load = np.array(kw.get("load", np.zeros((0, 0))), dtype=float)
    for i, j in placed if load.size else ():
        if kw["officer"][i] >= 0 and kw["week"][j] >= 0:
            load[kw["officer"][i], kw["week"][j]] -= 1
    for i, j in placed:
        used[j] += sizes[i]
    parted = [
        {place[chosen[i]] if chosen[i] >= 0 else None for i in family}
        for family in kw.get("together", ())
    ]
    return (
        not any(np.isnan(score[pair]) for pair in placed)
        and all(chosen[i] == j for i, j in kw.get("pins", ()))
        and not set(placed) & set(kw.get("bans", ()))
        and not (kw.get("must_place") and len(placed) < len(chosen))
        and (used <= np.array(capacity) + 1e-9).all()
        and sum(cost[pair] for pair in placed) <= kw.get("budget", np.inf) + 1e-9
        and all(len(found) == 1 for found in parted)
        and (load >= 0).all()
    )


def brute_force(case):
    """The best total of all assignments that keep the rules; None where none does."""
    score = case[0]
    n, m = score.shape
    sign = -1 if case[2].get("sense") == "min" else 1
    totals = [
        sign * sum(score[i, j] for i, j in enumerate(chosen) if j >= 0)
        for chosen in itertools.product(range(-1, m), repeat=n)
        if keeps(case, chosen)
    ]
    return sign * max(totals) if totals else None


@st.composite
def cases(draw):
    """A small problem with any of the features."""
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    score = rng.normal(0.3, 0.5, (n, m)).round(draw(st.integers(0, 3)))
    score[rng.random((n, m)) < 0.2] = np.nan
    kw = {"sense": draw(st.sampled_from(["max", "max", "min"]))}
    if draw(st.booleans()):
        kw["sizes"] = rng.integers(1, 3, n).astype(float)
    if draw(st.booleans()):
        kw |= {"cost": rng.random((n, m)), "budget": float(2 * rng.random())}
    if n > 1 and draw(st.booleans()):
        kw |= {"together": [(0, 1)], "place": rng.integers(0, 2, m).tolist()}
    if draw(st.booleans()):
        kw |= {"officer": rng.integers(-1, 2, n), "week": rng.integers(-1, 2, m)}
        kw["load"] = rng.integers(0, 3, (2, 2)).astype(float)
    if draw(st.booleans()):
        kw["must_place"] = True
    if draw(st.booleans()):
        kw["bans"] = [(int(rng.integers(n)), int(rng.integers(m)))]
    return score, rng.integers(0, 4, m), kw


@settings(max_examples=150, deadline=None)
@given(cases())
def test_a_plan_is_as_good_as_brute_force_says_and_passes_its_audit(case):
    score, capacity, kw = case
    plan = assign(score, capacity, **kw, **EXACT)
    best = brute_force(case)
    assert (plan.status == Status.INFEASIBLE) == (best is None)
    if best is not None:
        assert keeps(case, plan.assignment.tolist())
        assert plan.objective == pytest.approx(best, abs=1e-7)
    audit_plan(plan, score, capacity, **kw, **EXACT)


@settings(max_examples=40, deadline=None)
@given(cases(), st.integers(0, 3))
def test_another_seat_never_lowers_the_optimum(case, where):
    score, capacity, kw = case
    kw = {**kw, "sense": "max"}
    more = capacity.copy()
    more[where % len(more)] += 1
    before, after = (assign(score, c, **kw, **EXACT).objective for c in (capacity, more))
    assert np.isnan(before) or after >= before - 1e-9


def expanded(value, capacity):
    """The optimum by scipy, a column for each seat."""
    wide = np.maximum(np.nan_to_num(value)[:, np.repeat(np.arange(len(capacity)), capacity)], 0)
    rows, columns = linear_sum_assignment(wide, maximize=True)
    return wide[rows, columns].sum()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["even", "alike", "ties", "gated", "product"]))
def test_seats_alone_are_exact_and_certified_over_all_pairs(seed, kind):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 120), rng.integers(1, 60)
    value = {
        "even": rng.random((n, m)),
        "alike": rng.random(m) + 1e-4 * rng.random((n, m)),
        "ties": rng.integers(0, 4, (n, m)).astype(float),
        "gated": np.where(rng.random((n, m)) < 0.8, np.nan, rng.random((n, m))),
        "product": rng.random((n, 1)) * rng.random((1, m)),
    }[kind]
    capacity = rng.multinomial(int(n * rng.uniform(0.3, 1.5)), np.ones(m) / m)
    plan = assign(value, capacity)
    assert plan.objective == pytest.approx(expanded(value, capacity), rel=1e-9, abs=1e-9)
    assert audit_plan(plan, value, capacity).gap <= 1e-9


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_other_names_change_nothing(seed):
    rng = np.random.default_rng(seed)
    score, capacity = rng.random((8, 5)), rng.integers(0, 3, 5)
    rows, columns = rng.permutation(8), rng.permutation(5)
    plain = assign(score, capacity).objective
    assert assign(score[rows][:, columns], capacity[columns]).objective == pytest.approx(plain)


def test_reserved_seats_are_kept_for_their_group():
    score = np.array([[0.9], [0.8], [0.2]])
    plan = assign(score, [2], groups=["a", "a", "b"], reserved={"b": [1]})
    assert plan.assignment.tolist() == [0, -1, 0]
    assert plan.on_reserved.tolist() == [False, False, True]
    audit_plan(plan, score, [2], groups=["a", "a", "b"], reserved={"b": [1]})


def test_an_audit_names_an_overfilled_seat():
    score = np.array([[0.9], [0.8]])
    plan = assign(score, [2])
    with pytest.raises(PlanAuditError, match="opportunity 0, resource 0: 2 taken of 1"):
        audit_plan(plan, score, [1])


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"pins": [(0, 0), (0, 1)]}, "client 0 is pinned to opportunity 0 and to 1"),
        ({"pins": [(0, 0)], "bans": [(0, 0)]}, "banned"),
        ({"pins": [(1, 0)]}, "not admissible"),
        ({"pins": [(0, 1), (1, 1)]}, "more than its capacity"),
        ({"pins": [(0, 1)], "cost": np.ones((2, 2)), "budget": 0.5}, "fund 0"),
        ({"pins": [(0, 0), (1, 1)], "together": [(0, 1)]}, "family"),
    ],
)
def test_a_pin_that_cannot_hold_is_refused_with_the_conflict(keywords, said):
    score = np.array([[0.5, 0.6], [np.nan if said != "family" else 0.1, 0.2]])
    with pytest.raises(PinConflict, match=said):
        assign(score, [1, 1], **keywords)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([[np.inf]], [1]), r"score\[0, 0\]"),
        (([[1.0]], [1, 2]), "capacity: expected shape"),
        (([[1.0]], [-1]), r"capacity\[0\]"),
    ],
)
def test_inputs_are_refused_where_they_break_a_rule(arguments, said):
    with pytest.raises(InvalidPlanInput, match=said):
        assign(*arguments)


def test_nothing_to_plan_is_a_plan():
    assert assign(np.zeros((0, 2)), [1, 1]).status == Status.OPTIMAL
    assert assign(np.zeros((2, 0)), []).assignment.tolist() == [-1, -1]
    assert assign(np.full((2, 2), np.nan), [1, 1]).unplaced[0].reason == "no_offer"


@pytest.mark.parametrize(("n", "m"), [(300, 60), (600, 120)])
def test_a_highest_floor_sought_in_no_time_is_a_level_that_a_plan_reaches(n, m):
    dice = np.random.default_rng(3)
    groups = dice.choice(["a", "b"], n)
    value = dice.random((n, m)) * np.where(groups == "a", 1.0, 0.8)[:, None]
    terms = {"groups": groups, "floor": "maxmin"}
    plan = assign(value, np.full(m, 4), **terms, time_limit=1e-3)
    audit_plan(plan, value, np.full(m, 4), **terms)
    assert all(group.reached for group in plan.groups)
    assert min(group.mean_value for group in plan.groups) <= plan.level_bound < 1.0


def test_a_floor_that_cannot_be_met_is_said():
    plan = assign([[0.2, 0.9]], [1, 0], groups=["a"], floor={"a": 0.5})
    assert not plan.groups[0].reached


def test_an_override_holds_and_tells_what_it_costs_the_others():
    score, capacity = np.array([[0.9, 0.1], [0.8, 0.7]]), [1, 1]
    plan = assign(score, capacity)
    assert override(plan, score, capacity, 1, 0).assignment.tolist() == [1, 0]
    told = explain_plan(plan, score, capacity, 1)
    assert told.alternatives[0].total_change == pytest.approx(-0.7)
    assert told.alternatives[0].others_change == pytest.approx(-0.8)


def test_a_gap_that_is_but_the_rounding_of_a_sum_is_none():
    value = np.array([[0.1], [0.2], [-0.3]])
    terms = {"sizes": [1.0, 1.0, 1.0], "must_place": True, "gap": 1e-9}
    plan = assign(value, [3], **terms)
    assert plan.status is Status.OPTIMAL
    assert plan.gap == 0.0
    assert audit_plan(plan, value, [3], **terms).gap == 0.0
