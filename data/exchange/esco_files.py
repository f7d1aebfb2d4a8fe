"""Finds the files of an ESCO release and says what a missing one costs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from data.exchange.limits import RELEASE
from data.exchange.problem import ImportRefused, Problem, shorten
from data.exchange.spreadsheet import heading, read_sheet

__all__ = ["LABEL_RELATIONS", "EscoFiles", "Missing", "open_release"]

LABEL_RELATIONS = "occupation_skill_relations_labels"
"""A stand-in for the official relations: skills of occupations by label."""

COSTS: Mapping[str, str] = {
    "skills": "skills come from the relations and collections alone: no other labels, and type, "
    "reuse level and address only for skills of the collections",
    "occupationSkillRelations": "relations come by label, where that file is there; a skill is "
    "found by its preferred term only",
    "broaderRelationsSkillPillar": "a skill's group is known only from the collections and the "
    "built-in table; near skills get credit for these alone",
    "skillGroups": "codes of the groups come from the hierarchy",
    "skillsHierarchy": "codes of the groups come from the groups file",
    "transversalSkillsCollection": "transversal skills are not marked",
    "greenSkillsCollection": "nothing is lost where the skills file is there",
    "occupations": "occupations cannot be counted, and official relations not be read",
}
"""What each missing file costs, by its name without language and suffix."""

_NAME = re.compile(r"(?P<stem>[A-Za-z_0-9]+?)_(?P<language>[a-z]{2})\.csv\Z")


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that is not in the folder.

    Parameters
    ----------
    file
        Its official name.
    cost
        What the import lacks without it.
    """

    file: str
    cost: str


@dataclass(frozen=True)
class EscoFiles:
    """Files of one release and language.

    Parameters
    ----------
    folder
        Where they lie.
    language
        Language suffix.
    paths
        Path by name without language and suffix.
    """

    folder: Path
    language: str
    paths: Mapping[str, Path]

    def has(self, stem: str) -> bool:
        """Return whether a file is there."""
        return stem in self.paths

    def rows(self, stem: str, *columns: str) -> Iterator[tuple[str, ...]]:
        """Yield the named columns of a file as stripped text; nothing where it is not there.

        Parameters
        ----------
        stem
            Name without language and suffix.
        columns
            Columns to take.

        Raises
        ------
        ImportRefused
            The file is damaged or lacks a column.
        """
        if stem not in self.paths:
            return
        sheet = read_sheet(self.paths[stem], limits=RELEASE)
        name = self.paths[stem].name
        positions = [sheet.positions.get(heading(column)) for column in columns]
        lacking = [c for c, position in zip(columns, positions, strict=True) if position is None]
        if lacking:
            raise ImportRefused(
                f"{name}: lacks the column {lacking[0]}",
                [Problem(1, column, "", "this column must be there") for column in lacking],
            )
        taken = [position for position in positions if position is not None]
        for row in sheet.rows:
            if row.surplus > 0:  # the release itself leaves empty cells at the end of a row out
                raise ImportRefused(f"{name}: row {row.number} is damaged: {row.ragged}")
            yield tuple(row.cells[position].strip() for position in taken)

    def lookup(self, stem: str, key: str, value: str) -> dict[str, str]:
        """Return one column of a file by another.

        Parameters
        ----------
        stem
            Name without language and suffix.
        key, value
            Columns to take.
        """
        return {one: other for one, other in self.rows(stem, key, value) if one and other}

    def missing(self) -> tuple[Missing, ...]:
        """Return the files that are not there, with their costs."""
        absent = (stem for stem in COSTS if stem not in self.paths)
        return tuple(Missing(f"{stem}_{self.language}.csv", COSTS[stem]) for stem in absent)


def open_release(folder: Path) -> EscoFiles:
    """Find the files of a release.

    Parameters
    ----------
    folder
        Folder of the CSV files; of several languages English is taken, else the fullest.

    Raises
    ------
    ImportRefused
        The folder cannot be listed or holds no file of a release.
    """
    name = shorten(folder.name)
    try:
        names = sorted(path.name for path in folder.iterdir())
    except (OSError, ValueError):
        raise ImportRefused(f"{name}: expected a folder of ESCO's CSV files") from None
    matches = [match for match in map(_NAME.match, names) if match and match["stem"] in COSTS]
    languages = Counter(match["language"] for match in matches)
    label_file = f"{LABEL_RELATIONS}.csv"
    if not matches and label_file not in names:
        raise ImportRefused(f"{name}: holds none of ESCO's CSV files, such as skills_en.csv")
    language = (
        "en" if "en" in languages or not languages else max(languages, key=languages.__getitem__)
    )
    paths = {m["stem"]: folder / m.string for m in matches if m["language"] == language}
    if label_file in names:
        paths[LABEL_RELATIONS] = folder / label_file
    return EscoFiles(folder, language, paths)
