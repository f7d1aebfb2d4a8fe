"""Use cases about offers: add, look up, change, clear what the safety screen found."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from api import lexicon
from api.context import Context
from api.employer import queries
from api.employer.schemas import ClearanceNew, OfferChange, OfferNew
from api.etags import require_version
from api.failures import AlreadyThere, Fault, InvalidValues, NotClearable
from api.flag_words import flag_message
from api.market_cache import MarketView
from api.market_columns import as_records, market_columns
from matcher.safety import Action, Flag
from models import revision
from models.base import now
from models.employer import Employer
from models.opportunity import Clearance, Opportunity

PREFIX = {"vacancy": "V", "training": "T", "grant": "G"}
NOT_TERMS = frozenset({"seats", "closes_on", "title_km"})
"""Fields whose change leaves clearances standing: a person cleared the terms, not these."""


@dataclass(frozen=True)
class Screened:
    """An offer as the engine reads it, with the verdict of the safety screen.

    Parameters
    ----------
    record
        The offer's fields, its employer's among them.
    verdict
        clear, review or block.
    flags
        What the screen found, the gravest first.
    version
        Version of the offer.
    """

    record: dict[str, Any]
    verdict: str
    flags: tuple[Flag, ...]
    version: int


def understood(context: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` with places, skills and livelihoods read.

    Raises
    ------
    InvalidValues
        Naming every field that was not understood, with candidates.
    """
    words = context.services.lexicon
    return lexicon.read_words(
        values,
        {
            "livelihood": words.livelihood,
            "isco_code": words.occupation,
            "places": words.place,
            "required_skills": words.skill,
            "useful_skills": words.skill,
            "teaches": words.skill,
            "adaptations": words.adaptation,
        },
    )


def add(context: Context, new: OfferNew) -> Screened:
    """Add an offer.

    Raises
    ------
    InvalidValues
        Where a word means nothing or two fields contradict.
    AlreadyThere
        Where the id is taken.
    """
    values = understood(context, new.model_dump())
    prefix = PREFIX[values["kind"]]
    values["opportunity_id"] = values["opportunity_id"] or f"{prefix}-{uuid4().hex[:12]}"
    if context.session.get(Opportunity, values["opportunity_id"]) is not None:
        raise AlreadyThere("opportunity", values["opportunity_id"])
    require_sense(context, values)
    context.session.add(Opportunity(**values))
    revision.move(context.session)
    context.session.flush()
    return one(context, values["opportunity_id"])


def change(
    context: Context, opportunity_id: str, changes: OfferChange, if_match: str | None
) -> Screened:
    """Change an offer; a change of its terms withdraws what was cleared.

    Raises
    ------
    NotFound
        Where there is none of this id.
    VersionMissing, VersionStale
        Where the change was not made from the newest version.
    InvalidValues
        Where a word means nothing or two fields contradict.
    """
    offer = queries.opportunity(context.session, opportunity_id)
    require_version(if_match, offer.version)
    values = understood(context, changes.model_dump(exclude_unset=True))
    require_sense(context, offer.model_dump() | values)
    if values.keys() - NOT_TERMS:
        queries.withdraw_clearances(context.session, opportunity_id)
    for name, value in values.items():
        setattr(offer, name, value)
    offer.updated_at = now()
    revision.move(context.session)
    context.session.flush()
    return one(context, opportunity_id)


def require_sense(context: Context, values: Mapping[str, Any]) -> None:
    """Raise where fields contradict each other or name an employer that is not there.

    Raises
    ------
    InvalidValues
        Naming every such field.
    """
    faults = list(_contradictions(values))
    employer_id = values.get("employer_id")
    if employer_id is not None and context.session.get(Employer, employer_id) is None:
        faults.append(Fault("employer_id", "rule.employer"))
    if faults:
        raise InvalidValues(faults)


def _contradictions(values: Mapping[str, Any]) -> list[Fault]:
    training = values["kind"] == "training"
    checks = (
        ("monthly_wage_max_usd", "rule.wage_ordered", _ordered(values, "monthly_wage_usd")),
        ("max_age", "rule.age_ordered", _ordered(values, "min_age")),
        ("course_months", "rule.training", training or values.get("course_months") is None),
        ("teaches", "rule.training", training or values.get("teaches") is None),
        (
            "livelihood",
            "rule.grant_livelihood",
            values["kind"] != "grant" or values.get("livelihood") is not None,
        ),
    )
    return [Fault(field, rule) for field, rule, holds in checks if not holds]


_HIGHER = {"monthly_wage_usd": "monthly_wage_max_usd", "min_age": "max_age"}


def _ordered(values: Mapping[str, Any], low: str) -> bool:
    first, last = values.get(low), values.get(_HIGHER[low])
    return first is None or last is None or first <= last


def one(context: Context, opportunity_id: str) -> Screened:
    """Return one offer with its verdict.

    Raises
    ------
    NotFound
        Where there is none of this id.
    """
    queries.opportunity(context.session, opportunity_id)
    return screened(context, [opportunity_id])[0]


def screened(context: Context, ids: Sequence[str]) -> list[Screened]:
    """Return some offers, in order of id, each with its verdict."""
    if not ids:
        return []
    columns = market_columns(context.session, *ids)
    view = context.services.markets.view(columns, revision.current(context.session), context.today)
    versions = queries.versions(context.session, ids)
    return [
        Screened(record, str(verdict), view.screen.flags(key), versions[key])
        for record, verdict in zip(as_records(columns), view.screen.verdict, strict=True)
        for key in [record["opportunity_id"]]
    ]


@dataclass(frozen=True)
class Wanted:
    """Which offers a list is about; None is any.

    Parameters
    ----------
    kind
        vacancy, training or grant.
    employer_id
        Offers of one employer.
    verdict
        clear, review or block, as the safety screen says.
    """

    kind: str | None = None
    employer_id: str | None = None
    verdict: str | None = None


def flag_body(context: Context, flag: Flag) -> dict[str, Any]:
    """Return a flag as it is answered, with its sentence."""
    sentences = context.services.expert.knowledge.phrases
    return flag.as_dict() | {"message": flag_message(flag, sentences, context.language)}


def page(
    context: Context, after: str, limit: int, wanted: Wanted
) -> tuple[list[Screened], str | None]:
    """Return a page of offers, and the id it ends with where more follow."""
    if wanted.verdict is None:
        ids = queries.opportunity_ids(
            context.session, after, limit + 1, wanted.kind, wanted.employer_id
        )
    else:
        ids = _ids_of_verdict(context, wanted)
        start = bisect_right(ids, after)
        ids = ids[start : start + limit + 1]
    return screened(context, ids[:limit]), ids[limit - 1] if len(ids) > limit else None


def _ids_of_verdict(context: Context, wanted: Wanted) -> Sequence[str]:
    view = whole_market(context)
    chosen = view.screen.verdict == wanted.verdict
    for column, value in (
        (view.market.kind, wanted.kind),
        (view.market.employer_id, wanted.employer_id),
    ):
        if value is not None:
            chosen = chosen & (column == value)
    return sorted(view.market.opportunity_id[chosen])


def whole_market(context: Context) -> MarketView:
    """Return the market in memory, as this transaction sees it."""
    return context.services.markets.current(context.session, context.today)


def clear(context: Context, opportunity_id: str, new: ClearanceNew) -> tuple[Clearance, Screened]:
    """Clear one review flag; what blocks an offer cannot be cleared.

    Raises
    ------
    NotFound
        Where there is no such offer.
    NotClearable
        Where the screen did not raise this flag for review.
    """
    found = one(context, opportunity_id)
    clearable = [flag.code for flag in found.flags if flag.action is Action.REVIEW]
    if new.flag not in clearable:
        raise NotClearable(clearable)
    clearance = queries.clearance(context.session, opportunity_id, new.flag)
    if clearance is None:
        clearance = Clearance(opportunity_id=opportunity_id, **new.model_dump())
        context.session.add(clearance)
        revision.move(context.session)
        context.session.flush()
    return clearance, one(context, opportunity_id)
