"""Kernels: every feature of a few chosen pairs, in the reference's own order of operations.

The sums that :mod:`.terms` has taken apart to be fast stand here as the reference writes them, so
that what is shown is the same to the last bit.
"""

import math
from typing import NamedTuple

import numpy as np

from matcher.features import Fold
from matcher.scoring.compiled.arrays import (
    PIECES,
    Amount,
    Entry,
    Figure,
    Ints,
    Number,
    Piece,
    Reals,
)
from matcher.scoring.compiled.kernels import entrance, fast, spliced
from matcher.scoring.compiled.reach import (
    AWAY_USD,
    DAYS,
    LIMIT,
    VEHICLE,
    VISITS,
    WILLING,
    fare,
    minutes_on,
    own_slot,
    road,
)
from matcher.scoring.compiled.select import STRIDE
from matcher.scoring.compiled.terms import (
    AT_HOME,
    HOME,
    HOUSED,
    KINDS,
    SKILLS_TOLD,
    TRAINING,
    WAY_PAID,
    access_share,
    coverage,
    experience_years,
    learn,
    loss_share,
    shortfall,
    wished_share,
    worth,
)
from matcher.scoring.scorecard import Scorecard

(REQUIRED, USEFUL, EXPERIENCE, SHORTFALL, TRAVEL, AWAY, NET_INCOME, HOUSEHOLD_INCOME, MONTHS,
 OWN_MONEY, OPEN_STEPS, LOSS, LOSS_2050, RISK, PREFERENCE, KIND, CARE, ACCESS) = (
    np.int64(piece) for piece in Piece
)  # fmt: skip
E_PLACE, E_FACTS, E_REQUIRED, E_USEFUL, E_WORK, E_EXPOSED = (
    np.int64(c)
    for c in (Entry.PLACE, Entry.FACTS, Entry.REQUIRED, Entry.USEFUL, Entry.WORK, Entry.EXPOSED)
)
INCOME, START, A_MONTHS = (np.int64(c) for c in (Amount.INCOME, Amount.START, Amount.MONTHS))
COSTS, OTHERS, LINE, SHARE, CHILDCARE, CHILDREN, HOUSEHOLD, IDIOSYNCRATIC = (
    np.int64(c)
    for c in (
        Figure.COSTS,
        Figure.OTHERS,
        Figure.LINE,
        Figure.SHARE,
        Figure.CHILDCARE,
        Figure.CHILDREN,
        Figure.HOUSEHOLD,
        Figure.IDIOSYNCRATIC,
    )
)
BAD_YEARS = np.int64(Number.BAD_YEARS)
A_COURSE = np.int64(1 << 1)
"""Bit of a training among the kinds."""

OF_OFFER, OF_CLIENT = 1000, 2000
"""From where on the columns of features without a kernel are numbered, by whose they are."""

NET, MINUTES, LOST, PART = 0, 1, 2, 3
SHOWN = PART + 4
"""Columns of what is shown besides features, and their number."""


class Board(NamedTuple):
    """The scorecard in the order of its features.

    ``piece`` says where the value of each comes from; ``anything`` is the spread of the unknown.
    """

    piece: Ints
    knots: Reals
    points: Reals
    slopes: Reals
    knot_count: Ints
    unknown: Reals
    uncertainty: Reals
    anything: Reals
    base: Reals


def board_of(scorecard: Scorecard) -> Board:
    """Return a scorecard as arrays."""
    terms, own = scorecard.terms, {Fold.OFFER: OF_OFFER, Fold.CLIENT: OF_CLIENT}
    width, n = max(len(term.knots) for term in terms), len(terms)
    knots, points, slopes = (np.zeros((n, width)) for _ in range(3))
    piece = np.zeros(n, dtype=np.int32)
    for row, (feature, term) in enumerate(zip(scorecard.features, terms, strict=True)):
        q = len(term.knots)
        knots[row, :q], points[row, :q] = term.knots, term.points
        slopes[row, : q - 1] = np.diff(term.points) / np.diff(term.knots)
        if feature.name in PIECES:
            piece[row] = PIECES[feature.name]
        else:
            piece[row] = own[feature.fold]
            own[feature.fold] += 1
    return Board(
        piece,
        knots,
        points,
        slopes,
        np.array([len(term.knots) for term in terms], dtype=np.int32),
        np.array([term.unknown for term in terms]),
        np.array([term.uncertainty for term in terms]),
        np.array([term.anything for term in terms]),
        np.array([scorecard.base, scorecard.base_sd]),
    )


@fast
def _way(world, stock, clients, c, e, at_home, found, shown):
    """Write the features of the way to an entry; return what it costs a month."""
    numbers, home, facts = world.numbers, clients.own[c, HOME], stock.entry[e, E_FACTS]
    if at_home:
        found[TRAVEL] = found[AWAY] = shown[MINUTES] = 0.0
        return 0.0
    km, vehicle = road(world, home, stock.entry[e, E_PLACE]), clients.own[c, VEHICLE]
    minutes, limit = minutes_on(numbers, km, vehicle), clients.figure[c, LIMIT]
    away = minutes > limit and clients.own[c, WILLING] and facts & HOUSED
    found[TRAVEL] = shown[MINUTES] = limit if away else minutes
    found[AWAY] = 1.0 if away else 0.0
    once = fare(numbers, km, vehicle)
    if away:
        return clients.figure[c, AWAY_USD] + 2.0 * numbers[VISITS] * once
    return 0.0 if facts & WAY_PAID else 2.0 * numbers[DAYS] * once


@fast
def _climate(world, stock, clients, c, e, place, found, shown):
    """Write what hazards and sensitivity settle."""
    figure, sensitivity = clients.figure[c], stock.exposed[stock.entry[e, E_EXPOSED]]
    hazard = world.hazard[place]
    found[LOSS] = shown[LOST] = loss_share(hazard, sensitivity)
    found[LOSS_2050] = loss_share(world.hazard_2050[place], sensitivity)
    share, common = figure[SHARE], 0.0
    for i in range(4):
        shown[PART + i] = hazard[i] * sensitivity[i]
    for i in range(4):
        one = share * shown[PART + i] + (1.0 - share) * figure[HOUSEHOLD + i]
        for j in range(4):
            other = share * shown[PART + j] + (1.0 - share) * figure[HOUSEHOLD + j]
            common += world.correlation[i, j] * one * other
    found[RISK] = math.sqrt(common + figure[IDIOSYNCRATIC])


@fast
def _money(world, stock, clients, c, e, at_home, way_usd, found, shown):
    """Write what is left of the pay, and what the household makes of it."""
    figure, net = clients.figure[c], stock.amount[e, INCOME]
    if at_home and not stock.entry[e, E_FACTS] & TRAINING and not math.isnan(shown[LOST]):
        net *= 1.0 - shown[LOST] * world.numbers[BAD_YEARS]
    childcare = 0.0 if at_home else figure[CHILDCARE]
    net -= way_usd + figure[COSTS] + childcare
    shown[NET] = net
    found[NET_INCOME] = net / stock.numbers[0]
    found[HOUSEHOLD_INCOME] = (figure[OTHERS] + net) / figure[LINE]
    found[CARE] = 0.0 if at_home else figure[CHILDREN]


@fast
def _skills(world, stock, clients, c, e, told, held, mark, found):
    """Write how far skills cover what the entry needs."""
    required, useful = stock.entry[e, E_REQUIRED], stock.entry[e, E_USEFUL]
    found[REQUIRED] = coverage(
        world, held, stock.required[required], stock.required_weight[required],
        stock.required_state[required], told, mark)  # fmt: skip
    found[USEFUL] = coverage(
        world, held, stock.useful[useful], stock.useful_weight[useful],
        stock.useful_state[useful], told, mark)  # fmt: skip


@fast
def _work(stock, clients, c, e, kinds, found):
    """Write what the sort of work settles; kinds as bits, besides that of the entry."""
    work = stock.entry[e, E_WORK]
    livelihood, code = stock.work[work, 0], stock.work[work, 1]
    years = experience_years(clients, c, code)
    found[EXPERIENCE] = years
    found[SHORTFALL] = shortfall(stock.asked_years[work], years)
    found[PREFERENCE] = wished_share(clients, c, livelihood, code)
    found[ACCESS] = access_share(clients, c, stock.work[work, 2], stock.work[work, 3])
    told = clients.own[c, KINDS]
    wished = told & (kinds | 1 << stock.work[work, 4])
    found[KIND] = math.nan if told < 0 else 1.0 if wished else 0.0


@fast
def _opening(stock, e, course, found):
    """Write the months, the money and the open steps; course is the entry before, or -1."""
    found[MONTHS], found[OWN_MONEY] = stock.amount[e, A_MONTHS], stock.amount[e, START]
    found[OPEN_STEPS] = 1.0 if stock.entry[e, E_FACTS] & TRAINING else 0.0
    if course >= 0:
        found[MONTHS] += stock.amount[course, A_MONTHS]
        found[OWN_MONEY] += stock.amount[course, START]
        found[OPEN_STEPS] += 1.0


@spliced
def _value(stock, clients, c, offer, piece, found):
    if piece >= OF_CLIENT:
        return clients.alone[c, piece - OF_CLIENT]
    if piece >= OF_OFFER:
        return stock.alone[offer, piece - OF_OFFER]
    return found[piece]


@fast
def _weigh(board, stock, clients, c, offer, found, values, contributions, total):
    """Write values, log-odds, their sum and its variance, in the order of the features."""
    score, variance = board.base[0], board.base[1] * board.base[1]
    for feature in range(board.piece.shape[0]):
        value = _value(stock, clients, c, offer, board.piece[feature], found)
        part = worth(board, feature, value)
        spread = board.anything[feature]
        if not math.isnan(value):
            spread = board.uncertainty[feature] * abs(part)
        values[feature], contributions[feature] = value, part
        score += part
        variance += spread * spread
    total[0], total[1] = score, variance


@entrance
def measure_rows(world, stock, clients, board, steps, base, held, found, values, contributions,
                 total, shown, place):  # fmt: skip
    """Write the numbers of steps: client, course before (-1: none) and offer, of shape (p, 3)."""
    for i in range(steps.shape[0]):
        c, first, offer = steps[i, 0], steps[i, 1], steps[i, 2]
        home, mark = clients.own[c, HOME], (base + i + 1) * STRIDE
        at_home = stock.facts[offer] & AT_HOME
        e = stock.slot_entry[own_slot(world, stock, home, offer, stock.facts[offer])]
        told, kinds, course = clients.own[c, SKILLS_TOLD], np.int64(0), np.int64(-1)
        learn(world, clients.held, clients.held_start[c], clients.held_start[c + 1], held, mark)
        if first >= 0:
            course = stock.slot_entry[own_slot(world, stock, home, first, stock.facts[first])]
            start, stop = stock.taught_start[first], stock.taught_start[first + 1]
            learn(world, stock.taught, start, stop, held, mark)
            told, kinds = np.int32(1), A_COURSE
        place[i] = home if at_home else stock.entry[e, E_PLACE]
        usd = _way(world, stock, clients, c, e, at_home, found, shown[i])
        _climate(world, stock, clients, c, e, place[i], found, shown[i])
        _money(world, stock, clients, c, e, at_home, usd, found, shown[i])
        _skills(world, stock, clients, c, e, told, held, mark, found)
        _work(stock, clients, c, e, kinds, found)
        _opening(stock, e, course, found)
        _weigh(board, stock, clients, c, offer, found, values[i], contributions[i], total[i])
