"""What a column mapping says, once read: which column fills which field, and how."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from data.exchange.fields import CLIENT_FIELDS, OPPORTUNITY_FIELDS, Field

__all__ = ["PAIRS", "READERS", "SEVERAL_COLUMNS", "ColumnMap", "TableMap"]

READERS = (
    "age",
    "birth_date",
    "consent",
    "date",
    "gender",
    "home_place",
    "integer",
    "isco",
    "livelihood",
    "money",
    "money_range",
    "number",
    "places",
    "skills",
    "text",
    "texts",
    "word",
    "words",
    "yes_no",
)

SEVERAL_COLUMNS = frozenset({"consent", "home_place", "places", "skills", "texts", "words"})
"""Readers that take more than one column."""

PAIRS = {
    "age": ("min_age", "max_age"),
    "money_range": ("monthly_wage_usd", "monthly_wage_max_usd"),
}
"""Readers that fill a pair of fields; the first stands for the pair in a mapping."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How one or several columns fill a field.

    Parameters
    ----------
    names
        Names of the columns.
    field
        Field of the record.
    reads
        Name of the reader.
    required
        Whether every row must have a value.
    blank
        Texts that mean nothing was told, besides an empty cell.
    formats
        Date formats such as `%d/%m/%Y`, tried first.
    serial
        Whether a bare number such as 44792 is a spreadsheet date.
    currency
        Currency of a bare amount, USD or KHR.
    separator
        Sign between the items of a list.
    table
        What each text of the table means, by its text in lower case.
    unlisted_is_unknown
        Whether a text that `table` lacks is counted as not told; otherwise it is a problem.
    vague, abroad
        Place texts that name no place, and that name a foreign one.
    """

    names: tuple[str, ...]
    field: str
    reads: str
    required: bool = False
    blank: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ()
    serial: bool = False
    currency: str = "USD"
    separator: str = ";"
    table: Mapping[str, str] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    unlisted_is_unknown: bool = False
    vague: frozenset[str] = frozenset()
    abroad: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Name of the first column."""
        return self.names[0]


@dataclass(frozen=True)
class TableMap:
    """A mapping file.

    Parameters
    ----------
    name
        Name of the mapping.
    source
        Prefix of ids that are made here.
    record
        `opportunity` or `client`.
    columns
        Mapped columns.
    ignore
        Columns that are known and not used.
    sheet
        Worksheet of an XLSX file; the first where None.
    unknown_columns
        `refuse` a file with a column that is neither mapped nor ignored, or `ignore` the column.
    constants
        Fields with one value in every row.
    """

    name: str
    source: str
    record: str
    columns: tuple[ColumnMap, ...]
    ignore: tuple[str, ...] = ()
    sheet: str | None = None
    unknown_columns: str = "refuse"
    constants: Mapping[str, str | float | bool] = dataclasses.field(
        default_factory=lambda: MappingProxyType({})
    )

    @property
    def fields(self) -> Mapping[str, Field]:
        """Fields that a record of this kind may have."""
        return OPPORTUNITY_FIELDS if self.record == "opportunity" else CLIENT_FIELDS

    def column_names(self) -> dict[str, str]:
        """Return the name of the column that fills each field."""
        return {
            field: column.name
            for column in self.columns
            for field in PAIRS.get(column.reads, (column.field,))
        }
