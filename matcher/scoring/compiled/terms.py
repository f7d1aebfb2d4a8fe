"""Kernels: what one pair is worth, piece by piece; each says the same as its feature."""

import math

import numpy as np

from matcher.occupations import CLOSENESS, SAME_BRANCH, SAME_GROUP, TRANSVERSAL
from matcher.scoring.compiled.arrays import (
    Amount,
    Entry,
    Fact,
    Figure,
    Number,
    Own,
    Piece,
)
from matcher.scoring.compiled.kernels import fast, spliced

AT_HOME, HOUSED, WAY_PAID = np.int64(Fact.AT_HOME), np.int64(Fact.HOUSED), np.int64(Fact.WAY_PAID)
TRAINING, GRANT = np.int64(Fact.TRAINING), np.int64(Fact.GRANT)
MANY_PLACES, PLACE_UNTOLD = np.int64(Fact.MANY_PLACES), np.int64(Fact.PLACE_UNTOLD)
EXPERIENCE, SHORTFALL = np.int64(Piece.EXPERIENCE), np.int64(Piece.SHORTFALL)
PREFERENCE, KIND, ACCESS = np.int64(Piece.PREFERENCE), np.int64(Piece.KIND), np.int64(Piece.ACCESS)
LOSS, LOSS_2050, RISK = np.int64(Piece.LOSS), np.int64(Piece.LOSS_2050), np.int64(Piece.RISK)
NET_INCOME, HOUSEHOLD_INCOME = np.int64(Piece.NET_INCOME), np.int64(Piece.HOUSEHOLD_INCOME)
REQUIRED, USEFUL = np.int64(Piece.REQUIRED), np.int64(Piece.USEFUL)
FIXED, INCOME, LOADING, VARIANCE = (
    np.int64(c) for c in (Amount.FIXED, Amount.INCOME, Amount.LOADING, Amount.VARIANCE)
)
E_REQUIRED, E_USEFUL, E_WORK = (
    np.int64(Entry.REQUIRED),
    np.int64(Entry.USEFUL),
    np.int64(Entry.WORK),
)
E_FACTS, E_EXPOSED, E_PLACE = np.int64(Entry.FACTS), np.int64(Entry.EXPOSED), np.int64(Entry.PLACE)
SHARE, SHARED, OWN_RISK = np.int64(Figure.SHARE), np.int64(Figure.SHARED), np.int64(Figure.OWN_RISK)
COSTS, COSTS_AWAY = np.int64(Figure.COSTS), np.int64(Figure.COSTS_AWAY)
OTHERS, LINE = np.int64(Figure.OTHERS), np.int64(Figure.LINE)
FIXED_HOME, FIXED_AWAY = np.int64(Figure.FIXED_HOME), np.int64(Figure.FIXED_AWAY)
HOME, WISH, DIFFICULTY, KINDS = (
    np.int64(c) for c in (Own.HOME, Own.WISH, Own.DIFFICULTY, Own.KINDS)
)
SKILLS_TOLD, JOBS_TOLD = np.int64(Own.SKILLS_TOLD), np.int64(Own.JOBS_TOLD)
BAD_YEARS, WAGE = np.int64(Number.BAD_YEARS), np.int64(Number.WAGE)


@spliced
def worth(world, piece, value):
    """Log-odds of one value: the scorecard's straight lines."""
    if math.isnan(value):
        return world.unknown[piece]
    last = world.knot_count[piece] - 1
    if value >= world.knots[piece, last]:
        return world.points[piece, last]
    if value <= world.knots[piece, 0]:
        return world.points[piece, 0]
    at = 0
    for knot in range(1, last):  # few, and without a jump that can't be foreseen
        at += value >= world.knots[piece, knot]
    return world.slopes[piece, at] * (value - world.knots[piece, at]) + world.points[piece, at]


@spliced
def closeness(done, wanted):
    """Worth of a year in one occupation for another; codes as half-bytes."""
    differ = done ^ wanted
    if differ & 0xF000:
        return CLOSENESS[0]
    if differ & 0x0F00:
        return CLOSENESS[1]
    if differ & 0x00F0:
        return CLOSENESS[2]
    if differ & 0x000F:
        return CLOSENESS[3]
    return CLOSENESS[4]


@fast
def learn(world, skills, start, stop, held, mark):
    """Note the skills from start to stop, with their groups and branches, under a mark."""
    for at in range(start, stop):
        skill = skills[at]
        held.skill[skill] = mark
        held.group[world.skill_group[skill]] = mark
        held.branch[world.skill_branch[skill]] = mark
        if world.transversal[skill]:
            held.across[0] = mark


@spliced
def _credit(world, held, skill, mark):
    """What the skills held under a mark are worth for one that is wanted."""
    if held.skill[skill] == mark:
        return 1.0
    group, branch = world.kin[skill, 0], world.kin[skill, 1]
    if group >= 0 and held.group[group] == mark:
        return SAME_GROUP
    if branch >= 0 and held.branch[branch] == mark:
        return SAME_BRANCH
    if world.kin[skill, 2] and held.across[0] == mark:
        return TRANSVERSAL
    return 0.0


@fast
def coverage(world, held, wanted, weight, state, told, mark):
    """Share of needs that held skills cover, by weight; NaN where either side is not known."""
    if state == 0 or not told:
        return math.nan
    if state == 2:
        return 1.0
    covered = 0.0
    for at in range(wanted.shape[0]):
        if wanted[at] < 0:
            break
        covered += _credit(world, held, wanted[at], mark) * weight[at]
    return min(covered, 1.0)


@fast
def experience_years(clients, c, code):
    """Equivalent years of experience in an occupation; NaN where not known."""
    if code < 0 or not clients.own[c, JOBS_TOLD]:
        return math.nan
    best = 0.0
    for at in range(clients.job_start[c], clients.job_start[c + 1]):
        best = max(best, clients.job_years[at] * closeness(clients.job[at], code))
    return best


@spliced
def shortfall(asked, years):
    """Years of experience that are lacking; NaN where some are asked for and none are known."""
    if asked == 0.0:
        return 0.0
    return math.nan if math.isnan(years) else max(asked - years, 0.0)


@fast
def wished_share(clients, c, livelihood, code):
    """How far work is what the client would like; NaN where no wish is told."""
    wish = clients.own[c, WISH]
    if wish < 0:
        return math.nan
    best = 0.0
    if livelihood >= 0:
        best = clients.wished[wish, livelihood]
    if code >= 0:
        for at in range(clients.wish_start[wish], clients.wish_start[wish + 1]):
            best = max(best, 0.5 * closeness(clients.wish_code[at], code))
    return best


@fast
def access_share(clients, c, demands, adaptable):
    """Share of the demands that no difficulty touches; NaN where either is not told."""
    if adaptable:
        return 1.0
    difficulties = clients.own[c, DIFFICULTY]
    if difficulties < 0 or demands < 0:
        return math.nan
    asked = bits_set(demands)
    return 1.0 if asked == 0 else 1.0 - bits_set(demands & difficulties) / asked


@spliced
def bits_set(byte):
    """How many of the eight lowest bits are set."""
    pairs = byte - ((byte >> 1) & 0x55)
    fours = (pairs & 0x33) + ((pairs >> 2) & 0x33)
    return (fours + (fours >> 4)) & 0x0F


@spliced
def wished_kind(world, clients, c, kinds):
    """Log-odds of the kind, or of either kind of a pathway; kinds as bits."""
    told = clients.own[c, KINDS]
    if told < 0:
        return world.unknown[KIND]
    return worth(world, KIND, 1.0 if told & kinds else 0.0)


@fast
def _sort_worth(world, stock, clients, c, work):
    """Log-odds of everything that the client and the sort of work settle, but for the kind."""
    livelihood, code = stock.work[work, 0], stock.work[work, 1]
    years = experience_years(clients, c, code)
    short = shortfall(stock.asked_years[work], years)
    access = access_share(clients, c, stock.work[work, 2], stock.work[work, 3])
    return (
        worth(world, EXPERIENCE, years)
        + worth(world, SHORTFALL, short)
        + worth(world, PREFERENCE, wished_share(clients, c, livelihood, code))
        + worth(world, ACCESS, access)
    )


@spliced
def required_worth(world, stock, e, told, notes, mark):
    """Log-odds of the skills an entry requires; worked out once a client and class."""
    required = stock.entry[e, E_REQUIRED]
    if notes.required_mark[required] != mark:
        notes.required_mark[required] = mark
        notes.required[required] = worth(world, REQUIRED, coverage(
            world, notes.held, stock.required[required], stock.required_weight[required],
            stock.required_state[required], told, mark))  # fmt: skip
    return notes.required[required]


@spliced
def useful_worth(world, stock, e, told, notes, mark):
    """Log-odds of the skills that are useful in an entry; worked out once a client and class."""
    useful = stock.entry[e, E_USEFUL]
    if notes.useful_mark[useful] != mark:
        notes.useful_mark[useful] = mark
        notes.useful[useful] = worth(world, USEFUL, coverage(
            world, notes.held, stock.useful[useful], stock.useful_weight[useful],
            stock.useful_state[useful], told, mark))  # fmt: skip
    return notes.useful[useful]


@spliced
def work_worth(world, stock, clients, c, e, notes, mark):
    """Log-odds of an entry's sort of work, and of its kind; worked out once a client and sort."""
    work = stock.entry[e, E_WORK]
    if notes.work_mark[work] != mark:
        notes.work_mark[work] = mark
        notes.work[work] = _sort_worth(world, stock, clients, c, work)
        notes.kind[work] = wished_kind(world, clients, c, 1 << stock.work[work, 4])
    return notes.work[work], notes.kind[work]


@spliced
def remembered(world, stock, clients, c, e, told, notes, mark):
    """Log-odds of skills and work of an entry; that of its kind is noted beside them."""
    required = required_worth(world, stock, e, told, notes, mark)
    useful = useful_worth(world, stock, e, told, notes, mark)
    return required + useful + work_worth(world, stock, clients, c, e, notes, mark)[0]


@fast
def loss_share(hazard, sensitivity):
    """Share of an income that a year with these hazards puts at risk."""
    left = 1.0
    for k in range(4):
        left *= 1.0 - hazard[k] * sensitivity[k]
    return 1.0 - left


@spliced
def _risk(world, figure, variance, shared):
    share = figure[SHARE]
    common = share * share * variance + 2.0 * share * shared
    return worth(world, RISK, math.sqrt(common + figure[OWN_RISK]))


@fast
def _expose(world, stock, clients, c, exposed, notes):
    """Note what a sensitivity costs a client at home: log-odds, and the share that is left."""
    figure, home = clients.figure[c], clients.own[c, HOME]
    sensitivity = stock.exposed[exposed]
    loss = loss_share(world.hazard[home], sensitivity)
    later = loss_share(world.hazard_2050[home], sensitivity)
    shared, variance = 0.0, 0.0
    for i in range(4):
        own = world.hazard[home, i] * sensitivity[i]
        shared += own * figure[SHARED + i]
        for j in range(4):
            other = world.hazard[home, j] * sensitivity[j]
            variance += world.correlation[i, j] * own * other
    total = worth(world, LOSS, loss) + worth(world, LOSS_2050, later)
    notes.exposed[exposed] = total + _risk(world, figure, variance, shared)
    notes.left[exposed] = 1.0 if math.isnan(loss) else 1.0 - loss * world.numbers[BAD_YEARS]


@spliced
def place_worth(world, stock, clients, c, e, way_term, way_usd, notes, mark):
    """Log-odds of place, money and risk of an entry, and of its facts alone."""
    facts = stock.entry[e, E_FACTS]
    figure, amount = clients.figure[c], stock.amount[e]
    total, net = amount[FIXED] + way_term, amount[INCOME]
    if facts & AT_HOME:
        exposed = stock.entry[e, E_EXPOSED]
        if notes.exposed_mark[exposed] != mark:
            notes.exposed_mark[exposed] = mark
            _expose(world, stock, clients, c, exposed, notes)
        total += notes.exposed[exposed] + figure[FIXED_HOME]
        if not facts & TRAINING:
            net *= notes.left[exposed]
        net -= figure[COSTS]
    else:
        shared = 0.0
        for i in range(4):
            shared += amount[LOADING + i] * figure[SHARED + i]
        net -= way_usd + figure[COSTS_AWAY]
        total += figure[FIXED_AWAY] + _risk(world, figure, amount[VARIANCE], shared)
    total += worth(world, NET_INCOME, net / stock.numbers[0])
    return total + worth(world, HOUSEHOLD_INCOME, (figure[OTHERS] + net) / figure[LINE])
