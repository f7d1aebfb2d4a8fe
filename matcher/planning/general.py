"""The general planning problem: prices proven over all pairs, whole numbers on the best of them."""

import dataclasses
import time

import numpy as np

from matcher.planning import exchange
from matcher.planning.bounds import Bound, blocks, family_options, lagrangian, reduced
from matcher.planning.columns import Floats, Ints
from matcher.planning.floored import FlooredProgram
from matcher.planning.greedy import greedy
from matcher.planning.outcome import Found, as_pools, total_value
from matcher.planning.problem import Problem
from matcher.planning.program import Answer, Configurations, Prices, Program
from matcher.planning.seats import solve_seats

ALL_PAIRS = 30_000
"""Up to so many pairs, all of them are looked at from the start."""

FIRST_COLUMNS, MORE_COLUMNS, WHOLE_COLUMNS = 10, 4, 8
"""Pairs a client starts with, gets in a round of pricing, and brings into the search for whole
numbers at most."""

EXCHANGING = 0.2
"""Share of the time for exchanges between places, before whole numbers are sought."""

ROUNDS = 40
HALVINGS = 7


def solve_general(
    problem: Problem, floor: Floats, *, seconds: float, gap: float, seed: int,
    known: Ints | None = None,
) -> Found:  # fmt: skip
    """Return the best plan found in some seconds, and its bound.

    ``known`` (n,) is a plan that keeps all rules and floors, where there is one already.

    References
    ----------
    Desrosiers, J., Lübbecke, M. E. (2005). A primer in column generation. In Column Generation,
    Springer, 1-32.
    """
    until = time.perf_counter() + seconds
    program = FlooredProgram(problem, floor)
    admissible = ~np.isnan(problem.value)
    if (problem.must & ~admissible.any(axis=1)).any():
        return Found(None, program.no_prices(), -np.inf, infeasible=True)
    everything = int(admissible.sum()) <= ALL_PAIRS
    if everything:
        program.add(*np.nonzero(admissible))
    else:
        add_best(program, first_prices(problem), FIRST_COLUMNS)
    infeasible, prices, proof = _price(program, everything, until, gap)
    if infeasible:
        return Found(None, prices, -np.inf, infeasible=True)
    if exchange.applies(problem) and np.isnan(floor).all():
        left = EXCHANGING * (until - time.perf_counter())
        known = exchange.exchanged(problem, prices, seconds=left, seed=seed)
    if everything:
        search = program
    else:
        search = FlooredProgram(problem, floor)
        add_best(search, prices, WHOLE_COLUMNS)
        add_plan(search, known)
    answer, plans = _whole(search, prices, known, until, gap, seed)
    proven = answer.infeasible if everything else not plans and _leaves_out(program, until)
    if proven:
        return Found(None, prices, -np.inf, infeasible=True)
    bound = answer.bound if everything else np.inf
    floored = not np.isnan(floor).all()
    if not floored:  # what prices prove of floors that are missed is worked out with the plan
        bound = min(bound, proof.total)
    return Found(_better(problem, plans, floored), prices, bound)


def _whole(
    search: FlooredProgram, prices: Prices, known: Ints | None, until: float, gap: float, seed: int
) -> tuple[Answer, list[Ints]]:
    """Return what the search for whole numbers says, and all plans there are, its own last."""
    told = None if known is None else known[search.client] == search.pool
    answer = search.whole(max(0.05, until - time.perf_counter()), gap / 2, seed, told)
    plans = [plan for plan in (greedy(search.problem, prices), known) if plan is not None]
    if answer.chosen is not None:
        plans.append(as_pools(search, answer.chosen))
    return answer, plans


def _leaves_out(other: Program, until: float) -> bool:
    """Return whether prices prove that not all can be placed who must: fewer can be than there are.

    Where every pair is in the search, that proves it itself. Begins with another programme's pairs.
    """
    problem, must = other.problem, other.problem.must
    admissible = ~np.isnan(problem.value) & must[:, None]
    counted = dataclasses.replace(
        problem, value=np.where(admissible, 1.0, np.nan), must=np.zeros_like(must)
    )
    program = FlooredProgram(counted, np.full(len(problem.labels), np.nan))
    kept = admissible[other.client, other.pool]
    program.copy(other, kept)
    _, _, proof = _price(program, False, until, 1e-6)
    return bool(proof.total < must.sum() * (1 - 1e-6) - 1e-6)


def _better(problem: Problem, found: list[Ints], floored: bool) -> Ints | None:
    """Return the best plan found; with floors the last, since the first knows nothing of them."""
    if not found or floored:
        return found[-1] if found else None
    return max(found, key=lambda pool: total_value(problem, pool))


def _price(
    program: Program, everything: bool, until: float, gap: float
) -> tuple[bool, Prices, Bound]:
    """Add pairs until the prices prove the linear optimum over all of them."""
    problem, best = program.problem, None
    for _ in range(ROUNDS):
        answer, prices = program.relaxed(until - time.perf_counter())
        if answer.infeasible and everything:
            return True, prices, lagrangian(problem, program.floor, prices)
        proof = lagrangian(problem, program.floor, prices)
        if best is None or proof.total < best[1].total:
            best = prices, proof
        near = best[1].total - answer.objective <= gap / 20 * abs(answer.objective)
        if everything or near or time.perf_counter() > until:
            break
        before = len(program.client)
        add_best(program, prices, MORE_COLUMNS, least=1e-9)
        if len(program.client) == before:
            break
    assert best is not None  # there is at least one round
    return False, best[0], best[1]


def add_plan(program: Program, pool: Ints | None) -> None:
    """Add what a plan (n,) is made of, where the programme has it not yet."""
    if pool is None:
        return
    families = program.problem.families
    whole = [f for f, family in enumerate(families) if pool[family[0]] >= 0]
    program.add_families([(f, tuple(pool[list(families[f])].tolist())) for f in whole])
    single = pool >= 0
    single[[i for family in families for i in family]] = False
    _add_new(program, np.flatnonzero(single), pool[single])


def add_best(program: Program, prices: Prices, most: int, least: float = -np.inf) -> None:
    """Add the pairs of greatest gain over prices, some a client, and families at their places."""
    problem = program.problem
    _add_new(program, *best_pairs(problem, prices, most, least))
    found: Configurations = []
    for f, family in enumerate(problem.families):
        must = problem.must[family[0]]
        found += [
            (f, tuple(pools.tolist()))
            for gain, pools in family_options(problem, prices, family, most)
            if gain > least or must
        ]
    program.add_families(found)


def _add_new(program: Program, client: Ints, pool: Ints) -> None:
    """Add those pairs that the programme has not yet."""
    m = program.problem.pools
    new = ~np.isin(client * m + pool, program.client * m + program.pool)
    program.add(client[new], pool[new])


def first_prices(problem: Problem) -> Prices:
    """Return prices to begin with: those of seats alone, where money costs what spends it."""
    pools, d = problem.capacity.shape
    none = Prices(
        np.zeros((pools, d)), np.zeros(len(problem.budget)), np.zeros(len(problem.labels))
    )
    if not problem.unit_sizes:
        return none
    low, high = 0.0, _dearest(problem)
    best = _seat_prices(problem, none, low)
    if not problem.funds or not best[1]:
        return best[0]
    for _ in range(HALVINGS):
        middle = np.sqrt(max(low, high * 1e-4) * high)
        prices, over = _seat_prices(problem, none, middle)
        low, high = (middle, high) if over else (low, middle)
    return prices


def _dearest(problem: Problem) -> float:
    """Return a price of money at which hardly anybody spends."""
    if not problem.funds:
        return 0.0
    paid = problem.cost > 0
    worth = problem.value[paid & (problem.value > 0)] / problem.cost[paid & (problem.value > 0)]
    return float(np.quantile(worth, 0.99)) if len(worth) else 0.0


def _seat_prices(problem: Problem, none: Prices, money: float) -> tuple[Prices, bool]:
    """Return the prices of seats at a price of money, and whether a fund is overspent there."""
    value = problem.value - money * problem.cost if money else problem.value
    seating = solve_seats(value, problem.capacity[:, 0], problem.must)
    pool, price = seating.pool, seating.price
    placed = np.flatnonzero(pool >= 0)
    spent = np.bincount(
        problem.fund[pool[placed]], weights=problem.cost[placed, pool[placed]],
        minlength=problem.funds,
    )[: problem.funds]  # fmt: skip
    over = bool((spent > problem.budget[: problem.funds]).any())
    of_money = np.where(np.arange(len(none.fund)) < problem.funds, money, 0.0)
    return Prices(price[:, None], of_money, none.floor), over


def best_pairs(
    problem: Problem, prices: Prices, most: int, least: float = -np.inf
) -> tuple[Ints, Ints]:
    """Return the pairs of greatest gain over prices: some a client who is in no family."""
    clients, pools = [], []
    most = min(most, problem.pools)
    single = np.ones(problem.clients, dtype=bool)
    single[[i for family in problem.families for i in family]] = False
    for rows in blocks(problem):
        gain = reduced(problem, prices, rows)
        at = np.argpartition(-gain, most - 1, axis=1)[:, :most]
        found = np.take_along_axis(gain, at, axis=1)
        must = problem.must[rows][:, None]
        row, column = np.nonzero((found > least) | (must & np.isfinite(found)))
        keep = np.isfinite(found[row, column]) & single[rows][row]
        clients.append(row[keep] + rows.start)
        pools.append(at[row, column][keep])
    return _unique(np.concatenate(clients), np.concatenate(pools), problem.pools)


def _unique(client: Ints, pool: Ints, pools: int) -> tuple[Ints, Ints]:
    code = np.unique(client * pools + pool)
    return code // pools, code % pools
