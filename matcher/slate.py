"""What an officer sees: a few good and different suggestions, with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from matcher.lines import Lines, Plain

DIFFERENT = 3
"""Livelihoods, and kinds of offer, that a slate holds at least where so many exist."""

PER_LIVELIHOOD = 2
"""Suggestions of one livelihood that a slate holds at most while others are left."""


@dataclass(frozen=True)
class Reason(Plain):
    """Why an offer may not be made.

    Parameters
    ----------
    code
        Stable name of the reason.
    message
        The reason in the officer's language.
    evidence
        The facts behind it, as plain values.
    """

    code: str
    message: str
    evidence: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestion(Plain):
    """One offer, or two in a row, that may be made to a client.

    Parameters
    ----------
    opportunity_id
        What the client would be referred to first.
    steps
        Ids in order: one for an offer, two for a pathway.
    kind
        vacancy, training, grant or pathway.
    title, livelihood
        Of the last step.
    employer, place
        Employer or provider, and place of work in the officer's language, of the last step; None
        where not known.
    score, base, contributions
        Log-odds; ``score = base + sum(contributions)``.
    retention_90d, retention_180d, interval
        Probability of being retained and safe; 90 % interval of the first.
    reasons
        The contributions in words, the weightiest first.
    certain, hoped
        What is promised today, and what nobody can promise.
    cautions
        What the officer should check or know before referring.
    income_usd, net_income_usd, travel_minutes
        USD a month before and after its costs, and minutes one way; None where not known.
    climate
        Resilience (0-100) and the part of each hazard, today; empty where not known.
    diversification
        How well the household's incomes are spread with this one in them: 1 is not at all.
    """

    opportunity_id: str
    steps: tuple[str, ...]
    kind: str
    title: str
    livelihood: str | None
    employer: str | None
    place: str | None
    score: float
    base: float
    contributions: dict[str, float]
    retention_90d: float
    retention_180d: float
    interval: tuple[float, float]
    reasons: Lines
    certain: str
    hoped: str
    cautions: tuple[str, ...]
    income_usd: float | None
    net_income_usd: float | None
    travel_minutes: float | None
    climate: dict[str, float]
    diversification: float | None


@dataclass(frozen=True)
class Slate(Plain):
    """The suggestions for one client, and an account of what was not suggested.

    Parameters
    ----------
    client_id
        The client.
    suggestions
        Best first; never more than were asked for.
    considered, admissible
        Offers looked at, and those that no gate forbids.
    refused
        Offers by reason code; an offer may count under several.
    note
        An honest sentence where there is nothing, or little, to suggest; else empty.
    """

    client_id: str
    suggestions: tuple[Suggestion, ...]
    considered: int
    admissible: int
    refused: dict[str, int]
    note: str


@dataclass(frozen=True)
class Help(Plain):
    """Something that can be changed, and what it would change; found by scoring again.

    Parameters
    ----------
    change
        training, grant, document or transport.
    code
        Which one: the id of an opportunity, a document, a vehicle.
    message
        The same in the officer's language.
    opportunity_id
        The offer that it opens or improves most.
    opens
        Offers that become possible.
    before, after
        Probability of being retained and safe after 90 days in that offer; ``before`` is None where
        it was not possible.
    """

    change: str
    code: str
    message: str
    opportunity_id: str
    opens: int
    before: float | None
    after: float


class Candidate(NamedTuple):
    """Something that could stand in a slate.

    Parameters
    ----------
    offer
        Index of the offer, for a pathway of its second step.
    first
        Index of the training that comes first; -1 for an offer alone.
    kind
        vacancy, training, grant or pathway.
    livelihood
        What makes two candidates alike.
    score
        Log-odds.
    order
        Breaks ties; smaller first.
    """

    offer: int
    first: int
    kind: str
    livelihood: str
    score: float
    order: tuple[int, int]


def ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates by score, best first; ties by their order, whatever the rows' order."""
    return sorted(candidates, key=lambda c: (-round(c.score, 9), c.order))


def choose(candidates: Sequence[Candidate], k: int) -> list[Candidate]:
    """Return the best k with at least three livelihoods and kinds, where so many exist.

    The best candidate always stands first. After it, the best that remains is taken, unless the
    places left are needed for livelihoods or kinds still missing; more than two of a livelihood are
    taken only where nothing else is left, or nothing else brings a kind still missing. What the
    client would be referred to first stands in a slate once.

    Parameters
    ----------
    candidates
        In any order.
    k
        Places in the slate.
    """
    left, chosen = ranked(candidates), list[Candidate]()
    wanted = _variety(left, k)
    while left and len(chosen) < k:
        best = _next(left, chosen, k, wanted)
        chosen.append(best)
        now = _referred_to(best)
        left = [c for c in left if _referred_to(c) != now]
    return ranked(chosen)


def _variety(left: Sequence[Candidate], k: int) -> tuple[int, int]:
    """Livelihoods and kinds that a slate with the best candidate can hold together.

    Where not both can be had, livelihoods come first.
    """
    livelihoods = min(DIFFERENT, k, len({c.livelihood for c in left}))
    kinds = min(DIFFERENT, k, len({c.kind for c in left}))
    while kinds > 1 and not _leaves_room(left[:1], left, k, (livelihoods, kinds)):
        kinds -= 1
    return livelihoods, kinds


def _next(
    left: Sequence[Candidate], chosen: Sequence[Candidate], k: int, wanted: tuple[int, int]
) -> Candidate:
    """The best that shuts out nothing wanted and is unlike what is chosen, as far as there is."""

    def varied(c: Candidate) -> bool:
        return _leaves_room([*chosen, c], left, k, wanted)

    def unlike(c: Candidate) -> bool:
        return _has_room(c, chosen)

    first = (c for c in left if unlike(c) and varied(c))
    return next(first, None) or next(filter(varied, left), None) or left[0]


def _leaves_room(
    chosen: Sequence[Candidate], left: Sequence[Candidate], k: int, wanted: tuple[int, int]
) -> bool:
    """Whether the places left can still bring the livelihoods and kinds that are wanted.

    Where there are fewer places than things missing, some candidates must bring a livelihood and a
    kind at once: one can, if there is any such; two can, unless all are of one livelihood or kind.
    """
    livelihoods, kinds = {c.livelihood for c in chosen}, {c.kind for c in chosen}
    missing = max(wanted[0] - len(livelihoods), 0), max(wanted[1] - len(kinds), 0)
    places = k - len(chosen)
    if max(missing) > places or sum(missing) <= places:
        return max(missing) <= places
    both = [c for c in left if c.livelihood not in livelihoods and c.kind not in kinds]
    ways = min(len({c.livelihood for c in both}), len({c.kind for c in both}))
    return ways >= sum(missing) - places


def _has_room(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    alike = [c for c in chosen if c.livelihood == candidate.livelihood]
    return len(alike) < PER_LIVELIHOOD and all(c.kind != candidate.kind for c in alike)


def _referred_to(candidate: Candidate) -> int:
    """The offer that the client would be referred to now."""
    return candidate.first if candidate.first >= 0 else candidate.offer
