"""What an officer or a manager asks of a caseload plan."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.planning.groupings import GROUPINGS
from matcher.planning.shortlist import Rule

FLOORS = ("maxmin", "proportional", "random")
TOTAL = "total"
AIMS = (TOTAL, *(str(rule) for rule in Rule))
"""What a plan aims at: the greatest total, or what both clients and employers would choose."""


class PinRefused(ValueError):  # noqa: N818 - reads as what it is
    """A pin that can't hold beside the others, a ban, the seats, the fund or an officer's time.

    Attributes
    ----------
    code : str
        ``twice``, ``banned``, ``no_seat``, ``no_money`` or ``no_time``.
    client_id, opportunity_id, other : str
        The pin, and the client's other one where there are two.
    """

    def __init__(self, code: str, client_id: str, opportunity_id: str, other: str = "") -> None:
        self.code = code
        self.client_id = client_id
        self.opportunity_id = opportunity_id
        self.other = other
        super().__init__(f"pin {client_id}={opportunity_id}: {code} {other}".rstrip())


class ReserveRefused(ValueError):  # noqa: N818 - reads as what it is
    """More seats of an offer to be kept than are free.

    Attributes
    ----------
    opportunity_id : str
        The offer.
    free : int
        Its free seats.
    """

    def __init__(self, opportunity_id: str, free: int) -> None:
        self.opportunity_id = opportunity_id
        self.free = free
        super().__init__(f"{opportunity_id} has {free} free seats, fewer than are to be kept")


@dataclass(frozen=True)
class Reserved:
    """Seats of an offer that this plan keeps.

    Parameters
    ----------
    opportunity_id
        The offer.
    seats
        How many.
    group
        Label of the group they are kept for; None: for people this plan is not for.
    """

    opportunity_id: str
    seats: int
    group: str | None = None


@dataclass(frozen=True, eq=False)
class Team:
    """Who accompanies whom, and how many new cases there is time for in a week.

    Parameters
    ----------
    officer
        Officer of each client, by id; a client without one is left out, and weighs on nobody.
    cases
        New cases each officer can take on in a week; an officer who is not named has no limit.
    begun
        Placements that are given already, by officer and Monday of the week they begin in.
    """

    officer: Mapping[str, str]
    cases: Mapping[str, int]
    begun: Mapping[tuple[str, dt.date], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Terms:
    """What is asked of a plan.

    Parameters
    ----------
    fund_usd
        Money for grants, USD; None: not limited.
    funds
        Money for the grants of one provider, by employer id, USD; ``fund_usd`` is for the others.
    floor
        How far below others no group may stand: one of ``FLOORS``; None: no floor.
    floors
        Mean that a group may not fall below, by label; instead of ``floor``.
    group
        What groups are made of: a name of ``GROUPINGS``.
    pins, bans
        Pairs of client and opportunity id that must, or may not, stand in the plan.
    together
        Ids of clients who are placed in one province or not at all.
    households
        Whether the members of a household, so far as they may be offered anything, are too.
    reserved
        Seats to be kept.
    must_place
        Whether everybody has to be placed to whom anything may be offered.
    aim
        One of ``AIMS``.
    to_come
        Clients who will come later while these offers stand; None: nobody.
    time_limit
        Seconds the solver may take.
    gap
        Relative gap to the bound that is good enough.
    seed
        Seed of the solver and of lotteries.

    Raises
    ------
    ValueError
        Where a word is not known, an amount is out of range, or two terms exclude each other.
    """

    fund_usd: float | None = None
    funds: tuple[tuple[str, float], ...] = ()
    floor: str | None = None
    floors: tuple[tuple[str, float], ...] = ()
    group: str = "sex"
    pins: tuple[tuple[str, str], ...] = ()
    bans: tuple[tuple[str, str], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    households: bool = False
    reserved: tuple[Reserved, ...] = ()
    must_place: bool = False
    aim: str = TOTAL
    to_come: int | None = None
    time_limit: float = 30.0
    gap: float = 1e-4
    seed: int = 0

    def __post_init__(self) -> None:
        self._check_words()
        self._check_amounts()
        if len(wrong := self._excluded()) > 1:
            raise ValueError(f"{wrong[0]}: expected without {wrong[1]}")
        for family in self.together:
            if len(set(family)) < len(family):
                raise ValueError(f"together: expected each client once, got {', '.join(family)}")

    def _check_words(self) -> None:
        known = (("floor", self.floor, (None, *FLOORS)), ("group", self.group, tuple(GROUPINGS)),
                 ("aim", self.aim, AIMS))  # fmt: skip
        for name, value, words in known:
            if value not in words:
                told = ", ".join(word for word in words if word)
                raise ValueError(f"{name}: expected one of {told}, got {value!r}")

    def _check_amounts(self) -> None:
        amounts = [("fund_usd", self.fund_usd), ("to_come", self.to_come), *self.funds]
        amounts += [(f"reserved {kept.opportunity_id}", kept.seats) for kept in self.reserved]
        for name, amount in amounts:
            if amount is not None and not 0 <= amount < float("inf"):
                raise ValueError(f"{name}: expected an amount of at least 0, got {amount}")

    def _excluded(self) -> list[str]:
        """Return two terms that exclude each other; empty where none do."""
        if self.floor and self.floors:
            return ["floor", "floors"]
        return [*self.apart, *self.shared][:2] if self.apart else []

    @property
    def apart(self) -> list[str]:
        """Return the terms that are asked for and stand beside pins and bans alone."""
        return [
            name
            for name, asked in (("aim", self.aim != TOTAL), ("to_come", self.to_come is not None))
            if asked
        ]

    @property
    def shared(self) -> list[str]:
        """Return the terms asked for that bind clients to each other, to money or to a group."""
        asked = {
            "fund_usd": self.fund_usd is not None, "funds": self.funds, "floor": self.floor,
            "floors": self.floors, "together": self.together, "households": self.households,
            "must_place": self.must_place,
            "reserved for a group": any(kept.group is not None for kept in self.reserved),
        }  # fmt: skip
        return [name for name, given in asked.items() if given]
