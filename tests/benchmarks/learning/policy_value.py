"""Bias and coverage of `policy_value` over simulated logs; ``python -m`` this, ``[LOGS]``; 400.

Replay, IPS and SNIPS stand beside the doubly robust estimate over a quarter of the logs.

Rewards are 0 or 1; the truth is the target's mean reward over 400,000 fresh decisions. *Right*
rewards are what the default outcome model can learn, *wrong* ones bend and interact. Logging
policies choose by a softmax over features mixed with an even choice; the target follows the true
weights. A cohort shifts the rewards of 15 decisions together. Rewards are lost in two settings: a
quarter as the features have it; and by visits on days 30 and 90 of which each misses a quarter, so
that who has left is known sooner, once with the weights of `labels` and once without, to be warned
of.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from matcher.columns import Floats
from matcher.learning import NoSupport, policy_value
from matcher.learning.offpolicy import Method
from matcher.learning.placements import labels

BEST = 1e4
"""A target so sharp that it always takes the best."""

VISITS = (30, 90)
LOGS, TRUTH_ROWS, COHORT = 400, 400_000, 15


@dataclass(frozen=True)
class Setting:
    """One world of logs.

    Parameters
    ----------
    name
        As printed.
    n, m
        Decisions a log, options a decision (each is offered with probability 0.8).
    right
        Whether a linear logistic model can learn the rewards.
    skew
        How strongly the logging policy leans on features; 0 is even.
    even
        Share of decisions that it makes evenly.
    sharp
        How strongly the target leans on the true weights.
    lost
        Whether a quarter of the rewards is lost.
    visits, weighted
        Whether visits lose rewards, and whether the log says what the rest stand for.
    cohorts
        Whether cohorts shift rewards together, and the interval is told.
    """

    name: str
    n: int
    m: int
    right: bool = True
    skew: float = 1.0
    even: float = 0.1
    sharp: float = 1.0
    lost: bool = False
    cohorts: bool = False
    visits: bool = False
    weighted: bool = False


SETTINGS = (
    Setting("plain", 300, 3),
    Setting("one always taken", 300, 3, right=False, sharp=BEST),
    Setting("ten options", 300, 10, right=False, skew=0.5, even=0.3, sharp=2),
    Setting("skewed", 1000, 5, right=False, skew=3, sharp=2),
    Setting("skewed, one taken", 1000, 10, skew=2, even=0.2, sharp=BEST),
    Setting("a quarter lost", 1000, 5, right=False, sharp=2, lost=True),
    Setting("visits, weighted", 1000, 5, sharp=2, visits=True, weighted=True),
    Setting("visits, unweighted", 1000, 5, sharp=2, visits=True),
    Setting("cohorts", 900, 5, sharp=2, cohorts=True),
    Setting("many", 3000, 10, right=False, skew=2, sharp=3),
    Setting("many, very skewed", 3000, 5, right=False, skew=4, sharp=BEST),
)


@dataclass(frozen=True)
class Log:
    """A simulated log and, for every option, the reward expected."""

    arrays: dict[str, np.ndarray]
    clusters: np.ndarray | None
    truth: Floats


def simulate(setting: Setting, seed: int) -> Log:
    """Draw one log."""
    rng = np.random.default_rng(seed)
    n, m = setting.n, setting.m
    x = rng.standard_normal((n, m, 4))
    offered = rng.random((n, m)) < 0.8
    offered[:, :2] = True
    weights = np.array([0.6, 0.4, -0.1, -0.3])
    odds = x @ weights - 0.2
    if not setting.right:
        odds = odds + x[..., 0] * x[..., 1] + 0.7 * np.sin(3 * x[..., 2])
    cohort = np.arange(n) // COHORT
    if setting.cohorts:
        odds = odds + 0.7 * rng.standard_normal(cohort.max() + 1)[cohort, None]
    expected = 1 / (1 + np.exp(-odds))
    even = offered / offered.sum(axis=1, keepdims=True)
    leaning = _softmax(setting.skew * (x @ np.array([-0.15, 0.05, 0.25, 0.45])), offered)
    logging = (1 - setting.even) * leaning + setting.even * even
    target = _softmax(setting.sharp * (x @ weights), offered)
    row = np.arange(n)
    chosen = (rng.random(n)[:, None] > logging.cumsum(axis=1)).sum(axis=1).clip(max=m - 1)
    reward = (rng.random(n) < expected[row, chosen]).astype(float)
    if setting.lost:
        reward[rng.random(n) < 1 / (1 + np.exp(1.2 - x[row, chosen, 0]))] = np.nan
    arrays = {
        "features": x,
        "offered": offered,
        "chosen": chosen,
        "reward": reward,
        "propensity": logging[row, chosen],
        "target": target,
    }
    if setting.visits:
        arrays["reward"], weight = _visited(reward, rng)
        arrays |= {"weight": weight} if setting.weighted else {}
    return Log(arrays, cohort if setting.cohorts else None, (target * expected).sum(axis=1))


def _visited(stayed: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Rewards as two visits know them, and what each known one stands for."""
    last = np.array([0, *VISITS])[(rng.random((len(stayed), 2)) < 0.75).cumprod(axis=1).sum(axis=1)]
    left_on = np.where(stayed == 1, np.inf, rng.integers(1, VISITS[-1] + 1, len(stayed)))
    told = left_on <= last
    known = labels(np.where(told, left_on, last), told.astype(np.int64), VISITS[-1])
    reward, weight = np.full((2, len(stayed)), np.nan)
    reward[known.row], weight[known.row] = known.retained, known.weight
    return reward, weight


def _softmax(odds: Floats, offered: np.ndarray) -> Floats:
    odds = np.where(offered, odds, -np.inf)
    weights = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def truth(setting: Setting) -> float:
    """Return the target's mean reward over many fresh decisions."""
    big = simulate(replace(setting, n=TRUTH_ROWS, lost=False, visits=False), seed=2**31)
    return float(big.truth.mean())


@dataclass(frozen=True)
class Row:
    """What one method did over the logs of one setting.

    Parameters
    ----------
    setting, method
        Which.
    logs, refused
        Logs valued, and logs refused for want of support.
    bias, noise
        Mean error in points (hundredths), and its own standard error.
    coverage
        Share of the 95 % intervals that hold the truth.
    width
        Their mean width in points.
    effective_n
        Its mean.
    """

    setting: str
    method: str
    logs: int
    refused: int
    bias: float
    noise: float
    coverage: float
    width: float
    effective_n: float


def measure(setting: Setting, method: str, logs: int) -> Row:
    """Value many logs of one setting."""
    right, errors, covered, widths, effective = truth(setting), [], [], [], []
    for seed in range(logs):
        log = simulate(setting, seed)
        try:
            found = policy_value(**log.arrays, clusters=log.clusters, method=method, seed=seed)
        except NoSupport:
            continue
        errors.append(100 * (found.value - right))
        covered.append(found.low <= right <= found.high)
        widths.append(100 * (found.high - found.low))
        effective.append(found.effective_n)
    return Row(
        setting.name,
        method,
        len(errors),
        logs - len(errors),
        float(np.mean(errors)),
        float(np.std(errors) / max(len(errors), 1) ** 0.5),
        float(np.mean(covered)),
        float(np.mean(widths)),
        float(np.mean(effective)),
    )


def lines(logs: int) -> Iterator[str]:
    """Yield the table, a line at a time."""
    yield f"{'setting':20}{'method':8}{'logs':>5}{'refused':>8}{'bias, points':>16}{'covers':>8}"
    for setting in SETTINGS:
        for method in Method:
            row = measure(setting, method, logs if method is Method.DR else max(logs // 4, 1))
            yield (
                f"{row.setting:20}{row.method:8}{row.logs:5}{row.refused:8}"
                f"{row.bias:+8.2f} ± {1.96 * row.noise:4.2f} {row.coverage:8.1%}"
                f"   width {row.width:4.1f}, effective n {row.effective_n:.0f} of {setting.n}"
            )


def main() -> None:
    """Print the table."""
    logs = int(sys.argv[1]) if len(sys.argv) > 1 else LOGS
    for line in lines(logs):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
