"""The worlds: which outcomes follow from a placement, in figures.

**Every figure here was fixed before any policy, model or estimate was compared in these worlds, and
none was changed afterwards to suit a result.** A figure rests on one of three grounds, named beside
it: *published* (a source that says so), *derived* (arithmetic from a published figure) or
*judgement* (the project's own, from its field notes; nobody measured it).

A world speaks in log-hazards of leaving. What the expert's scorecard says of a pair, term by term,
is taken as its *shape*: each term's points (log-odds of staying) times a strength of the world's
own, one for each way of leaving. The documented world agrees with the expert in shape but not in
strength; the other worlds break an assumption each.

References
----------
.. [1] OECD and CDRI (2017), Interrelations between Public Policies, Migration and Development in
   Cambodia: of returnees 31 % of the satisfied and 52 % of the dissatisfied plan to leave again
   within twelve months.
.. [2] Blood Bricks (2018): a failed harvest leads to debt, debt to bondage.
.. [3] Tracer study of state TVET, as given in the programme's notes: 19 % of graduates work outside
   their field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class Cause(IntEnum):
    """How a placement ended; the numbers stand in logs."""

    CENSORED = 0
    """Not known to have ended: still there at the last visit that reached the client."""
    BETTER = 1
    """Left for a better option."""
    OTHER = 2
    """Left otherwise."""
    HARM = 3
    """Exploitation, re-trafficking or unsafe re-migration."""


EXITS: Final = (Cause.BETTER, Cause.OTHER, Cause.HARM)
"""Ways of leaving, in the order of the last axis of hazards."""

VISIT_DAYS: Final = (30, 90, 180, 365)
"""Days of follow-up visits; hazards are constant between two of them."""


class Strength(NamedTuple):
    """Worth of a term of the scorecard for each way of leaving, as a multiple of its points."""

    better: float
    other: float
    harm: float


class Interaction(NamedTuple):
    """Two terms that are worse together than their sum.

    ``effect`` is added to the log-hazard of leaving otherwise and of harm where both terms are at
    their worst; in proportion to the product of their shares of the worst elsewhere.
    """

    first: str
    second: str
    effect: float


class Shock(NamedTuple):
    """Years of flood or drought in some provinces.

    ``effect`` is added to the log-hazard of leaving otherwise and of harm, times the share of the
    income at risk, in the struck provinces of the struck years.
    """

    years: tuple[int, ...]
    share_of_provinces: float
    effect: float


class HiddenHarm(NamedTuple):
    """Employers who harm where no screen sees it.

    ``share`` of the employers whose offers pay above the median; the hazard of harm is ``factor``
    times as high with them. They pay well because that is the bait.
    """

    share: float
    factor: float


_STRENGTHS: Final[Mapping[str, Strength]] = MappingProxyType(
    {
        # better, other, harm            all judgement, with what each leans on
        "required_skills": Strength(-0.5, 0.8, 0.3),  # 19 % work outside their field [3]_
        "useful_skills": Strength(-1.0, 1.0, 0.3),  # who can more is asked elsewhere
        "experience": Strength(-1.0, 0.8, 0.3),  # likewise
        "experience_shortfall": Strength(0.0, 1.0, 0.3),
        "travel_minutes": Strength(0.8, 1.3, 0.3),  # a near job is taken over a far one
        "living_away": Strength(0.8, 1.5, 2.5),  # how unsafe migration began for many
        "net_income": Strength(1.0, 1.4, 2.0),  # debt decides; coercive debt above all [2]_
        "household_income": Strength(0.3, 1.2, 1.5),  # under the line twice: flag of re-migration
        "months_to_income": Strength(0.3, 1.5, 1.0),  # unsafe migration repeats if none comes soon
        "own_money": Strength(0.0, 1.0, 2.0),  # own money is often a new debt [2]_
        "income_spread": Strength(0.5, 1.2, 1.5),  # can't carry a debt
        "open_steps": Strength(0.3, 1.5, 1.0),  # finishing a course is not an outcome [3]_
        "climate_loss": Strength(0.3, 0.8, 1.5),  # failed harvest, debt, bondage [2]_
        "climate_loss_2050": Strength(0.0, 0.0, 0.0),  # of no weight within a year
        "household_risk": Strength(0.0, 0.6, 1.0),
        # The expert's term spans 0.65 log-odds; satisfied against dissatisfied is
        # logit(0.52) - logit(0.31) = 0.88 [1]_: derived, 0.88 / 0.65.
        "preference": Strength(1.0, 1.35, 0.5),
        "preferred_kind": Strength(0.5, 0.5, 0.3),
        "care_load": Strength(0.3, 1.3, 0.5),
        "access": Strength(0.3, 1.2, 1.0),
    }
)


@dataclass(frozen=True)
class World:
    """The figures of a world.

    Parameters
    ----------
    title
        What is true in it.
    staying
        Share still there and safe on each visit's day, of an offer with nothing for or against it
        and a client and an employer like most. 59 and 49 % on days 90 and 180 are the scorecard's
        own base, which rests on [1]_; 80 % on day 30 and 40 % on day 365 are judgement, the latter
        beside the 48 to 69 % of [1]_ who do not plan to go abroad again: some leave for work near.
    exit_shares
        Of those who leave such an offer, the share that goes each way. A fifth for the better:
        derived from the 19 % of [3]_ who left their field; a tenth harmed: judgement.
    log_hazard_per_log_odds
        Log-hazard a point of the scorecard is worth at strength one. A half stays where the
        cumulative hazard is ln 2; there a log-odds is 1 / (2 ln 2) = 0.72 log-hazards: derived.
    strengths
        Strength of each term of the scorecard.
    frailty_sd
        Standard deviation over clients of a log-hazard that no feature shows: judgement, about
        the spread between two neighbouring levels of satisfaction in [1]_ (0.88 x 0.72 = 0.63),
        less what preference explains.
    quality_sd
        Standard deviation over employers and providers of a log-hazard that no feature shows:
        judgement.
    interactions, shock, hidden_harm
        What breaks the scorecard's assumptions, if anything.
    growth
        Log-hazard of leaving otherwise added each year of the programme.
    drift
        Factor of a term's strengths reached linearly by the end of the fourth year.
    """

    title: str
    staying: tuple[float, float, float, float] = (0.80, 0.59, 0.49, 0.40)
    exit_shares: tuple[float, float, float] = (0.20, 0.70, 0.10)
    log_hazard_per_log_odds: float = 0.72
    strengths: Mapping[str, Strength] = field(default_factory=lambda: _STRENGTHS)
    frailty_sd: float = 0.5
    quality_sd: float = 0.4
    interactions: tuple[Interaction, ...] = ()
    shock: Shock | None = None
    hidden_harm: HiddenHarm | None = None
    growth: float = 0.0
    drift: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


class WorldName(StrEnum):
    """Names of the worlds."""

    DOCUMENTED = "documented"
    WRONG_SIGNS = "wrong-signs"
    INTERACTIONS = "interactions"
    SHOCK_YEARS = "shock-years"
    HIDDEN_QUALITY = "hidden-quality"
    HIDDEN_HARM = "hidden-harm"
    DRIFT = "drift"


def _but(**changed: Strength) -> Mapping[str, Strength]:
    return MappingProxyType({**_STRENGTHS, **changed})


def _weakened(factor: float) -> Mapping[str, Strength]:
    weak = {name: Strength(*(factor * s for s in own)) for name, own in _STRENGTHS.items()}
    return MappingProxyType(weak)


_DOCUMENTED: Final = World("The expert is right in shape, not in strength")

WORLDS: Final[Mapping[WorldName, World]] = MappingProxyType(
    {
        WorldName.DOCUMENTED: _DOCUMENTED,
        # Each story could be true: the overskilled leave, a distance keeps creditors away,
        # who was given time to learn stays, and what one asked for at intake was not meant.
        WorldName.WRONG_SIGNS: replace(
            _DOCUMENTED,
            title="Four terms of the expert work the other way round",
            strengths=_but(
                required_skills=Strength(-0.5, -0.8, -0.3),
                living_away=Strength(0.8, -1.0, -1.0),
                months_to_income=Strength(0.3, -1.0, -0.5),
                preferred_kind=Strength(0.5, -1.0, -0.3),
            ),
        ),
        WorldName.INTERACTIONS: replace(
            _DOCUMENTED,
            title="Half of what matters lies in pairs of features, which no additive score sees",
            strengths=_weakened(0.6),
            interactions=(
                Interaction("travel_minutes", "care_load", 1.2),
                Interaction("net_income", "household_income", 1.2),
                Interaction("climate_loss", "household_risk", 0.9),
                Interaction("open_steps", "preference", 0.9),
            ),
        ),
        # Judgement: a whole income at risk makes leaving e^1.5 = 4.5 times as likely.
        WorldName.SHOCK_YEARS: replace(
            _DOCUMENTED,
            title="Flood or drought in half of the provinces in the second and the fourth year",
            shock=Shock(years=(1, 3), share_of_provinces=0.5, effect=1.5),
        ),
        WorldName.HIDDEN_QUALITY: replace(
            _DOCUMENTED,
            title="Who employs matters more than anything that was written down",
            strengths=_weakened(0.4),
            quality_sd=1.0,
        ),
        WorldName.HIDDEN_HARM: replace(
            _DOCUMENTED,
            title="A fifth of the employers who pay well harm where no screen sees it",
            hidden_harm=HiddenHarm(share=0.2, factor=6.0),
        ),
        WorldName.DRIFT: replace(
            _DOCUMENTED,
            title="Income comes to matter less, the way to work more, and more leave each year",
            growth=0.1,
            drift=MappingProxyType(
                {"net_income": 0.3, "household_income": 0.3, "travel_minutes": 2.0, "access": 2.0}
            ),
        ),
    }
)
"""The worlds by name."""


@dataclass(frozen=True)
class ProgrammeTerms:
    """How large a programme is and what it can count on; fixed with the worlds.

    Parameters
    ----------
    clients, cohort_size, years
        2,000 people over four years, fifteen coming together: the programme's own figures.
    offers
        Opportunities that open over the four years, and close again: judgement. Some 220 to 245
        are open on a day, of which a client may be offered four to five on average, and all seats
        together can hold nine of fifteen clients, as in the case behind the project.
    seat_share
        Of an opportunity's seats those that this programme's clients can get, at least one: other
        people look for work too. Judgement.
    fund_usd_per_quarter
        Money for grants, renewed each quarter, what is left of it lost. About 30 grants of the
        mean size of 420 USD, for some 125 clients a quarter: judgement.
    asked_at_most
        Offers a client may decline before the programme stops asking on that day: three, since at
        least three different options are due.
    accepted
        Log-odds of accepting an offer: of one that is as near to what she wants as an unknown one,
        and the slope on the expert's points for preference and kind. 0.85 of the ordinary, 0.97 of
        the wished for: judgement.
    known_to_officer
        Share of the open opportunities of the client's own province that an officer knows, and of
        those elsewhere: judgement, generous to the officer.
    lost
        Share of the placements whose follow-up stops before its end.
    """

    clients: int = 2000
    cohort_size: int = 15
    years: int = 4
    offers: int = 6000
    seat_share: float = 0.1
    fund_usd_per_quarter: float = 12_500.0
    asked_at_most: int = 3
    accepted: tuple[float, float] = (1.7, 2.5)
    known_to_officer: tuple[float, float] = (0.8, 0.3)
    lost: float = 0.3


TERMS: Final = ProgrammeTerms()
"""The programme of the claims."""
