"""Reads every reference table at once, checked, as one frozen value."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.divisions import place_frame, province_problems
from data.errors import InvalidTable, Problem
from data.schema import Table
from data.table_reader import as_frame, link_problems, read_table
from data.tables import TABLES
from data.vocabulary import HAZARDS

BUILT_IN = Path(__file__).parent / "reference"


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference tables; codes are text, lists are tuples, unknown numbers are NaN.

    ``data/SOURCES.md`` tells where every table comes from. The frames are shared: take a copy
    before changing one.

    Attributes
    ----------
    provinces
        25 rows: names, capital, population, hazard levels 1-4 with their confidence.
    places
        Provinces, districts and communes with parent, names and coordinates.
    place_aliases
        Other spellings of place names.
    hazards
        One row a place and hazard: level 1-4, confidence.
    livelihoods, livelihood_families, adaptations, livelihood_skills
        Livelihoods and their families, what lowers their climate loss, the skills they take.
    skills, occupation_skills, isco
        ESCO skills, the skills of an occupation (empty until imported), ISCO-08 groups.
    minimum_wages, parameters, correlations
        Wages in law, dated parameters, prior correlations of hazards.
    transport_modes, documents, settings
        Travel speeds and costs, identity and other papers, settings of work.
    screen_words, scorecard, phrases
        Words of the vacancy screen, weights of the expert scorecard, sentences in both languages.
    """

    provinces: pd.DataFrame
    places: pd.DataFrame
    place_aliases: pd.DataFrame
    hazards: pd.DataFrame
    livelihoods: pd.DataFrame
    livelihood_families: pd.DataFrame
    adaptations: pd.DataFrame
    livelihood_skills: pd.DataFrame
    skills: pd.DataFrame
    occupation_skills: pd.DataFrame
    isco: pd.DataFrame
    minimum_wages: pd.DataFrame
    parameters: pd.DataFrame
    correlations: pd.DataFrame
    transport_modes: pd.DataFrame
    documents: pd.DataFrame
    settings: pd.DataFrame
    screen_words: pd.DataFrame
    scorecard: pd.DataFrame
    phrases: pd.DataFrame


def read_reference(folder: Path | str | None = None) -> Reference:
    """Read the reference tables.

    Parameters
    ----------
    folder
        Folder whose tables replace the built-in ones of the same name; importers write there.
        A table that is not in it is taken from the package.

    Returns
    -------
    Reference
        Every table, checked.

    Raises
    ------
    InvalidTable
        With every breach in every table: a bad cell, a repeated key, a link to a missing row.
    NotADirectoryError
        If the folder is given and is not there.

    Examples
    --------
    >>> reference = read_reference()
    >>> int(reference.provinces["population_2019"].sum())
    15552211
    """
    overlay = None if folder is None else Path(folder)
    if overlay is not None and not overlay.is_dir():
        raise NotADirectoryError(f"no folder of reference tables at {overlay}")
    frames, problems = _read_all(overlay)
    if problems:
        raise InvalidTable(problems)
    problems = list(_problems_across(frames))
    if problems:
        raise InvalidTable(problems)
    communes = frames.pop("hazards_communes")
    del frames["district_coordinates"]
    hazards = pd.concat([_province_hazards(frames["provinces"]), communes], ignore_index=True)
    return Reference(hazards=hazards, **frames)


def _read_all(overlay: Path | None) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for table in TABLES:
        path = _path_of(table, overlay)
        try:
            frames[table.name] = as_frame(table, {}) if path is None else read_table(path, table)
        except InvalidTable as invalid:
            problems += invalid.problems
    if not problems:
        frames["places"] = place_frame(frames["provinces"], frames["district_coordinates"])
    return frames, problems


def _path_of(table: Table, overlay: Path | None) -> Path | None:
    """Return the file to read, ``None`` for a table that starts empty and was not imported."""
    if overlay is not None and (overlay / table.file).is_file():
        return overlay / table.file
    return BUILT_IN / table.file if table.built_in else None


def _problems_across(frames: dict[str, pd.DataFrame]) -> Iterator[Problem]:
    yield from province_problems(frames["provinces"])
    for table in TABLES:
        yield from link_problems(table, frames[table.name], frames)


def _province_hazards(provinces: pd.DataFrame) -> pd.DataFrame:
    """Return one row a province and hazard, provinces in order."""
    parts = [
        pd.DataFrame(
            {
                "place": provinces["code"],
                "hazard": hazard,
                "level": provinces[hazard].astype("float64"),
                "confidence": provinces[f"{hazard}_confidence"],
                "source": provinces["source"],
                "basis": provinces["basis"],
            }
        )
        for hazard in HAZARDS
    ]
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
