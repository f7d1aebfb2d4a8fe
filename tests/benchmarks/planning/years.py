"""Years of arrivals for the benchmark: two kinds of worlds, each last year, this year and seats.

``published`` has the shape of the resettlement year that was published without names with

Ahani, N., Andersson, T., Martinello, A., Teytelboym, A., Trapp, A. (2021). Placement optimization
in refugee resettlement. Operations Research,

as counted from the tables that Delacretaz, Kominers and Teytelboym's simulations use: 329 cases of
839 people, 48 % of them one person, 20 sites of 4 to 99 seats, together as many as people. A case
is worth the number of its adults expected in work. In logits, sites differ by 0.47 (few very good
ones), cases by 0.98, and what is left of a pair by 0.24 (twenty of the cases were read for that).

``types`` has six types of cases, each with sites of its own, and values between 0.05 and 0.6.

Between last year and this one, sites move, types move, the level moves, and in ``published`` the
mix of types and of sizes too. Seats a person: 1.0 as published, 1.1 as in the experiments of

Ahani, N., Golz, P., Procaccia, A., Teytelboym, A., Trapp, A. (2023). Dynamic placement in refugee
resettlement. Operations Research,

and 0.6 for hard scarcity.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

CASES, SITES, BATCH = 330, 20, 10
SIZES = np.arange(1, 9)

ADULTS = {
    1: [1.0], 2: [0.46, 0.54], 3: [0.09, 0.76, 0.15], 4: [0.05, 0.78, 0.12, 0.05],
    5: [0.0, 0.85, 0.15], 6: [0.05, 0.81, 0.05, 0.09], 7: [0.0, 0.67, 0.33],
    8: [0.0, 0.5, 0.25, 0.25],
}  # fmt: skip
"""Chances of 1, 2, ... adults by size of the case, as published; 8 is a guess (one case)."""

PUBLISHED_SIZES = np.array([0.477, 0.106, 0.103, 0.125, 0.103, 0.064, 0.018, 0.004])
TYPES_SIZES = np.array([0.42, 0.2, 0.13, 0.09, 0.06, 0.04, 0.03, 0.03])
KINDS, TYPES = 12, 6


@dataclass(frozen=True, eq=False)
class Year:
    """A year's cases: values (n, m), nan = forbidden, sizes (n,) and kinds (n,)."""

    value: np.ndarray
    size: np.ndarray
    kind: np.ndarray


def together(years):
    """Return the cases of some years as one."""
    parts = ([getattr(year, name) for year in years] for name in ("value", "size", "kind"))
    return Year(*(np.concatenate(part) for part in parts))


@dataclass(frozen=True, eq=False)
class Instance:
    """Last year, this year and its seats; ``drawn`` draws years like this one."""

    history: Year
    now: Year
    capacity: np.ndarray
    drawn: partial


def published_year(dice, level, site, kinds, mix, sizes, gates):
    """Draw a year of the published shape."""
    kind, size = dice.choice(KINDS, CASES, p=mix), dice.choice(SIZES, CASES, p=sizes)
    adults = np.array([1 + dice.choice(len(ADULTS[s]), p=ADULTS[s]) for s in size])
    logit = level + dice.normal(0, 0.8, (CASES, 1)) + site + kinds[kind]
    value = adults[:, None] / (1 + np.exp(-logit - dice.normal(0, 0.12, (CASES, SITES))))
    if gates is not None:
        alone = (adults == 1) & (size > 1)
        allowed = gates[kind] & ~(alone[:, None] & (np.arange(SITES) % 3 == 0))
        allowed &= ~((size >= 6)[:, None] & (np.arange(SITES) % 4 == 1))
        value = np.where(allowed, value, np.nan)
    return Year(value, size.astype(float), kind)


def published(seed, seats, gated=False):
    """Draw an instance of the published shape; gates are by language, lone parents and size."""
    dice = np.random.default_rng(1_000_000 + seed)
    site = dice.exponential(0.47, SITES) - 0.47
    kinds = dice.normal(0, 0.2, (KINDS, SITES)) + dice.normal(0, 0.55, (KINDS, 1))
    mix = dice.dirichlet(np.full(KINDS, 2.0))
    gates = dice.random((KINDS, SITES)) < dice.uniform(0.4, 0.9, SITES) if gated else None
    history = published_year(dice, -1.24, site, kinds, mix, PUBLISHED_SIZES, gates)
    moved = kinds + dice.normal(0, 0.1, kinds.shape) + dice.normal(0, 0.2, (KINDS, 1))
    drawn = partial(
        published_year, level=-1.24 + dice.choice([-0.3, 0.3]),
        site=site + dice.normal(0, 0.24, SITES), kinds=moved,
        mix=dice.dirichlet(mix * 2 * KINDS), sizes=dice.dirichlet(PUBLISHED_SIZES * 200),
        gates=gates,
    )  # fmt: skip
    now = drawn(dice)
    share = dice.dirichlet(np.full(SITES, 1.7)) * now.size.sum() * seats
    return Instance(history, now, np.floor(share + dice.random(SITES)), drawn)


def types_year(dice, level, site, by_type, apart, gate, by_person):
    """Draw a year of types."""
    kind, size = dice.integers(0, TYPES, CASES), dice.choice(SIZES, CASES, p=TYPES_SIZES)
    own = dice.normal(0, apart, (CASES, 1)) + dice.normal(0, 0.3, (CASES, SITES))
    chance = np.clip(1 / (1 + np.exp(-(level + site + by_type[kind] + own))), 0.05, 0.6)
    value = np.where(dice.random((CASES, SITES)) < gate, np.nan, chance)
    return Year(value * (size[:, None] if by_person else 1.0), size.astype(float), kind)


def types(seed, seats, gate=0.1, by_person=True, matters=(0.5, 0.5, 0.4)):
    """Draw an instance of types; ``matters``: deviations of sites, sites by type, and cases."""
    dice = np.random.default_rng(seed)
    between, for_type, apart = matters
    site, by_type = dice.normal(0, between, SITES), dice.normal(0, for_type, (TYPES, SITES))
    fixed = {"apart": apart, "gate": gate, "by_person": by_person}
    history = types_year(dice, -0.9, site, by_type, **fixed)
    site = site + dice.normal(0, between / 2, SITES)
    by_type = by_type + dice.normal(0, for_type / 2, by_type.shape)
    level = -0.9 + dice.choice([-0.3, 0.3])
    drawn = partial(types_year, level=level, site=site, by_type=by_type, **fixed)
    now = drawn(dice)
    share = dice.dirichlet(np.full(SITES, 3.0))
    return Instance(history, now, np.floor(share * now.size.sum() * seats), drawn)


CASES_MATTER = (0.2, 0.2, 1.0)
WORLDS = {
    "published 1.0": partial(published, seats=1.0),
    "published 1.1": partial(published, seats=1.1),
    "published 1.0 gates": partial(published, seats=1.0, gated=True),
    "published 0.6 gates": partial(published, seats=0.6, gated=True),
    "types 1.0": partial(types, seats=1.0),
    "types 1.1": partial(types, seats=1.1),
    "types 0.6": partial(types, seats=0.6, gate=0.2),
    "types 1.0 by case": partial(types, seats=1.0, by_person=False),
    "types 0.6 by case": partial(types, seats=0.6, gate=0.2, by_person=False),
    "cases 1.1": partial(types, seats=1.1, matters=CASES_MATTER),
}


def orders(instance, seed, random):
    """Return orders of this year's cases: so many random ones, and the adversarial ones."""
    dice, now = np.random.default_rng(seed), instance.now
    worth = np.where(np.isnan(now.value), 0.0, now.value)
    best = worth.max(axis=1)
    keys = {"kind": now.kind, "small": now.size, "large": -now.size, "dear": -best,
            "cheap": best, "dear seat": -best / now.size,
            "favourite": worth.argmax(axis=1)}  # fmt: skip
    chance = [dice.permutation(CASES) for _ in range(random)]
    return chance, {name: np.argsort(key, kind="stable") for name, key in keys.items()}
