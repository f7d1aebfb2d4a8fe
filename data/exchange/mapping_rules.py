"""The rules of a mapping file; every mistake is collected, typing errors with a suggestion."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from data.exchange.dates import BadFormat, format_pattern
from data.exchange.fields import CLIENT_FIELDS, OPPORTUNITY_FIELDS, Field
from data.exchange.problem import Problem, shorten
from data.exchange.spreadsheet import heading
from data.exchange.table_map import PAIRS, READERS, SEVERAL_COLUMNS, ColumnMap, TableMap

__all__ = ["MappingRules", "did_you_mean"]

_TABLE_KEYS = {
    "name": str,
    "source": str,
    "record": str,
    "sheet": str,
    "unknown_columns": str,
    "ignore": list,
    "note": str,
    "constants": dict,
    "column": list,
}
_COLUMN_KEYS = {
    "name": str,
    "names": list,
    "field": str,
    "reads": str,
    "required": bool,
    "blank": list,
    "formats": list,
    "serial": bool,
    "currency": str,
    "separator": str,
    "table": dict,
    "unlisted": str,
    "vague": list,
    "abroad": list,
    "note": str,
}


class MappingRules:
    """Reads a parsed TOML tree, collecting every mistake."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, where: str, value: object, rule: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(None, where, shorten(value), rule))

    def table_map(self, tree: dict[str, Any], name: str) -> TableMap:
        """Return the mapping of a TOML tree; it is only good where no mistake was noted."""
        tree = self._checked(tree, _TABLE_KEYS, "mapping")
        record = self._one_of(
            tree.get("record", "opportunity"), ("opportunity", "client"), "record"
        )
        fields = OPPORTUNITY_FIELDS if record == "opportunity" else CLIENT_FIELDS
        columns = tuple(self._column(item, fields) for item in tree.get("column", []))
        if not columns:
            self.wrong("column", "", "at least one [[column]]")
        ignore = self._strings(tree.get("ignore", []), "ignore")
        self._named_once(columns, ignore)
        return TableMap(
            name=tree.get("name", name),
            source=tree.get("source", name),
            record=record,
            columns=columns,
            ignore=ignore,
            sheet=tree.get("sheet"),
            unknown_columns=self._one_of(
                tree.get("unknown_columns", "refuse"), ("refuse", "ignore"), "unknown_columns"
            ),
            constants=MappingProxyType(self._constants(tree.get("constants", {}), fields)),
        )

    def _checked(self, tree: Any, known: Mapping[str, type], where: str) -> dict[str, Any]:
        if not isinstance(tree, dict):
            self.wrong(where, tree, "a table of keys and values")
            return {}
        good = {}
        for key, value in tree.items():
            if key not in known:
                self.wrong(where, key, f"no such key{did_you_mean(key, known)}")
            elif type(value) is not known[key]:
                self.wrong(f"{where}.{key}", value, f"a {known[key].__name__}")
            else:
                good[key] = value
        return good

    def _one_of(self, value: str, allowed: Iterable[str], where: str) -> str:
        if value not in allowed:
            expected = ", ".join(allowed)
            self.wrong(where, value, f"one of {expected}{did_you_mean(value, allowed)}")
        return value

    def _strings(self, values: list[Any], where: str) -> tuple[str, ...]:
        for value in values:
            if not isinstance(value, str):
                self.wrong(where, value, "a list of texts")
        return tuple(value for value in values if isinstance(value, str))

    def _constants(self, tree: dict[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
        for key, value in tree.items():
            if key not in fields:
                self.wrong("constants", key, f"no such field{did_you_mean(key, fields)}")
            elif not isinstance(value, str | bool | int | float):
                self.wrong(f"constants.{key}", value, "a text, a number or true/false")
            elif fields[key].words and value not in fields[key].words:
                self.wrong(f"constants.{key}", value, f"one of {', '.join(fields[key].words)}")
        return tree

    def _column(self, item: Any, fields: Mapping[str, Field]) -> ColumnMap:
        tree = self._checked(item, _COLUMN_KEYS, "column")
        names = self._strings(tree.get("names", []), "column.names") or (tree.get("name", ""),)
        where = f"column {names[0]!r}"
        if not names[0] or ("name" in tree and "names" in tree):
            self.wrong("column", tree.get("field", ""), "either name or names")
        reads = tree.get("reads", "")
        target = tree.get("field", PAIRS[reads][0] if reads in PAIRS else "")
        if target not in fields:
            self.wrong(where, target, f"no such field{did_you_mean(target, fields)}")
        elif not reads:
            reads = fields[target].reads
        self._one_of(reads or "text", READERS, f"{where}.reads")
        if len(names) > 1 and reads not in SEVERAL_COLUMNS:
            self.wrong(where, reads, "this reader takes one column")
        formats = self._formats(tree.get("formats", []), where)
        self._one_of(tree.get("currency", "USD"), ("USD", "KHR"), f"{where}.currency")
        self._one_of(tree.get("unlisted", "refuse"), ("refuse", "unknown"), f"{where}.unlisted")
        return ColumnMap(
            names=names,
            field=target,
            reads=reads,
            required=tree.get("required", False),
            blank=self._folded(tree, "blank", where),
            formats=formats,
            serial=tree.get("serial", False),
            currency=tree.get("currency", "USD"),
            separator=tree.get("separator", ";") or ";",
            table=self._words(tree.get("table", {}), fields.get(target), where),
            unlisted_is_unknown=tree.get("unlisted") == "unknown",
            vague=self._folded(tree, "vague", where),
            abroad=self._folded(tree, "abroad", where),
        )

    def _folded(self, tree: dict[str, Any], key: str, where: str) -> frozenset[str]:
        values = self._strings(tree.get(key, []), f"{where}.{key}")
        return frozenset(value.strip().casefold() for value in values)

    def _formats(self, values: list[Any], where: str) -> tuple[str, ...]:
        formats = self._strings(values, f"{where}.formats")
        for text in formats:
            try:
                format_pattern(text)
            except BadFormat as error:
                self.wrong(f"{where}.formats", text, str(error))
        return formats

    def _words(self, tree: dict[str, Any], field: Field | None, where: str) -> Mapping[str, str]:
        for key, value in tree.items():
            if not isinstance(value, str):
                self.wrong(f"{where}.table", key, "each text means one text")
            elif field is not None and field.words and value and value not in field.words:
                self.wrong(f"{where}.table", value, f"one of {', '.join(field.words)}")
        return MappingProxyType({key.strip().casefold(): str(tree[key]) for key in tree})

    def _named_once(self, columns: tuple[ColumnMap, ...], ignore: tuple[str, ...]) -> None:
        seen: set[str] = set()
        for name in (*(name for column in columns for name in column.names), *ignore):
            if heading(name) in seen:
                self.wrong("column", name, "each column is named once")
            seen.add(heading(name))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a suggestion in brackets for a misspelt word, or an empty text."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""
