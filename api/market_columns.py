"""Offers with their employers as the engine reads them, by column."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import select, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import Session, col

from matcher.columns import Coded, Numbering
from models.employer import Employer
from models.opportunity import Clearance, Opportunity

Columns = Mapping[str, Sequence[Any]]

_UNMATCHED = {"version", "created_at", "updated_at"}
OFFER_FIELDS = tuple(n for n in Opportunity.model_fields if n not in _UNMATCHED)
ROWS_AT_ONCE = 1_000
"""Rows read together: few enough that their values are still in the processor's cache."""

EMPLOYER_FIELDS = ("employer_name", "employer_vetted", "vetted_until", "harm_report_open")


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
