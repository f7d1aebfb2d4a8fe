"""What the kernels read: flat arrays by name, and what stands in each column of the wide ones."""

from enum import IntEnum, IntFlag
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Reals = NDArray[np.float64]
Bytes = NDArray[np.uint8]


class Fact(IntFlag):
    """What an offer is, as bits."""

    AT_HOME = 1
    HOUSED = 2
    WAY_PAID = 4
    TRAINING = 8
    GRANT = 16
    MANY_PLACES = 32
    PLACE_UNTOLD = 64


DOCUMENT_BIT: Final = 0
SETTING_BIT: Final = 8
SCHOOL_BIT: Final = 17
READS, WATER, ADULT, AGE_TOLD, WORK_KNOWN = (1 << bit for bit in range(21, 26))
NOT_OPEN: Final = 1 << 26
GONE: Final = 1 << 27
"""Bits of what an entry asks for; a client carries the bits that close an entry to her."""


class Entry(IntEnum):
    """Columns of whole numbers of an entry: an offer at one of its places."""

    OFFER = 0
    PLACE = 1
    FACTS = 2
    REQUIRED = 3
    USEFUL = 4
    WORK = 5
    MEANING = 6
    EXPOSED = 7


class Amount(IntEnum):
    """Columns of numbers of an entry."""

    FIXED = 0
    INCOME = 1
    LOADING = 2
    VARIANCE = 6
    YOUNGEST = 7
    OLDEST = 8
    START = 9
    LAND = 10
    MONTHS = 11


AMOUNT_COLUMNS: Final = Amount.MONTHS + 1
"""Number of the columns; loadings take four."""


class Own(IntEnum):
    """Columns of whole numbers of a client."""

    HOME = 0
    VEHICLE = 1
    CLOSED = 2
    WILLING = 3
    REFUSED = 4
    EXCLUDED = 5
    WISH = 6
    DIFFICULTY = 7
    SKILLS_TOLD = 8
    JOBS_TOLD = 9
    KINDS = 10
    AREA = 11
    TOLD = 12


class Figure(IntEnum):
    """Columns of numbers of a client."""

    AGE = 0
    LIMIT = 1
    CAPITAL = 2
    LAND = 3
    COSTS = 4
    COSTS_AWAY = 5
    OTHERS = 6
    LINE = 7
    FIXED_HOME = 8
    FIXED_AWAY = 9
    SHARE = 10
    SHARED = 11
    OWN_RISK = 15
    AWAY_USD = 16
    CHILDCARE = 17
    CHILDREN = 18
    HOUSEHOLD = 19
    IDIOSYNCRATIC = 23


FIGURES: Final = Figure.IDIOSYNCRATIC + 1
"""Number of the columns; some figures take four."""


class Piece(IntEnum):
    """Terms of the score that a kernel works out, by row of the term tables."""

    REQUIRED = 0
    USEFUL = 1
    EXPERIENCE = 2
    SHORTFALL = 3
    TRAVEL = 4
    AWAY = 5
    NET_INCOME = 6
    HOUSEHOLD_INCOME = 7
    MONTHS = 8
    OWN_MONEY = 9
    OPEN_STEPS = 10
    LOSS = 11
    LOSS_2050 = 12
    RISK = 13
    PREFERENCE = 14
    KIND = 15
    CARE = 16
    ACCESS = 17


PIECES: Final = {
    "required_skills": Piece.REQUIRED,
    "useful_skills": Piece.USEFUL,
    "experience": Piece.EXPERIENCE,
    "experience_shortfall": Piece.SHORTFALL,
    "travel_minutes": Piece.TRAVEL,
    "living_away": Piece.AWAY,
    "net_income": Piece.NET_INCOME,
    "household_income": Piece.HOUSEHOLD_INCOME,
    "months_to_income": Piece.MONTHS,
    "own_money": Piece.OWN_MONEY,
    "open_steps": Piece.OPEN_STEPS,
    "climate_loss": Piece.LOSS,
    "climate_loss_2050": Piece.LOSS_2050,
    "household_risk": Piece.RISK,
    "preference": Piece.PREFERENCE,
    "preferred_kind": Piece.KIND,
    "care_load": Piece.CARE,
    "access": Piece.ACCESS,
}
"""Which registered feature each piece is; features that fold into one side need none."""


class Rest(IntEnum):
    """What is still to be added to a score: columns of :attr:`World.most`."""

    WORK_AND_SKILLS = 0
    SKILLS = 1
    USEFUL = 2


class World(NamedTuple):
    """What is neither client nor offer: places, vehicles, kinship of skills, terms.

    ``kin`` holds group, branch and whether it is transversal of each skill side by side; ``most``
    the greatest log-odds that the rest of an offer's terms may add, by :class:`Rest`.
    """

    most: Reals
    knots: Reals
    points: Reals
    slopes: Reals
    knot_count: Ints
    unknown: Reals
    node: Ints
    km: Reals
    commune: Ints
    district: Ints
    province: Ints
    hazard: Reals
    hazard_2050: Reals
    correlation: Reals
    skill_group: Ints
    skill_branch: Ints
    transversal: Bytes
    kin: Ints
    numbers: Reals


class Number(IntEnum):
    """Positions in :attr:`World.numbers`."""

    SAME_COMMUNE_KM = 0
    DAYS = 1
    VISITS = 2
    WAGE = 3
    BAD_YEARS = 4
    WALK_LIMIT = 5
    MODE = 6
    """Speed, fixed minutes and USD a km of: walk, shared, bicycle, motorbike, car."""


class Stock(NamedTuple):
    """The offers of one snapshot. Entries are grouped by place.

    ``fresh`` holds where the new ones begin and end, and the number of the snapshot. An entry that
    asks for ``GONE`` is gone in the snapshots from ``gone_at`` on, which is empty where none is.
    """

    asks: Ints
    gone_at: Ints
    entry: Ints
    amount: Reals
    start: Ints
    stocked: Ints
    slot_start: Ints
    slot_place: Ints
    slot_entry: Ints
    order: Longs
    offer: Ints
    fresh: Ints
    steps_start: Ints
    steps: Ints
    late_start: Ints
    late: Ints
    facts: Ints
    alike: Ints
    required: Ints
    required_weight: Reals
    required_state: Bytes
    useful: Ints
    useful_weight: Reals
    useful_state: Bytes
    work: Ints
    asked_years: Reals
    exposed: Reals
    taught_start: Ints
    taught: Ints
    alone: Reals
    numbers: Reals


class Clients(NamedTuple):
    """Some clients, ready for the kernels."""

    own: Ints
    figure: Reals
    held_start: Ints
    held: Ints
    job_start: Ints
    job: Ints
    job_years: Reals
    area: Bytes
    wished: Reals
    wish_start: Ints
    wish_code: Ints
    alone: Reals
    excluded: Bytes
