"""What an officer sees: a few good and different suggestions, with reasons."""

from collections.abc import Iterator, Sequence
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
    keys = [(-round(c.score * 1e9), c.order, at) for at, c in enumerate(candidates)]
    keys.sort()
    return [candidates[at] for *_, at in keys]


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
    best_first, chosen = ranked(candidates), _Chosen(k)
    wanted = _variety(best_first, k)
    while chosen.places:
        best = _next(best_first, chosen, wanted)
        if best is None:
            break
        chosen.add(best)
    return ranked(chosen.candidates)


class _Chosen:
    """What stands in a slate so far."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.candidates: list[Candidate] = []
        self.livelihoods: dict[str, list[str]] = {}
        self.kinds: set[str] = set()
        self.referred_to: set[int] = set()

    def add(self, candidate: Candidate) -> None:
        """Put a candidate in the slate."""
        self.places -= 1
        self.candidates.append(candidate)
        self.livelihoods.setdefault(candidate.livelihood, []).append(candidate.kind)
        self.kinds.add(candidate.kind)
        self.referred_to.add(_referred_to(candidate))

    def left(self, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
        """Yield the candidates that would be referred to nothing in the slate."""
        gone = self.referred_to
        return (c for c in candidates if (c.offer if c.first < 0 else c.first) not in gone)

    def has_room(self, candidate: Candidate) -> bool:
        """Tell whether a candidate is unlike what is chosen, or like a few of another kind."""
        alike = self.livelihoods.get(candidate.livelihood)
        return alike is None or (len(alike) < PER_LIVELIHOOD and candidate.kind not in alike)


def _variety(candidates: Sequence[Candidate], k: int) -> tuple[int, int]:
    """Livelihoods and kinds that a slate with the best candidate can hold together.

    Where not both can be had, livelihoods come first.
    """
    livelihoods = min(DIFFERENT, k, len({c.livelihood for c in candidates}))
    kinds = min(DIFFERENT, k, len({c.kind for c in candidates}))
    alone = _Chosen(k)
    while kinds > 1 and not _leaves_room(candidates[0], alone, candidates, (livelihoods, kinds)):
        kinds -= 1
    return livelihoods, kinds


def _next(
    candidates: Sequence[Candidate], chosen: _Chosen, wanted: tuple[int, int]
) -> Candidate | None:
    """The best that shuts out nothing wanted and is unlike what is chosen, as far as there is."""

    def varied(c: Candidate) -> bool:
        return _leaves_room(c, chosen, candidates, wanted)

    first = (c for c in chosen.left(candidates) if chosen.has_room(c) and varied(c))
    found = next(first, None) or next(filter(varied, chosen.left(candidates)), None)
    return found or next(chosen.left(candidates), None)


def _leaves_room(
    candidate: Candidate, chosen: _Chosen, others: Sequence[Candidate], wanted: tuple[int, int]
) -> bool:
    """Whether the places left by one more bring the livelihoods and kinds that are wanted.

    Where there are fewer places than things missing, some candidates must bring a livelihood and a
    kind at once: one can, if there is any such; two can, unless all are of one livelihood or kind.
    """
    livelihoods, kinds, places = chosen.livelihoods, chosen.kinds, chosen.places - 1
    new = candidate.livelihood not in livelihoods, candidate.kind not in kinds
    missing = (
        max(wanted[0] - len(livelihoods) - new[0], 0),
        max(wanted[1] - len(kinds) - new[1], 0),
    )
    if max(missing) > places or sum(missing) <= places:
        return max(missing) <= places
    livelihood, kind = candidate.livelihood, candidate.kind
    both = [
        c
        for c in chosen.left(others)
        if c.livelihood not in livelihoods
        and c.kind not in kinds
        and c.livelihood != livelihood
        and c.kind != kind
    ]
    ways = min(len({c.livelihood for c in both}), len({c.kind for c in both}))
    return ways >= sum(missing) - places


def _referred_to(candidate: Candidate) -> int:
    """The offer that the client would be referred to now."""
    return candidate.first if candidate.first >= 0 else candidate.offer
