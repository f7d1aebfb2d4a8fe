"""A plan as an officer reads it, and as a manager does."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from api.cli.desk import Desk
from api.cli.figures import amount, percent, signed
from api.group_names import group_name
from api.phrases import word
from matcher.planning.terms import TOTAL

SCARCE_SHOWN = PARTED_SHOWN = 5
NO_GAP = 1e-9
SHOWN = 0.005
"""What a figure of two decimals shows as more than none."""

PRICED = 5e-4
"""Price of a seat, in people, under which it is shown as none."""

Body = Mapping[str, Any]


def print_plan(desk: Desk, plan: Body) -> None:
    """Print the table of clients, then the summary."""
    desk.out.print(_table(desk, plan["lines"], _floors_reached(plan["figures"])))
    print_summary(desk, plan)
    desk.out.print(desk.say("plan.next", plan=plan["plan_id"]))


def _table(desk: Desk, lines: list[Body], priced: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=desk.out.width)
    table.add_column(desk.say("column.client"), no_wrap=True)
    table.add_column(desk.say("column.offer"), ratio=3)
    table.add_column(desk.say("column.chance").replace(" ", "\n"), justify="right", no_wrap=True)
    table.add_column(desk.say("column.seat"), justify="right", no_wrap=True)
    table.add_column(desk.say("column.why"), ratio=2)
    for line in lines:
        placed = line["opportunity_id"] is not None
        table.add_row(
            line["client_id"],
            _offer(desk, line) if placed else "–",
            percent(line["value"]) if placed else "–",
            price(line["seat_price"]) if placed and priced else "",
            line["reason"],
            style="" if placed else "yellow",
        )
    return table


def _offer(desk: Desk, line: Body) -> str:
    """The offer in words: what, who, where."""
    steps = " → ".join(filter(None, (line["opportunity_id"], line["then_id"])))
    title = f"{line['title']} ({steps}, {word('kind', line['kind'], desk.language)})"
    about = " · ".join(filter(None, (line["employer"], line["place"])))
    return "\n".join(filter(None, (title, about)))


def price(people: float) -> str:
    """Write what a seat is worth to the plan, in people; nothing where it is not scarce.

    Examples
    --------
    >>> price(0.0312), price(0.001), price(0.0)
    ('0.03', '<0.01', '')
    """
    if people < PRICED:
        return ""
    return f"{people:.2f}" if people >= SHOWN else "<0.01"


def print_summary(desk: Desk, plan: Body) -> None:
    """Print what a manager reads."""
    for key, values in _sentences(desk, plan):
        desk.out.print(desk.say(key, **values))
    desk.out.print(_groups(desk, plan["figures"]["groups"], plan["asked"]["group"]))
    if plan["figures"]["officers"]:
        desk.out.print(_officers(desk, plan["figures"]["officers"]))
    _print_scarce(desk, plan["figures"])


def _sentences(desk: Desk, plan: Body) -> list[tuple[str, dict[str, object]]]:
    """Keys of the sentences that hold for a plan, with their values."""
    figures, asked = plan["figures"], plan["asked"]
    people, mean = f"{figures['objective']:.1f}", percent(figures["mean_value"])
    told: list[tuple[str, dict[str, object]]] = [
        (
            "plan.counts",
            {
                "placed": figures["placed"],
                "clients": figures["clients"],
                "people": people,
                "mean": mean,
            },
        )
    ]
    told += [
        (f"plan.{name}", {"count": figures[name]})
        for name in ("no_offer", "already_placed")
        if figures[name]
    ]
    told += [_proof(plan), *_money(figures)]
    told += _time(figures) + _parted(figures)
    return told + _fairness(desk, figures, asked)


def _fairness(desk: Desk, figures: Body, asked: Body) -> list[tuple[str, dict[str, object]]]:
    """What the floors cost, and which are missed."""
    told: list[tuple[str, dict[str, object]]] = []
    if figures["price_of_fairness"] is not None:
        share = f"{figures['price_of_fairness'] * 100:.2f} %"
        floor = asked["floor"] or ", ".join(
            f"{_named(desk, asked['group'], label)} {percent(mean)}"
            for label, mean in asked["floors"].items()
        )
        told.append(("plan.fairness", {"floor": floor, "price": share}))
    return told + [
        (
            "plan.floor_missed",
            {
                "label": _named(desk, asked["group"], group["label"]),
                "mean": percent(group["mean_value"]),
                "floor": percent(group["floor"]),
            },
        )
        for group in figures["groups"]
        if not group["reached"]
    ]


def _named(desk: Desk, attribute: str, label: str) -> str:
    return group_name(desk.services, attribute, label, desk.language)


def _proof(plan: Body) -> tuple[str, dict[str, object]]:
    """How far the plan is proven, with a gap that is never rounded down."""
    gap, asked = plan["figures"]["gap"], plan["asked"]
    shown = "0 %" if gap < NO_GAP else f"{gap * 100 + 5e-4:.3f} %"
    if asked["to_come"] is not None:
        key = "plan.leaves" if gap >= NO_GAP else "plan.leaves_enough"
        return key, {"gap": shown, "count": asked["to_come"]}
    if asked["aim"] != TOTAL:
        return f"plan.aim.{asked['aim']}", {"gap": shown}
    if gap < NO_GAP:
        return "plan.proven", {}
    return ("plan.within" if plan["proof"] == "optimal" else "plan.unproven"), {"gap": shown}


def _money(figures: Body) -> list[tuple[str, dict[str, object]]]:
    """What is paid: in all, and by each provider's fund."""
    spent = amount(figures["spent_usd"])
    named = [fund for fund in figures["funds"] if fund["name"]]
    told: list[tuple[str, dict[str, object]]] = []
    words: dict[str, object]
    if figures["fund_usd"] is None:
        told.append(("plan.grants_in_all" if named else "plan.grants", {"spent": spent}))
    elif not _floors_reached(figures):
        words = {"spent": spent, "fund": amount(figures["fund_usd"])}
        return [("plan.fund_alone", words)]
    else:
        rest = figures["spent_usd"] - sum(fund["spent_usd"] for fund in named)
        words = {"spent": amount(rest), "fund": amount(figures["fund_usd"])}
        told.append(("plan.fund", words | {"price": f"{figures['fund_price']:.2f}"}))
    return told + [
        (
            "plan.fund_of",
            {
                "name": fund["name"],
                "spent": amount(fund["spent_usd"]),
                "fund": amount(fund["usd"]),
                "price": f"{fund['price']:.2f}",
            },
        )
        for fund in named
    ]


def _time(figures: Body) -> list[tuple[str, dict[str, object]]]:
    """Who has not an officer, where officers' time counts."""
    count = figures["unaccompanied"]
    return [("plan.unaccompanied", {"count": count})] if count else []


def _parted(figures: Body) -> list[tuple[str, dict[str, object]]]:
    """Which households would be in different provinces."""
    parted = figures["households_parted"]
    if not parted:
        return []
    shown = "; ".join(", ".join(ids) for ids in parted[:PARTED_SHOWN])
    return [("plan.parted", {"count": len(parted), "clients": shown})]


def _groups(desk: Desk, groups: list[Body], attribute: str) -> Table:
    floored = any(group["floor"] is not None for group in groups)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(desk.say("column.group"))
    for key in ("placed", "mean", *(("floor",) if floored else ())):
        table.add_column(desk.say(f"column.{key}"), justify="right")
    for group in groups:
        name = _named(desk, attribute, group["label"])
        row = [name, f"{group['placed']}/{group['size']}", percent(group["mean_value"])]
        if floored:
            row.append("" if group["floor"] is None else percent(group["floor"]))
        table.add_row(*row)
    return table


def _officers(desk: Desk, weeks: list[Body]) -> Table:
    """New cases of each officer, week by week."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(desk.say("column.officer"))
    table.add_column(desk.say("column.week"))
    for key in ("cases", "price"):
        table.add_column(desk.say(f"column.{key}"), justify="right")
    for week in weeks:
        cases = f"{week['cases']}/{week['room']}"
        table.add_row(week["officer"], week["monday"], cases, price(week["price"]))
    return table


def _floors_reached(figures: Body) -> bool:
    """Whether prices are people: they weigh a floor that is missed above everything."""
    return all(group["reached"] for group in figures["groups"])


def _print_scarce(desk: Desk, figures: Body) -> None:
    if not _floors_reached(figures):
        desk.out.print(desk.say("plan.no_prices"))
        return
    if not figures["scarce"]:
        desk.out.print(desk.say("plan.no_scarce"))
        return
    desk.out.print(Text(desk.say("plan.scarce"), style="bold"))
    for seat in figures["scarce"][:SCARCE_SHOWN]:
        words = {
            "price": signed(seat["price"]) if seat["price"] >= SHOWN else "<0.01",
            "offer": seat["opportunity_id"],
            "title": seat["title"] or "",
            "seats": seat["seats"],
        }
        desk.out.print(f"   {desk.say('plan.scarce_line', **words)}")
    if (more := figures["scarce_offers"] - SCARCE_SHOWN) > 0:
        desk.out.print(f"   {desk.say('plan.scarce_more', count=more)}")


def print_why(desk: Desk, told: Body) -> None:
    """Print why one client stands where she or he does, and what else could be chosen."""
    line = told["line"]
    placed = line["opportunity_id"] is not None
    offer = f"{line['title']} ({line['opportunity_id']})" if placed else ""
    words = {"client": line["client_id"], "offer": offer, "reason": line["reason"]}
    key = "plan.why.placed" if placed else "plan.why.unplaced"
    desk.out.print(Text(desk.say(key, **words), style="bold"))
    if placed:
        value, cost = percent(line["value"]), price(line["seat_price"])
        key = "plan.why.value" if cost else "plan.why.free"
        desk.out.print(desk.say(key, value=value, price=cost))
    if told["choices"]:
        desk.out.print(desk.say("plan.why.choices"))
        desk.out.print(_choices(desk, told["choices"]))
        if any(choice["others"] is None for choice in told["choices"]):
            desk.out.print(desk.say("plan.why.impossible"))


def _choices(desk: Desk, choices: list[Body]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=desk.out.width)
    table.add_column(desk.say("column.offer"), ratio=1)
    for key in ("chance", "own", "others"):
        heading = desk.say(f"column.{key}").replace(" ", "\n")
        table.add_column(heading, justify="right", no_wrap=True)
    for choice in choices:
        table.add_row(
            f"{choice['title']} ({choice['opportunity_id']})",
            percent(choice["value"]),
            signed(choice["own"]),
            signed(choice["others"]) if choice["others"] is not None else "?",
        )
    return table
