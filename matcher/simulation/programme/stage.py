"""The stage: everything that is the same whichever policy plays on it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.simulation.hazards import Integers
from matcher.simulation.logs import HALF_YEAR, acceptance
from matcher.simulation.programme.calendar import DAYS_A_YEAR, Calendar
from matcher.simulation.simulator import Indices, Simulator
from matcher.simulation.visits import FollowUp
from matcher.simulation.world import TERMS, ProgrammeTerms

NO_PAIR: Final = -1

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Stage:
    """A programme's people, offers, days and luck in a world.

    Every array over pairs has one entry for each pair of a client and an offer that no gate
    forbids. What happens with a pair is settled by the seed before any policy plays: two policies
    that make the same placement see the same outcome.

    Parameters
    ----------
    simulator
        The people and the offers in their world.
    calendar
        Who comes when, and what is open.
    terms
        Size and rules of the programme.
    pair
        Number of each pair, of shape (clients, offers); -1 where a gate forbids.
    client, offer
        The two sides of each pair.
    features
        Of shape (pairs, q).
    expert
        What the expert's scorecard says: probability of being there and safe after 180 days.
    takes
        Whether the client would take the offer.
    known
        Whether an officer who places her knows of the offer.
    day, cause
        When and how the placement would end.
    staying
        True probability of being there and safe after 180 days.
    visits
        Visits that would reach the client.
    income_usd
        Monthly income before debt service, after transport, childcare and climate loss.
    """

    simulator: Simulator
    calendar: Calendar
    terms: ProgrammeTerms
    pair: NDArray[np.int32]
    client: Indices
    offer: Indices
    features: Floats
    expert: Floats
    takes: Bools
    known: Bools
    day: Integers
    cause: Integers
    staying: Floats
    visits: Integers
    income_usd: Floats

    @property
    def employer(self) -> Indices:
        """Employer or provider of each offer, of shape (m,)."""
        return self.simulator.employer


def set_stage(simulator: Simulator, terms: ProgrammeTerms = TERMS) -> Stage:
    """Return the stage of a programme.

    Parameters
    ----------
    simulator
        Clients, in the order in which they come, and opportunities.
    terms
        Size and rules of the programme.
    """
    dice = np.random.default_rng((simulator.seed, 3))
    n, m = simulator.score.shape
    calendar = Calendar.draw(n, simulator.market, terms, dice)
    client, offer = simulator.admissible
    luck = dice.random((3, n, m), dtype=np.float32)[:, client, offer]
    pair = np.full((n, m), NO_PAIR, dtype=np.int32)
    pair[client, offer] = np.arange(len(client))
    features = simulator.features(client, offer)
    year = np.asarray(calendar.arrives[client] // DAYS_A_YEAR, dtype=np.float64)
    at = simulator.situations(client, offer, year, features)
    patience, way = dice.random((2, n))
    day, cause = simulator.law.draw(at, patience[client], way[client])
    names = simulator.feature_names
    followed = FollowUp.losing(terms.lost, names, features, day, cause)
    _, half_year = simulator.engine.scorecard.retention(simulator.score[client, offer])
    return Stage(
        simulator=simulator,
        calendar=calendar,
        terms=terms,
        pair=pair,
        client=client,
        offer=offer,
        features=features,
        expert=half_year,
        takes=luck[0] < acceptance(simulator, features),
        known=luck[1] < _familiarity(simulator, client, offer, terms),
        day=day,
        cause=cause,
        staying=simulator.law.retained(at, [HALF_YEAR])[:, 0],
        visits=followed.visits_made(features, luck[2].astype(np.float64)),
        income_usd=_income_usd(simulator, client, offer),
    )


def _familiarity(
    simulator: Simulator, client: Indices, offer: Indices, terms: ProgrammeTerms
) -> Floats:
    """Return the probability that an officer knows of each offer: the near ones better."""
    near, far = terms.known_to_officer
    homes = simulator.caseload.home_place
    home = np.array([str(code)[:2] for code in homes])
    places = [{code[:2] for code in codes or ()} for codes in simulator.market.places]
    same = [home[i] in places[j] for i, j in zip(client, offer, strict=True)]
    return np.where(same, near, far)


def _income_usd(simulator: Simulator, client: Indices, offer: Indices) -> Floats:
    pairs = simulator.pairs(client, offer)
    debt = np.nan_to_num(simulator.caseload.debt_service_usd)[client]
    return np.nan_to_num(np.asarray(pairs.net_income_usd)) + debt
