"""Phrases in a posting that point to a danger: found in titles and descriptions, never counted.

A phrase alone never blocks an offer: it sends the offer to a person, with the place quoted.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from matcher.market import Market
from matcher.safety.facts import Bools
from matcher.safety.negation import ENGLISH, KHMER, is_denied
from matcher.safety.text import Reading, fold, tidy

TEXT_FIELDS: Final = ("title", "title_km", "description")

_STOP: Final = "\x00"
_GAP: Final = re.compile(r"[\s-]+")
_KHMER_SIGNS: Final = "\u17b6-\u17d3\u17dd"
_COENG: Final = "\u17d2"
_LATIN: Final = "0-9a-z\u00e0-\u00ff"
_LETTER: Final = re.compile(f"[{_LATIN}]")


@dataclass(frozen=True)
class Phrase:
    """One row of the table of words.

    Parameters
    ----------
    text
        The phrase, folded.
    language
        ``en`` or ``km``.
    flag
        What it points to.
    source, basis
        Where it comes from.
    """

    text: str
    language: str
    flag: str
    source: str = ""
    basis: str = "judgement"


@dataclass(frozen=True)
class Hit:
    """A phrase found in a text."""

    phrase: Phrase
    start: int
    end: int


@dataclass(frozen=True)
class Finder:
    """Finds the phrases of one language with one regular expression.

    Parameters
    ----------
    phrases
        Phrases of the language.
    language
        ``en`` or ``km``.
    """

    phrases: tuple[Phrase, ...]
    language: str

    def __reduce__(self) -> tuple[type["Finder"], tuple[Any, ...]]:
        """Travel without what is compiled: who does not search need not compile it again."""
        return Finder, (self.phrases, self.language)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        texts = {phrase.text for phrase in self.phrases}
        if self.language == ENGLISH:
            return re.compile(trie_pattern(texts, gap=r"[\s-]+") + rf"s?(?![{_LATIN}])")
        return re.compile(trie_pattern(texts, gap=r"[\s-]*") + rf"(?![{_KHMER_SIGNS}])")

    @cached_property
    def _within(self) -> Mapping[str, tuple[Phrase, ...]]:
        """Phrases that stand at the start of each phrase, itself included, the longest first."""
        of_key: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            of_key.setdefault(self._key(phrase.text), []).append(phrase)
        return {outer: tuple(self._starting(outer, of_key)) for outer in of_key}

    def _starting(self, outer: str, of_key: Mapping[str, list[Phrase]]) -> Iterator[Phrase]:
        """Yield the phrases that stand at the start of one, the longest first."""
        for end in range(len(outer), 0, -1):
            if self.language == KHMER or outer[end : end + 1] in ("", " "):
                yield from of_key.get(outer[:end], ())

    def _key(self, text: str) -> str:
        return _GAP.sub(" " if self.language == ENGLISH else "", text)

    def candidates(self, text: str) -> Iterator[tuple[int, int, tuple[Phrase, ...]]]:
        """Yield where phrases stand, denied or not, and which: they may overlap.

        Parameters
        ----------
        text
            Folded text.
        """
        if not (text and self.phrases):
            return
        search = self._pattern.search
        match = search(text)
        while match is not None:
            start, end = match.span()
            if start == 0 or not self._continues(text[start - 1]):
                key = self._key(match[0])
                yield start, end, self._within.get(key) or self._within[key[:-1]]
            match = search(text, start + 1)

    def _continues(self, before: str) -> bool:
        """Return whether a sign binds what follows it to itself."""
        return bool(_LETTER.match(before)) if self.language == ENGLISH else before == _COENG


@dataclass(frozen=True, eq=False)
class Words:
    """The table of words, ready to search with.

    Parameters
    ----------
    finders
        One for each language.
    """

    finders: tuple[Finder, ...]

    @classmethod
    def from_frame(cls, table: pd.DataFrame | None) -> "Words":
        """Read a table with columns ``word``, ``language`` and ``flag``.

        Raises
        ------
        ValueError
            Where a language is not ``en`` or ``km``, or a word is empty.
        """
        records = [] if table is None else table.to_dict("records")
        phrases = [_phrase_of(row, record) for row, record in enumerate(records)]
        languages = (ENGLISH, KHMER)
        return cls(
            tuple(Finder(tuple(p for p in phrases if p.language == x), x) for x in languages)
        )

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """What the phrases point to, each once, in the order of the alphabet."""
        return tuple(sorted({p.flag for finder in self.finders for p in finder.phrases}))

    def hits(self, text: str) -> tuple[Hit, ...]:
        """Return what a folded text names and does not deny, in order."""
        found = [
            Hit(phrase, start, end)
            for finder in self.finders
            for start, end, phrases in finder.candidates(text)
            if not is_denied(text, start, end, finder.language)
            for phrase in phrases
        ]
        return tuple(sorted(found, key=lambda hit: (hit.start, -len(hit.phrase.text))))

    def found(self, market: Market) -> Mapping[str, Bools]:
        """Return, for each flag, the offers in which one of its phrases stands, of shape (m,).

        Texts are searched as one, each different text once, which is what makes it fast.
        """
        found = {flag: np.zeros(len(market), dtype=np.bool_) for flag in self.flags}
        if not found:
            return found
        columns = [market.coded(name) for name in TEXT_FIELDS]
        read = _read([text for column in columns for text in column.values if text is not None])
        named, nothing = self._named({*read.values()}), set[str]()
        for column in columns:
            flags = [named.get(read.get(text, ""), nothing) for text in column.values]
            for flag in nothing.union(*flags):
                found[flag] |= np.array([flag in one for one in flags])[column.position]
        return found

    def _named(self, texts: Collection[str]) -> Mapping[str, set[str]]:
        """Return the flags that folded texts name."""
        named: dict[str, set[str]] = {}
        for finder in self.finders:
            some = [t for t in texts if finder.language == ENGLISH or not t.isascii()]
            for text, flag in _named_in(some, finder):
                named.setdefault(text, set()).add(flag)
        return named

    def evidence(self, market: Market, row: int, flag: str) -> dict[str, str]:
        """Return the first phrase of a flag that stands in an offer: where, which, and quoted."""
        for name in TEXT_FIELDS:
            if (text := getattr(market, name)[row]) is None:
                continue
            reading = Reading.of(text.replace(_STOP, " "))
            for hit in self.hits(reading.folded):
                if hit.phrase.flag == flag:
                    quote = reading.quote(hit.start, hit.end)
                    return {"field": name, "words": hit.phrase.text, "quote": quote}
        return {}


def _phrase_of(row: int, record: Mapping[object, object]) -> Phrase:
    language, text = str(record["language"]), fold(tidy(str(record["word"]))).strip()
    if language not in (ENGLISH, KHMER):
        raise ValueError(f"words, row {row}, language: expected en or km, got {language!r}")
    if not text:
        raise ValueError(f"words, row {row}, word: expected a word or phrase, got {text!r}")
    text = _GAP.sub(" ", text)
    source, basis = str(record.get("source", "")), str(record.get("basis", "judgement"))
    return Phrase(text, language, str(record["flag"]), source, basis)


def _named_in(texts: Sequence[str], finder: Finder) -> Iterator[tuple[str, str]]:
    """Yield each text with each flag that it names and does not deny, once."""
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    joined = _STOP.join(texts)
    seen: set[tuple[int, str]] = set()
    for start, end, phrases in finder.candidates(joined):
        text = int(starts.searchsorted(start, side="right")) - 1
        new = {phrase.flag for phrase in phrases if (text, phrase.flag) not in seen}
        if new and not is_denied(joined, start, end, finder.language):
            seen.update((text, flag) for flag in new)
            yield from ((texts[text], flag) for flag in new)


def _read(texts: Sequence[str]) -> Mapping[str, str]:
    """Return each different text folded."""
    known = list(dict.fromkeys(texts))
    folded = _folded([text.replace(_STOP, " ") for text in known])
    return dict(zip(known, folded, strict=True))


def _folded(texts: Sequence[str]) -> Iterator[str]:
    """Return the texts folded; those that are not plain ASCII as one, which is faster."""
    others = _STOP.join(text for text in texts if not text.isascii())
    folded = iter(fold(tidy(others)).split(_STOP))
    return (text.lower() if text.isascii() else next(folded) for text in texts)


def trie_pattern(texts: Collection[str], gap: str) -> str:
    r"""Return a regular expression for any of the texts, the longest where several fit.

    Common beginnings are tried once, which a plain list of options does not do.

    Parameters
    ----------
    texts
        What to find.
    gap
        Regular expression that stands for a space.

    Examples
    --------
    >>> trie_pattern(["pay", "pass"], gap=r"\s+")
    'pa(?:ss|y)'
    """
    root: dict[str, Any] = {}
    for text in texts:
        node = root
        for sign in text:
            node = node.setdefault(sign, {})
        node[""] = {}
    return _branch_pattern(root, gap)


def _branch_pattern(node: Mapping[str, Any], gap: str) -> str:
    options = [
        (gap if sign == " " else re.escape(sign)) + _branch_pattern(rest, gap)
        for sign, rest in sorted(node.items())
        if sign
    ]
    may_end = "" in node
    if not options:
        return ""
    body = options[0] if len(options) == 1 and not may_end else f"(?:{'|'.join(options)})"
    return f"{body}?" if may_end else body
