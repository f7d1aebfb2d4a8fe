"""What an officer or a manager asks of a caseload plan."""

from dataclasses import dataclass

from matcher.planning.groupings import GROUPINGS

FLOORS = ("maxmin", "proportional", "random")


class PinRefused(ValueError):  # noqa: N818 - reads as what it is
    """A pin that can't hold beside the others, a ban, the seats or the fund.

    Attributes
    ----------
    code : str
        ``twice``, ``banned``, ``no_seat`` or ``no_money``.
    client_id, opportunity_id, other : str
        The pin, and the client's other one where there are two.
    """

    def __init__(self, code: str, client_id: str, opportunity_id: str, other: str = "") -> None:
        self.code = code
        self.client_id = client_id
        self.opportunity_id = opportunity_id
        self.other = other
        super().__init__(f"pin {client_id}={opportunity_id}: {code} {other}".rstrip())


@dataclass(frozen=True)
class Terms:
    """What is asked of a plan.

    Parameters
    ----------
    fund_usd
        Money for grants, USD; None: not limited.
    floor
        How far below others no group may stand: one of ``FLOORS``; None: no floor.
    group
        What groups are made of: a name of ``GROUPINGS``.
    pins, bans
        Pairs of client and opportunity id that must, or may not, stand in the plan.
    together
        Ids of clients who are placed in one province or not at all.
    time_limit
        Seconds the solver may take.
    gap
        Relative gap to the bound that is good enough.
    seed
        Seed of the solver.

    Raises
    ------
    ValueError
        Where the floor or the group is not known, or an amount is out of range.
    """

    fund_usd: float | None = None
    floor: str | None = None
    group: str = "sex"
    pins: tuple[tuple[str, str], ...] = ()
    bans: tuple[tuple[str, str], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    time_limit: float = 30.0
    gap: float = 1e-4
    seed: int = 0

    def __post_init__(self) -> None:
        if self.floor is not None and self.floor not in FLOORS:
            raise ValueError(f"floor: expected one of {', '.join(FLOORS)}, got {self.floor!r}")
        if self.group not in GROUPINGS:
            known = ", ".join(GROUPINGS)
            raise ValueError(f"group: expected one of {known}, got {self.group!r}")
        if self.fund_usd is not None and not 0 <= self.fund_usd < float("inf"):
            raise ValueError(f"fund_usd: expected an amount of at least 0, got {self.fund_usd}")
