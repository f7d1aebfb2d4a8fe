"""PRISM commune flood hazard index: an index of 0-100 made into levels 1-4 by commune.

The index is ordinal: its method and year are not published. A commune at 11 or more counts as
highly exposed in the published province figures; this is the cut of level 4 here. With cuts of 2
and 4 below it, the mean level of communes rounds to the published level in 12 of the 22 provinces
that rest on the index alone: no other cuts tried reach more. Where the published level of a
province rests on more than the index, such as a later flood, its communes are raised by the
difference.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from data.exchange.prism_files import read_index
from data.exchange.problem import ImportRefused, Problem
from data.exchange.written import write_tables
from data.reference import Reference

__all__ = ["PrismImport", "import_prism"]

CUTS = (2.0, 4.0, 11.0)
"""Index from which a commune is at level 2, 3 and 4."""

SHARE_CUTS = (0.09, 0.2, 0.4)
"""Share of level 4 communes from which the index alone puts a province at level 2, 3 and 4."""

COVERED_SHARE = 0.5
"""Share of a province's communes that a file must hold before it says anything of the province."""

HIGHEST_LEVEL = 4
COLUMNS = ("place", "hazard", "level", "confidence", "source", "basis")
SOURCE = "WFP/NCDM PRISM commune flood hazard index, cut into levels at 2, 4 and 11"
RAISED = "; raised, as the province's published level rests on more than the index"


@dataclass(frozen=True)
class ProvinceAgreement:
    """One province: the published level beside what the file gives.

    Parameters
    ----------
    province
        Geocode.
    published
        Published flood level, 1-4.
    mean_level
        Mean level of its communes by the index alone.
    level_by_share
        Level by the share of communes at 11 or more.
    raised_by
        Levels added to its communes.
    """

    province: str
    published: float
    mean_level: float
    level_by_share: int
    raised_by: int


@dataclass(frozen=True)
class PrismImport:
    """What a commune file gave.

    Parameters
    ----------
    communes
        Communes written.
    by_level
        Communes by level before any province was raised.
    unknown_communes
        Codes that are not in the gazetteer; left out.
    without_value
        Communes of the gazetteer that the file lacks: they keep their province's level.
    provinces
        Agreement by province.
    mean_difference
        Mean distance between published level and mean level, over the provinces covered.
    same_by_share
        Provinces whose level by share is the published one.
    """

    communes: int
    by_level: Mapping[int, int]
    unknown_communes: tuple[str, ...]
    without_value: int
    provinces: tuple[ProvinceAgreement, ...]
    mean_difference: float | None
    same_by_share: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain, JSON-ready values."""
        return {
            **asdict(self),
            "unknown_communes": list(self.unknown_communes),
            "provinces": [asdict(province) for province in self.provinces],
        }


def import_prism(
    path: str | os.PathLike[str],
    out_folder: str | os.PathLike[str],
    reference: Reference,
    *,
    skip_bad: bool = False,
) -> PrismImport:
    """Write `hazards_communes.csv` from a PRISM flood file.

    Parameters
    ----------
    path
        JSON or CSV with a commune code and `flood_hazard_index` a row, or a folder that holds
        `flood-hazard-index.json` or `.csv`.
    out_folder
        Folder of tables that replace or add to the built-in ones.
    reference
        Reference tables.
    skip_bad
        Leave bad rows out instead of refusing the file.

    Returns
    -------
    PrismImport
        Counts, codes not known, and the agreement with the published province levels.

    Raises
    ------
    ImportRefused
        The file cannot be read, holds a bad value, or names no known commune.
    """
    values, problems = read_index(Path(path))
    if problems and not skip_bad:
        raise ImportRefused(f"{len(problems)} bad rows; nothing was written", problems)
    places = reference.places
    communes = set(places.loc[places["level"] == "commune", "code"])
    index = {code: value for code, value in values.items() if code in communes}
    if not index:
        raise ImportRefused("no commune code of the file is known", _unknown(values))
    agreement = tuple(_agreement(index, communes, reference))
    raised = {province.province: province.raised_by for province in agreement}
    rows = [_row(code, index[code], raised.get(code[:2], 0)) for code in sorted(index)]
    write_tables(out_folder, {"hazards_communes.csv": (COLUMNS, rows)})
    return _summary(index, values, communes, agreement)


def commune_level(index: float) -> int:
    """Return the level 1-4 of an index value.

    Examples
    --------
    >>> [commune_level(value) for value in (0, 1.9, 2, 4, 10.9, 11, 100)]
    [1, 1, 2, 3, 3, 4, 4]
    """
    return 1 + sum(index >= cut for cut in CUTS)


def _unknown(values: Mapping[str, float]) -> list[Problem]:
    return [Problem(None, "commune", code, "a known commune code") for code in list(values)[:20]]


def _row(code: str, index: float, raised_by: int) -> tuple[str, ...]:
    level = min(HIGHEST_LEVEL, commune_level(index) + raised_by)
    source = SOURCE + (RAISED if raised_by else "")
    return (code, "flood", str(level), "low" if raised_by else "medium", source, "judgement")


def _agreement(
    index: Mapping[str, float], communes: set[str], reference: Reference
) -> Iterator[ProvinceAgreement]:
    held: defaultdict[str, list[float]] = defaultdict(list)
    for code, value in index.items():
        held[code[:2]].append(value)
    provinces = reference.provinces
    for code, published in zip(provinces["code"], provinces["flood"], strict=True):
        total = sum(commune.startswith(code) for commune in communes)
        if not total or len(held[code]) < COVERED_SHARE * total:
            continue
        share = fmean(value >= CUTS[-1] for value in held[code])
        by_share = 1 + sum(share >= cut for cut in SHARE_CUTS)
        yield ProvinceAgreement(
            province=code,
            published=float(published),
            mean_level=round(fmean(map(commune_level, held[code])), 2),
            level_by_share=by_share,
            raised_by=max(0, int(published) - by_share),
        )


def _summary(
    index: Mapping[str, float],
    values: Mapping[str, float],
    communes: set[str],
    agreement: tuple[ProvinceAgreement, ...],
) -> PrismImport:
    levels = [commune_level(value) for value in index.values()]
    distances = [abs(one.published - one.mean_level) for one in agreement]
    return PrismImport(
        communes=len(index),
        by_level={level: levels.count(level) for level in range(1, HIGHEST_LEVEL + 1)},
        unknown_communes=tuple(sorted(set(values) - communes)),
        without_value=len(communes) - len(index),
        provinces=agreement,
        mean_difference=round(fmean(distances), 2) if distances else None,
        same_by_share=sum(one.level_by_share == one.published for one in agreement),
    )
