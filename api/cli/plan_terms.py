"""The terms of a plan as they are typed: repeated ``NAME=VALUE`` options, read and checked."""

from enum import StrEnum
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from api.cli.desk import Desk
from api.failures import Refused
from api.officer.plan_asked import PairOf, PlanNew
from matcher.planning.groupings import GROUPINGS
from matcher.planning.terms import AIMS, FLOORS, TOTAL

GroupName = StrEnum("GroupName", [(name, name) for name in GROUPINGS])  # type: ignore[misc]
AimName = StrEnum("AimName", [(name, name) for name in AIMS])  # type: ignore[misc]
SEX, GREATEST_TOTAL = GroupName("sex"), AimName(TOTAL)
Number = TypeVar("Number", int, float)

Fund = Annotated[
    list[str] | None,
    typer.Option(
        "--fund",
        metavar="USD",
        help="Money for grants; PROVIDER=USD: for the grants of one provider, by employer id.",
    ),
]
Floor = Annotated[
    list[str] | None,
    typer.Option(
        "--floor",
        metavar="RULE",
        help=f"How far no group may fall behind others: {', '.join(FLOORS)}; or LABEL=MEAN,"
        " such as female=0.5.",
    ),
]
Group = Annotated[GroupName, typer.Option("--group", help="What groups are made of.")]
Pins = Annotated[
    list[str] | None, typer.Option("--pin", metavar="C=O", help="Client who must get this offer.")
]
Bans = Annotated[
    list[str] | None, typer.Option("--ban", metavar="C=O", help="Client who may not get it.")
]
Lifted = Annotated[
    list[str] | None,
    typer.Option("--lift", metavar="C=O", help="Pair whose pin or ban no longer holds."),
]
Together = Annotated[
    list[str] | None,
    typer.Option("--together", metavar="C,C", help="Clients placed in one province, or none."),
]
Households = Annotated[
    bool, typer.Option("--households", help="Keep members of a household in one province.")
]
Reserve = Annotated[
    list[str] | None,
    typer.Option(
        "--reserve",
        metavar="O=SEATS",
        help="Seats kept for a later plan; O=SEATS:LABEL: for a group of this one.",
    ),
]
MustPlace = Annotated[
    bool, typer.Option("--must-place", help="Place everybody who may be offered anything.")
]
Load = Annotated[
    list[str] | None,
    typer.Option(
        "--load", metavar="CASES", help="New cases a week for an officer; OFFICER=CASES: for one."
    ),
]
Aim = Annotated[
    AimName,
    typer.Option(
        "--aim", help="Greatest total; or with employers' stated needs: stable, or nash product."
    ),
]
ToCome = Annotated[
    int | None,
    typer.Option(
        "--to-come", min=0, max=500, help="Clients to come while these offers stand; leave seats."
    ),
]
Seconds = Annotated[float, typer.Option("--seconds", min=1, max=120, help="Longest to solve.")]


def asked(desk: Desk, given: dict[str, Any], **values: Any) -> PlanNew:
    """Return the terms of a plan from what was typed.

    Raises
    ------
    Refused
        Where a text is not written as its option asks, or two terms exclude each other.
    """
    try:
        return PlanNew(**values, **_typed(desk, **given))
    except ValidationError as wrong:
        found = wrong.errors()[0]
        where = ".".join(map(str, found["loc"]))
        told = str(found["ctx"]["error"]) if "error" in found.get("ctx", {}) else found["msg"]
        raise Refused(f"{where}: {told}" if where else told) from None


def _typed(desk: Desk, **given: Any) -> dict[str, Any]:
    """Return the terms of a plan that are typed as texts.

    Parameters
    ----------
    desk
        Says what is wrong.
    given
        Texts of the repeated options, by name.

    Raises
    ------
    Refused
        Where a text is not written as its option asks.
    """
    fund_usd, funds = _numbers(desk, "fund", "USD, PROVIDER=USD", given["fund"], float)
    cases, cases_of = _numbers(desk, "load", "CASES, OFFICER=CASES", given["load"], int)
    return {
        "fund_usd": fund_usd,
        "funds": [{"employer_id": key, "usd": usd} for key, usd in funds.items()],
        **_floors(desk, given["floor"]),
        "pins": pairs(desk, given["pin"]),
        "bans": pairs(desk, given["ban"]),
        "together": [family.split(",") for family in given["together"] or ()],
        "reserved": [_reserved(desk, text) for text in given["reserve"] or ()],
        "cases_a_week": cases,
        "cases_of": cases_of,
    }


def pairs(desk: Desk, given: list[str] | None) -> list[PairOf]:
    """Read pairs written ``CLIENT=OPPORTUNITY``."""
    found = []
    for text in given or ():
        client_id, _, opportunity_id = text.partition("=")
        if not (client_id and opportunity_id):
            raise _expected(desk, "CLIENT=OPPORTUNITY", text)
        found.append(PairOf(client_id=client_id, opportunity_id=opportunity_id))
    return found


def _numbers(
    desk: Desk, option: str, written: str, given: list[str] | None, kind: type[Number]
) -> tuple[Number | None, dict[str, Number]]:
    """Read numbers, one for all and one for each name; a name stands once."""
    general: Number | None = None
    named: dict[str, Number] = {}
    for text in given or ():
        name, _, amount = text.rpartition("=")
        number = _number(desk, f"--{option} {written}", text, amount, kind)
        if name in named or (not name and general is not None):
            raise Refused(desk.say("plan.refused.repeated", option=f"--{option}", given=text))
        if name:
            named[name] = number
        else:
            general = number
    return general, named


def _number(desk: Desk, written: str, text: str, amount: str, kind: type[Number]) -> Number:
    try:
        number = kind(amount)
    except ValueError:
        raise _expected(desk, written, text) from None
    if not 0 <= number < float("inf"):
        raise _expected(desk, written, text)
    return number


def _floors(desk: Desk, given: list[str] | None) -> dict[str, Any]:
    """Read a rule, or a mean for each label."""
    rules = [text for text in given or () if text in FLOORS]
    means = [text for text in given or () if "=" in text]
    if len(rules) > 1 or (rules and means) or len(rules) + len(means) < len(given or ()):
        shown = " ".join(given or ())
        raise _expected(desk, f"--floor {'|'.join(FLOORS)}, LABEL=MEAN", shown)
    _, floors = _numbers(desk, "floor", "LABEL=MEAN", means, float)
    return {"floor": rules[0] if rules else None, "floors": floors}


def _reserved(desk: Desk, text: str) -> dict[str, Any]:
    offer, _, amount = text.partition("=")
    seats, _, label = amount.partition(":")
    if not offer or not seats.isdecimal() or int(seats) < 1 or amount.endswith(":"):
        raise _expected(desk, "--reserve OPPORTUNITY=SEATS[:LABEL]", text)
    return {"opportunity_id": offer, "seats": int(seats), "group": label or None}


def _expected(desk: Desk, written: str, given: str) -> Refused:
    return Refused(desk.say("plan.refused.typed", expected=written, given=given))
