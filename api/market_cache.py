"""The market in memory: rebuilt when the store's revision, or the day, has moved."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import select, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import Session, col

from api.market_beside import MarketBeside
from matcher import Engine, Market, Screen
from matcher.columns import Coded, Numbering
from models import revision
from models.employer import Employer
from models.opportunity import Clearance, Opportunity

Columns = Mapping[str, Sequence[Any]]

_UNMATCHED = {"version", "created_at", "updated_at"}
OFFER_FIELDS = tuple(n for n in Opportunity.model_fields if n not in _UNMATCHED)
ROWS_AT_ONCE = 1_000
"""Rows read together: few enough that their values are still in the processor's cache."""

EMPLOYER_FIELDS = ("employer_name", "employer_vetted", "vetted_until", "harm_report_open")


@dataclass(frozen=True)
class MarketView:
    """One revision of the market on one day.

    Parameters
    ----------
    revision
        The market's version number in the store.
    day
        The day offers are judged on.
    market
        The columns the engine reads.
    screen
        The safety verdict on every offer.
    """

    revision: int
    day: dt.date
    market: Market
    screen: Screen


class MarketCache:
    """Holds the newest view; safe to ask from several threads.

    Parameters
    ----------
    engine
        Screens the offers.
    beside
        Reads the first market, where another process does so.
    """

    def __init__(self, engine: Engine, beside: MarketBeside | None = None) -> None:
        self._engine = engine
        self._beside = beside
        self._lock = Lock()
        self._view: MarketView | None = None

    def current(self, session: Session, day: dt.date) -> MarketView:
        """Return the market as the session's transaction sees it, judged on `day`.

        What a transaction has written itself is not kept: it may yet be undone.
        """
        number = revision.current(session)
        if revision.moved(session):
            return self.view(market_columns(session), number, day)
        with self._lock:
            view = self._view
            if view is None or (view.revision, view.day) != (number, day):
                read = self._beside.columns(number) if self._beside else None
                view = self._view = self.view(read or market_columns(session), number, day)
            return view

    def view(self, columns: Columns, number: int, day: dt.date) -> MarketView:
        """Screen offers: the market, or a part of it, since verdicts do not depend on others."""
        market = Market.from_columns(columns, as_of=day)
        return MarketView(number, day, market, self._engine.screen(market))


def market_columns(session: Session, *ids: str) -> Columns:
    """Return offers as the engine reads them, in order of id: all, or those of `ids`."""
    read = [getattr(Opportunity, name) for name in OFFER_FIELDS]
    read += [getattr(Employer, name) for name in EMPLOYER_FIELDS]
    query = (
        select(*[type_coerce(column, NullType()) for column in read])
        .select_from(Opportunity)
        .join(Employer, isouter=True)
        .order_by(col(Opportunity.opportunity_id))
    )
    if ids:
        query = query.where(col(Opportunity.opportunity_id).in_(ids))
    connection = session.connection()
    result, numberings = connection.execute(query), [Numbering() for _ in read]
    parts: list[list[Any]] = [[] for _ in read]
    for rows in result.partitions(ROWS_AT_ONCE):
        for part, numbering, values in zip(parts, numberings, zip(*rows, strict=True), strict=True):
            part.append(numbering.add(values))
    columns: dict[str, Sequence[Any]] = {
        column.key: _coded(numbering, part, column.type, connection.dialect)
        for column, numbering, part in zip(read, numberings, parts, strict=True)
    }
    cleared = cleared_flags(session, *ids)
    flags = [tuple(cleared.get(one, ())) for one in columns["opportunity_id"]]
    columns["cleared_flags"] = Coded.of(flags)
    return columns


def _coded(numbering: Numbering, parts: list[Any], stored_as: Any, dialect: Any) -> Coded:
    """Return a column as Python values; each distinct one is decoded once."""
    decode = stored_as.dialect_impl(dialect).result_processor(dialect, None)
    distinct = numbering.values()
    position = np.concatenate([np.empty(0, dtype=np.intp), *parts])
    return Coded([*map(decode, distinct)] if decode else distinct, position)


def as_records(columns: Columns) -> list[dict[str, Any]]:
    """Return offers given by column as records."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def cleared_flags(session: Session, *ids: str) -> dict[str, list[str]]:
    """Return the flags a person has cleared, by offer."""
    query = select(col(Clearance.opportunity_id), col(Clearance.flag)).order_by(col(Clearance.flag))
    if ids:
        query = query.where(col(Clearance.opportunity_id).in_(ids))
    flags: dict[str, list[str]] = {}
    for opportunity_id, flag in session.connection().execute(query):
        flags.setdefault(opportunity_id, []).append(flag)
    return flags
