"""The ISCO-08 tree and skills: what was done before, and what a held skill is worth."""

import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.columns import Floats

Indices = NDArray[np.intp]

CLOSENESS = (0.0, 0.1, 0.3, 0.6, 1.0)
"""Worth of a year in one ISCO-08 occupation for another, by the length of their common prefix:
nothing, the same major, sub-major, minor and unit group. Judgement of the project."""

SAME_GROUP, SAME_BRANCH, TRANSVERSAL = 0.5, 0.25, 0.25
"""Worth of a held skill for another of the same ESCO group, of the same branch, and of any held
transversal skill for a required transversal one. Judgement of the project."""


_FOLD = str.maketrans("-–—_/,.;:()", " " * 11, "\u200b\u200c\u200d\ufeff")
"""Signs between words become spaces; those without width, which Khmer text carries, go."""


def folded(words: str) -> str:
    """Return words in the form in which they are compared.

    Examples
    --------
    >>> folded("  Pig–Raising\u200b ")
    'pig raising'
    """
    plain = unicodedata.normalize("NFC", words).casefold()
    return " ".join(plain.translate(_FOLD).split())


def isco_closeness(done: str, wanted: str) -> float:
    """Return what experience in one occupation is worth in another, in [0, 1].

    Parameters
    ----------
    done, wanted
        ISCO-08 codes of one to four digits.

    Examples
    --------
    >>> isco_closeness("7531", "7531"), isco_closeness("7531", "7533"), isco_closeness("7531", "9")
    (1.0, 0.6, 0.0)
    """
    common = 0
    for a, b in zip(done, wanted, strict=False):
        if a != b:
            break
        common += 1
    return CLOSENESS[common]


class Skills:
    """Skills by index, with their weight and their neighbourhood.

    The weight of a skill is its inverse document frequency, ``ln((1 + N) / (1 + n)) + 1``, over the
    reference's livelihoods and occupations: what few kinds of work ask for tells more.

    Parameters
    ----------
    skills
        Columns ``skill``, ``name_km``, ``alt_labels``, ``group``, ``branch``, ``reuse_level``.
    livelihood_skills, occupation_skills
        Which livelihood and which ISCO-08 unit group asks for which skill.

    References
    ----------
    K. Spärck Jones (1972), A statistical interpretation of term specificity and its application in
    retrieval, Journal of Documentation 28.
    """

    def __init__(
        self,
        skills: pd.DataFrame,
        livelihood_skills: pd.DataFrame,
        occupation_skills: pd.DataFrame,
    ) -> None:
        self.labels = skills["skill"].to_numpy(dtype=object)
        self._index = self._spellings(skills)
        self._found: dict[str, int] = {}
        self.group = pd.factorize(skills["group"].replace("", None))[0]
        self.branch = pd.factorize(skills["branch"].replace("", None))[0]
        self.transversal = (skills["reuse_level"] == "transversal").to_numpy()
        self.weight = self._weights(livelihood_skills, occupation_skills)

    @staticmethod
    def _spellings(skills: pd.DataFrame) -> dict[str, int]:
        """Index by preferred term; then by the other names, where they are not taken."""
        index: dict[str, int] = {}
        columns = ("skill", "name_km", "alt_labels")
        for column in columns:
            for row, cell in enumerate(skills[column]):
                for name in filter(None, cell if column == "alt_labels" else [cell]):
                    index.setdefault(folded(name), row)
        return index

    def _weights(self, by_livelihood: pd.DataFrame, by_occupation: pd.DataFrame) -> Floats:
        asked = np.zeros(len(self.labels))
        total = 0
        for table, unit in ((by_livelihood, "livelihood"), (by_occupation, "isco_code")):
            pairs = table[[unit, "skill"]].drop_duplicates()
            counts = pairs["skill"].map(self.find).value_counts()
            known = counts[counts.index >= 0]
            asked[known.index.to_numpy(dtype=np.intp)] += known.to_numpy()
            total += pairs[unit].nunique()
        return np.log((1 + total) / (1 + asked)) + 1

    @property
    def unlisted_weight(self) -> float:
        """Weight of a skill that the reference does not list: that of the rarest."""
        return float(self.weight.max(initial=1.0))

    def find(self, name: str) -> int:
        """Return the index of a skill by preferred term, Khmer or other name; -1 if unknown."""
        if name not in self._found:
            self._found[name] = self._index.get(folded(name), -1)
        return self._found[name]

    def indices(self, names: Iterable[str]) -> Indices:
        """Return the indices of the skills that are known, each once, in order."""
        found = dict.fromkeys(self.find(name) for name in names)
        found.pop(-1, None)
        return np.fromiter(found, dtype=np.intp)

    def credit(self, held: Sequence[Indices], wanted: Indices) -> Floats:
        """Return what each client's held skills are worth for each wanted skill.

        Parameters
        ----------
        held
            Indices of skills, one array a client.
        wanted
            Indices of skills, of shape (s,).

        Returns
        -------
        credit
            In [0, 1], of shape (n, s): 1 where held, less where a near skill is.
        """
        rows = np.repeat(np.arange(len(held)), [len(one) for one in held])
        owned = np.concatenate([*held, np.empty(0, dtype=np.intp)])
        credit = np.zeros((len(held), len(wanted)))
        near = ((self.branch, SAME_BRANCH), (self.group, SAME_GROUP))
        for kinship, worth in near:
            has = np.zeros((len(held), int(kinship.max(initial=-1)) + 2), dtype=bool)
            has[rows, kinship[owned]] = True
            has[:, -1] = False  # where -1, no group, points
            np.maximum(credit, worth * has[:, kinship[wanted]], out=credit)
        crossing = np.zeros(len(held), dtype=bool)
        crossing[rows[self.transversal[owned]]] = True
        carried = TRANSVERSAL * (crossing[:, None] & self.transversal[wanted])
        np.maximum(credit, carried, out=credit)
        has = np.zeros((len(held), len(self.labels)), dtype=bool)
        has[rows, owned] = True
        credit[has[:, wanted]] = 1.0
        return credit


class Experience:
    """Years worked, carried over to other occupations by their distance in the ISCO-08 tree."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self._wanted = tuple(wanted)

    def years(self, done: Sequence[tuple[tuple[str, float], ...]]) -> Floats:
        """Return the equivalent years of each client for each wanted occupation.

        The best single occupation counts, so that many small jobs don't add up to a trade.

        Parameters
        ----------
        done
            Pairs of ISCO-08 code and years, one tuple a client.

        Returns
        -------
        years
            Of shape (n, w).
        """
        codes = sorted({code for jobs in done for code, _ in jobs})
        row = {code: i for i, code in enumerate(codes)}
        worth = np.array([[isco_closeness(c, w) for w in self._wanted] for c in codes])
        years = np.zeros((len(done), len(self._wanted)))
        for client, jobs in enumerate(done):
            for code, spent in jobs:
                np.maximum(years[client], spent * worth[row[code]], out=years[client])
        return years
