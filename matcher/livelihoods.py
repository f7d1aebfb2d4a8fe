"""Livelihoods by index, and which of them a word means.

A client says what work she does not want in her own words; a posting says what it offers in its
own. Both are read here, so that an excluded livelihood is recognised under any of its names, under
the name or the code of a group it belongs to, and in the title of a posting that carries no code.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.columns import Floats, numbered
from matcher.occupations import folded
from matcher.vocabulary import HAZARDS

Bools = NDArray[np.bool_]

KHMER_WORD, LATIN_WORD = 6, 3
"""Letters from which a word is looked for within other words; shorter ones must stand alone."""

TOGETHER = re.compile(r"[,;/]|\s(?:and|or|និង|ឬ)\s", re.IGNORECASE)
"""What stands between several things named together."""

WORD = re.compile(r"\w+")
"""A word where words are told apart by spaces and signs."""

MISSPELT = 0.84
"""Similarity from which two spellings may be the same word (difflib ratio)."""


@dataclass(frozen=True)
class Meaning:
    """What a word stands for.

    Parameters
    ----------
    livelihoods
        Indices of livelihoods it names.
    isco
        ISCO-08 codes it names, of any level.
    """

    livelihoods: frozenset[int]
    isco: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.livelihoods or self.isco)

    def __or__(self, other: "Meaning") -> "Meaning":
        return Meaning(self.livelihoods | other.livelihoods, self.isco | other.isco)


NOTHING = Meaning(frozenset(), frozenset())


def same_branch(code: str, other: str) -> bool:
    """Tell whether one ISCO-08 code is the other or lies above or below it.

    Examples
    --------
    >>> same_branch("6121", "61"), same_branch("612", "6121"), same_branch("6121", "6122")
    (True, True, False)
    """
    return code.startswith(other) or other.startswith(code)


def below(codes: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells whether an ISCO-08 code is one of these or lies below one.

    Examples
    --------
    >>> [below(["61", "7531"])(code) for code in ("61", "6121", "7531", "753")]
    [True, True, True, False]
    """
    tops = tuple(codes)
    return lambda code: code.startswith(tops)


def in_branch(codes: Collection[str]) -> Callable[[str], bool]:
    """Return what tells whether an ISCO-08 code is one of these or lies above or below one.

    Examples
    --------
    >>> [in_branch(["61", "7531"])(code) for code in ("6", "6121", "753", "7532")]
    [True, True, True, False]
    """
    above = {code[:digits] for code in codes for digits in range(len(code))}
    inside = below(codes)
    return lambda code: code in above or inside(code)


class Livelihoods:
    """The reference's livelihoods as columns, and the words that mean them.

    Parameters
    ----------
    table, families, isco
        The reference tables ``livelihoods``, ``livelihood_families`` and ``isco``.
    """

    def __init__(self, table: pd.DataFrame, families: pd.DataFrame, isco: pd.DataFrame) -> None:
        self.codes = table["livelihood"].to_numpy(dtype=object)
        self.isco = table["isco_code"].to_numpy(dtype=object)
        self.also_isco = [frozenset(_cells(cell)) for cell in table["also_isco"]]
        self.family = table["family"].to_numpy(dtype=object)
        self.names = {
            language: table[f"name_{language}"].to_numpy(dtype=object) for language in ("en", "km")
        }
        self.sensitivity = table[list(HAZARDS)].to_numpy(dtype=np.float64) / 4.0
        self.startup_usd = table["startup_low_usd"].to_numpy(dtype=np.float64)
        self.income_low = table["income_low_usd"].to_numpy(dtype=np.float64)
        self.income_high = table["income_high_usd"].to_numpy(dtype=np.float64)
        self.months_to_income = table["months_to_first_income"].to_numpy(dtype=np.float64)
        self.land_m2 = table["land_m2"].fillna(0).to_numpy(dtype=np.float64)
        self.needs_water = table["needs_water"].astype(int).to_numpy() == 1
        self._row = {code: row for row, code in enumerate(self.codes)}
        self._meanings = self._dictionary(table, families, isco)
        self._spelt = [word for word in self._meanings if not word.isdigit()]
        self._understood: dict[str, Meaning] = {}
        self._named: dict[str, Bools] = {}
        told = zip(table["keywords"], table["name_en"], table["name_km"], strict=True)
        self._said = [
            frozenset(folded(word) for word in (*_cells(more), en, km) if word)
            for more, en, km in told
        ]
        self._first_words, self._others = _by_first_word(self._said)

    def __len__(self) -> int:
        return len(self.codes)

    def index(self, code: str | None) -> int:
        """Return the index of a livelihood code; -1 where it is unknown."""
        return -1 if code is None else self._row.get(code, -1)

    def _dictionary(
        self, table: pd.DataFrame, families: pd.DataFrame, isco: pd.DataFrame
    ) -> dict[str, Meaning]:
        known: dict[str, Meaning] = {}

        def learn(words: Iterable[str], meaning: Meaning) -> None:
            for word in filter(None, map(folded, words)):
                known[word] = known.get(word, NOTHING) | meaning

        for row, cell in enumerate(table.itertuples()):
            names = [str(cell.livelihood), str(cell.name_en), str(cell.name_km)]
            meaning = Meaning(frozenset([row]), frozenset())
            learn([*names, *_cells(cell.keywords)], meaning)
        for cell in families.itertuples():
            members = frozenset(np.flatnonzero(self.family == cell.family).tolist())
            prefixes = frozenset(_cells(cell.isco_prefixes))
            names = [str(cell.family), str(cell.name_en), str(cell.name_km)]
            learn([*names, *_cells(cell.keywords)], Meaning(members, prefixes))
        under = self._by_group()
        for code, *titles in isco[["code", "title_en", "title_km"]].to_numpy(dtype=object):
            members = frozenset(under.get(str(code), ()))
            learn([str(code), *map(str, titles)], Meaning(members, frozenset([str(code)])))
        return known

    def _by_group(self) -> dict[str, list[int]]:
        """Livelihoods by the ISCO-08 groups they are of, at every level."""
        under: dict[str, list[int]] = {}
        for row, own in enumerate(self.isco):
            for digits in range(1, len(own) + 1):
                under.setdefault(own[:digits], []).append(row)
        return under

    def meaning(self, words: str) -> Meaning:
        """Return what the words stand for: exactly, else within them, else by spelling.

        Where several livelihoods fit, all are meant: an exclusion errs on the side of excluding. Of
        several things named together ("karaoke and pigs") each must be understood, or none is.
        """
        if words not in self._understood:
            self._understood[words] = self._find_meaning(words)
        return self._understood[words]

    def meaning_of(self, wishes: Iterable[str]) -> Meaning:
        """Return what wishes stand for together; a livelihood's code is that one alone."""
        total = NOTHING
        for words in wishes:
            row = self.index(words)
            alone = Meaning(frozenset([row]), frozenset())
            total = total | (alone if row >= 0 else self.meaning(words))
        return total

    def _find_meaning(self, words: str) -> Meaning:
        said = folded(words)
        same = [said, said.removesuffix("s"), said + "s"]
        if named := self._all_of(word for word in same if word in self._meanings):
            return named
        if len(parts := TOGETHER.split(words)) > 1:
            each = [self.meaning(part) for part in parts if part.strip()]
            return reduce(or_, each, NOTHING) if all(each) else NOTHING
        return self._all_of(word for word in self._meanings if _holds(said, word)) or self._all_of(
            difflib.get_close_matches(said, self._spelt, 5, MISSPELT)
        )

    def _all_of(self, known: Iterable[str]) -> Meaning:
        total = NOTHING
        for word in known:
            total = total | self._meanings[word]
        return total

    def mentions(self, texts: Sequence[str]) -> Bools:
        """Tell which texts name which livelihood by one of its words.

        Returns
        -------
        mentions
            Of shape (len(texts), number of livelihoods).
        """
        distinct, row_of = numbered(texts)
        read, read_of = numbered([*map(folded, distinct)])
        found = np.zeros((len(read), len(self)), dtype=bool)
        for at, words in enumerate(read):
            found[at] = self._mentioned(words)
        return found[read_of[row_of]]

    def _mentioned(self, words: str) -> Bools:
        if words not in self._named:
            named = np.zeros(len(self), dtype=bool)
            for row in self._maybe_named(words):
                named[row] = pattern_of(self._said[row]).search(words) is not None
            self._named[words] = named
        return self._named[words]

    def _maybe_named(self, words: str) -> set[int]:
        """Livelihoods of which a text has the first word of a name, and so perhaps the name."""
        own = self._first_words
        found = {row for word in WORD.findall(words) for row in own.get(word, ())}
        return found.union(row for word, row in self._others if word in words)

    def middle_income(self, rows: NDArray[np.intp]) -> Floats:
        """Return the middle of the income range, USD a month; NaN where it is unknown."""
        middle = (self.income_low + self.income_high) / 2.0
        return np.where(rows >= 0, middle[rows], np.nan)


def _cells(cell: object) -> list[str]:
    return [str(part) for part in cell] if isinstance(cell, tuple | list) else []


def _by_first_word(
    names: Sequence[Iterable[str]],
) -> tuple[dict[str, set[int]], list[tuple[str, int]]]:
    """Return the rows of names by their first words, plural forms too, and names without one.

    Those without are Khmer, which has no spaces, or begin with a sign.
    """
    by_word: dict[str, set[int]] = {}
    others: list[tuple[str, int]] = []
    for row, known in enumerate(names):
        for name in known:
            first = WORD.match(name) if name.isascii() else None
            if first is None:
                others.append((name, row))
                continue
            by_word.setdefault(first[0], set()).add(row)
            if first[0] == name:
                by_word.setdefault(name + "s", set()).add(row)
    return by_word, others


@cache
def pattern_of(words: frozenset[str]) -> re.Pattern[str]:
    """Folded words as one pattern: whole ones in Latin script and, where they are short, in Khmer.

    Khmer has no spaces: a short word is too often a part of another. Compiled where a text may name
    one, which is never in a worker whose market was read elsewhere.
    """
    known = sorted(words, key=len, reverse=True)
    latin = [rf"\b{re.escape(w)}s?\b" for w in known if w.isascii()]
    khmer = [
        re.escape(w) if len(w) >= KHMER_WORD else rf"(?<!\S){re.escape(w)}(?!\S)"
        for w in known
        if not w.isascii()
    ]
    return re.compile("|".join(latin + khmer) or r"(?!)")


def _holds(said: str, word: str) -> bool:
    """Tell whether the words said hold a known word of some length."""
    if not word.isascii():
        return (len(word) >= KHMER_WORD and word in said) or f" {word} " in f" {said} "
    if len(word) < LATIN_WORD or word.isdigit():
        return False
    return f" {word} " in f" {said} " or f" {word}s " in f" {said} "
