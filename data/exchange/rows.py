"""Turns the rows of a sheet into records by a mapping, collecting every problem."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from data.exchange.cells import CELL_READERS, BadValue, clean_text
from data.exchange.context import Context, RowNotes
from data.exchange.place_columns import COLUMNS_READERS
from data.exchange.problem import ImportRefused, Problem, shorten
from data.exchange.result import Record
from data.exchange.spreadsheet import Sheet, heading
from data.exchange.table import Row
from data.exchange.table_map import ColumnMap, TableMap

__all__ = ["Reading", "RowReader", "read_rows"]

FORMULA_RULE = (
    "a value, not a formula (a formula's stored result may be out of date): copy the column and "
    "paste it as values"
)
LIST_READERS = frozenset({"skills", "texts", "words"})


@dataclass
class Reading:
    """Records and problems of a sheet as they are collected.

    Parameters
    ----------
    rows
        Row number of each record.
    records
        Records of the rows without a problem.
    notes
        What each of these rows leaves untold.
    problems
        Problems of the other rows.
    """

    rows: list[int] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    notes: list[RowNotes] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def drop(self, problems: Sequence[Problem]) -> None:
        """Take the records of these rows out and keep the problems."""
        bad = {problem.row for problem in problems}
        kept = [index for index, row in enumerate(self.rows) if row not in bad]
        self.records = [self.records[index] for index in kept]
        self.notes = [self.notes[index] for index in kept]
        self.rows = [self.rows[index] for index in kept]
        self.problems = sorted([*self.problems, *problems], key=lambda problem: problem.row or 0)

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """Return the counts and the places not told, over all records."""
        counts: Counter[str] = Counter()
        places: Counter[str] = Counter()
        for note in self.notes:
            counts.update(note.counts)
            places.update(note.places)
        return counts, places


def read_rows(sheet: Sheet, mapping: TableMap, context: Context, name: str) -> Reading:
    """Read every row of a sheet.

    Parameters
    ----------
    sheet
        Header and rows.
    mapping
        What the columns mean.
    context
        Look-ups.
    name
        File name for messages.

    Raises
    ------
    ImportRefused
        The header lacks a required column or has one that the mapping does not know.
    """
    _check_header(sheet, mapping, name)
    reader = RowReader(sheet, mapping, context)
    reading = Reading()
    for row in sheet.rows:
        record, notes, problems = reader.read(row)
        if problems:
            reading.problems += problems
        else:
            reading.rows.append(row.number)
            reading.records.append(record)
            reading.notes.append(notes)
    return reading


def _check_header(sheet: Sheet, mapping: TableMap, name: str) -> None:
    problems = [*_missing(sheet, mapping)]
    if mapping.unknown_columns == "refuse":
        problems += _unknown(sheet, mapping)
    if not any(sheet.position(n) is not None for column in mapping.columns for n in column.names):
        problems.append(Problem(1, "", "", "none of the columns that the mapping names is there"))
    if problems:
        raise ImportRefused(
            f"{name}: the header does not fit the mapping {mapping.name!r}: {problems[0]}", problems
        )


def _missing(sheet: Sheet, mapping: TableMap) -> Iterator[Problem]:
    for column in mapping.columns:
        if column.required and sheet.position(column.name) is None:
            yield Problem(1, column.name, "", "this column must be there")


def _unknown(sheet: Sheet, mapping: TableMap) -> Iterator[Problem]:
    mapped = [name for column in mapping.columns for name in column.names]
    known = {heading(name): name for name in (*mapped, *mapping.ignore)}
    for column in sheet.columns:
        if heading(column) not in known:
            near = difflib.get_close_matches(heading(column), list(known), n=1)
            hint = f"; did you mean {known[near[0]]!r}?" if near else ""
            yield Problem(1, shorten(column), "", f"the mapping knows no such column{hint}")


@dataclass
class _Cell:
    """The cell being read, for the message where it is bad."""

    column: str
    text: str = ""


class RowReader:
    """Reads one row at a time.

    Parameters
    ----------
    sheet
        The sheet, for the places of its columns.
    mapping
        What the columns mean.
    context
        Look-ups.
    """

    def __init__(self, sheet: Sheet, mapping: TableMap, context: Context) -> None:
        self.context = context
        self.constants = dict(mapping.constants)
        self.fields = mapping.fields
        self.columns = [
            (column, tuple(sheet.position(name) for name in column.names))
            for column in mapping.columns
        ]

    def read(self, row: Row) -> tuple[Record, RowNotes, list[Problem]]:
        """Return the record, what it leaves untold, and the problems of a row."""
        record: Record = dict(self.constants)
        notes = RowNotes()
        problems: list[Problem] = []
        if row.ragged:
            return record, notes, [Problem(row.number, "", "", row.ragged)]
        for column, positions in self.columns:
            problem = self._fill(record, notes, row, column, positions)
            if problem is not None:
                problems.append(problem)
        return record, notes, problems

    def _fill(
        self,
        record: Record,
        notes: RowNotes,
        row: Row,
        column: ColumnMap,
        positions: tuple[int | None, ...],
    ) -> Problem | None:
        """Put the values of a column, or of columns read together, into the record."""
        texts: list[str] = []
        cell = _Cell(column.name)
        try:
            for cell.column, position in zip(column.names, positions, strict=True):
                cell.text = "" if position is None else row.cells[position]
                if position in row.formulas:
                    raise BadValue(FORMULA_RULE)
                texts.append(self._told(cell.text, column))
            cell.column, cell.text = column.name, "; ".join(filter(None, texts))
            if column.required and not cell.text:
                raise BadValue("a value; this column must not be empty")
            record.update(self._values(texts, record, column, notes))
        except BadValue as error:
            return Problem(row.number, cell.column, shorten(cell.text), str(error))
        return None

    def _told(self, text: str, column: ColumnMap) -> str:
        plain = clean_text(text) if text else ""
        return "" if plain.casefold() in column.blank else plain

    def _values(
        self, texts: list[str], record: Record, column: ColumnMap, notes: RowNotes
    ) -> Record:
        together = COLUMNS_READERS.get(column.reads)
        if together is not None:
            found = together(texts, column, self.context, notes)
            return {key: value for key, value in found.items() if record.get(key) is None}
        if not any(texts):
            return {}
        reader, field = CELL_READERS[column.reads], self.fields[column.field]
        told = [text for text in texts if text]
        values = [reader(text, column, field, self.context, notes) for text in told]
        if column.reads in LIST_READERS:
            before = record.get(column.field) or []
            items = [*before, *(item for value in values for item in value)]
            return {column.field: list(dict.fromkeys(items))}
        value = values[0] if isinstance(values[0], dict) else {column.field: values[0]}
        return {key: one for key, one in value.items() if one is not None}
