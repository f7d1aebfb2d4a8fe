"""Tells the occupation of a posting from its title, or says that it cannot.

A title is told only where a listed phrase ends one of its parts, since the last words of an
English job title carry the occupation: "Senior Accountant" is an accountant, "Accountant
Trainer" is not. Parts that disagree tell nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data.reference import Reference
from data.schema import Column, Table
from data.table_reader import read_table

__all__ = ["Occupation", "OccupationFinder"]

TITLE_WORDS = Path(__file__).parents[1] / "reference" / "title_words.csv"
"""Reviewed phrases of job titles with their ISCO-08 group."""

_TITLE_WORDS_TABLE = Table(
    "title_words",
    (
        Column("word"),
        Column("isco_code", pattern=r"\d{2,4}", link="isco.code"),
        Column("livelihood", blank=True, link="livelihoods.livelihood"),
        Column("source"),
        Column("basis", choices=frozenset({"published", "recalled", "judgement"})),
    ),
    key=("word",),
)

RANK_WORDS = frozenset(
    (
        *("assistant", "asst", "ass", "deputy", "vice", "trainee", "intern", "head", "chief"),
        *("lead", "leader", "manager", "supervisor", "coordinator", "director"),
    )
)
"""Words beside a phrase that make the post another one, unless the phrase holds them."""

LONGEST_PHRASE = 8
_BRACKETS = re.compile(r"[(\[{（].*?(?:[)\]}）]|\Z)")
_PARTS = re.compile(r"\s[-–—|]+\s?|[,;:/&+•]|\band\b")
_WHERE_FOR_WHOM = re.compile(r"\s(?:at|for|in|of|to|with|based)\s")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_KHMER = re.compile(r"[\u1780-\u17ff]")
_TAIL = frozenset(
    (
        *("position", "post", "pax", "urgent", "urgently", "needed", "staff", "job", "vacancy"),
        *("full", "part", "time", "male", "female", "only", "person", "x", "the", "a"),
    )
)
"""Words that may follow an occupation without changing it, in the singular."""


@dataclass(frozen=True, slots=True)
class Occupation:
    """What a title tells.

    Parameters
    ----------
    isco_code
        ISCO-08 code of two to four digits.
    livelihood
        Livelihood of the reference table, or None.
    phrase
        The words that told.
    """

    isco_code: str
    livelihood: str | None
    phrase: str


class OccupationFinder:
    """Looks titles up in the reviewed words, the livelihoods' keywords and the ISCO titles.

    Parameters
    ----------
    reference
        Reference tables; `livelihoods` and `isco` are used.

    Examples
    --------
    >>> from data.reference import read_reference
    >>> find = OccupationFinder(read_reference()).find
    >>> find("Senior ACCOUNTANT (02 Posts)").isco_code
    '2411'
    >>> find("Accountant Trainer") is None, find("Head of Sales") is None
    (True, True)
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self._known: dict[str, Occupation | None] = {}

    def find(self, title: str) -> Occupation | None:
        """Return the occupation of a title, or None where it does not tell one.

        Parameters
        ----------
        title
            Title as posted, English or Khmer or both.
        """
        if title not in self._known:
            self._known[title] = self._find(title)
        return self._known[title]

    def _find(self, title: str) -> Occupation | None:
        plain = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", title).casefold())
        parts = [part for part in _PARTS.split(plain.replace("\u200b", "")) if part.strip()]
        if len(parts) == 1 and (whole := self._whole_titles.get(_title_key(parts[0]))):
            return whole
        told: list[Occupation] = []
        for part in parts:
            words = self._words(part)
            found = next(self._endings(words), None)
            if found is None and words and words[-1] in RANK_WORDS:
                return None
            told += filter(None, (found, self._khmer(part)))
        return told[0] if len({occupation.isco_code for occupation in told}) == 1 else None

    def _words(self, part: str) -> list[str]:
        """Return the English words of a part, without place, employer and number of posts."""
        words = [
            _singular(word) for word in _WORD.findall(_WHERE_FOR_WHOM.split(part, maxsplit=1)[0])
        ]
        while words and words[-1] in _TAIL and " ".join(words) not in self._phrases:
            words.pop()
        return words

    def _endings(self, words: list[str]) -> Iterator[Occupation]:
        """Yield what the last words tell, the longest phrase first."""
        for start in range(max(0, len(words) - LONGEST_PHRASE), len(words)):
            occupation = self._phrases.get(" ".join(words[start:]))
            if occupation is not None:
                if not RANK_WORDS.intersection(words[:start]):
                    yield occupation
                return

    def _khmer(self, part: str) -> Occupation | None:
        """Khmer has no spaces: take the longest reviewed word that begins the text."""
        text = "".join(sign for sign in part if _KHMER.match(sign))
        fitting = [word for word in self._khmer_words if text.startswith(word)]
        return self._khmer_words[max(fitting, key=len)] if fitting else None

    @cached_property
    def _rows(self) -> list[Occupation]:
        frame = read_table(TITLE_WORDS, _TITLE_WORDS_TABLE)
        known = set(self.reference.livelihoods["livelihood"])
        return [
            Occupation(code, livelihood if livelihood in known else None, word.casefold())
            for word, code, livelihood in zip(
                frame["word"], frame["isco_code"], frame["livelihood"], strict=True
            )
        ]

    @cached_property
    def _phrases(self) -> Mapping[str, Occupation]:
        """Reviewed English phrases that may end a part of a title."""
        return {_title_key(row.phrase): row for row in self._rows}

    @cached_property
    def _whole_titles(self) -> Mapping[str, Occupation]:
        """What tells only as a whole title: keywords of livelihoods and ISCO titles."""
        frame = self.reference.isco
        titles = {
            _title_key(title.casefold()): Occupation(code, None, title.casefold())
            for code, title in zip(frame["code"], frame["title_en"], strict=True)
            if len(code) == 4
        }
        return {**titles, **self._keywords, **self._phrases}

    @cached_property
    def _keywords(self) -> dict[str, Occupation]:
        found: dict[str, Occupation] = {}
        frame = self.reference.livelihoods
        for livelihood, code, keywords in zip(
            frame["livelihood"], frame["isco_code"], frame["keywords"], strict=True
        ):
            for word in keywords:
                found.setdefault(_title_key(word), Occupation(code, livelihood, word))
        return found

    @cached_property
    def _khmer_words(self) -> Mapping[str, Occupation]:
        """Reviewed Khmer words that may begin a title."""
        return {row.phrase: row for row in self._rows if _KHMER.match(row.phrase)}


def _singular(word: str) -> str:
    plain = word.replace("’s", "").replace("'s", "")
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith("ss"):
        return plain[:-1]
    return plain


def _title_key(phrase: str) -> str:
    """Return the words of a phrase in the singular; a Khmer phrase as it is."""
    words = [_singular(word) for word in _WORD.findall(phrase)]
    return " ".join(words) or "".join(phrase.split())
