"""What the demo stands on: the reference tables, arranged so that records can be drawn quickly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from data.demo.dice import Dice, Table
from data.demo.marginals import Marginals, marginals, rows

Record = dict[str, Any]
Row = dict[str, Any]

ORIGINS = ("thailand", "malaysia", "vietnam", "local")
LANGUAGES = {"thailand": "speak different languages", "malaysia": "Malay", "vietnam": "Vietnamese"}


class Tables(Protocol):
    """Frames of the reference tables that the demo draws from."""

    @property
    def provinces(self) -> pd.DataFrame:
        """Codes, population and share of ID-poor households."""

    @property
    def places(self) -> pd.DataFrame:
        """Provinces, districts and communes."""

    @property
    def livelihoods(self) -> pd.DataFrame:
        """Livelihoods with costs and incomes."""

    @property
    def livelihood_skills(self) -> pd.DataFrame:
        """Skills that a livelihood requires or uses."""

    @property
    def adaptations(self) -> pd.DataFrame:
        """What lowers the climate loss of a livelihood."""

    @property
    def skills(self) -> pd.DataFrame:
        """Skills by ESCO preferred term."""

    @property
    def minimum_wages(self) -> pd.DataFrame:
        """Minimum wage by year and sector."""


@dataclass(frozen=True)
class Ground:
    """Reference tables and marginals, by what is drawn.

    Parameters
    ----------
    districts, communes
        Codes below each province code.
    capital_districts
        District of each province's capital.
    shared_names
        Commune names that several communes carry.
    names
        English name of each place code.
    populations, idpoor
        People in 2019 and share of ID-poor households, by province code.
    livelihoods
        Row of each livelihood, by its code.
    required, useful
        Skills of each livelihood.
    intake_skills
        Skills that a client would name.
    general_skills
        Those of them that any work uses.
    adaptations
        Climate adaptations of each livelihood.
    minimum_wages
        Monthly US$ in the garment sector, by year.
    """

    districts: Mapping[str, tuple[str, ...]]
    communes: Mapping[str, tuple[str, ...]]
    capital_districts: Mapping[str, str]
    shared_names: tuple[str, ...]
    names: Mapping[str, str]
    populations: Mapping[str, float]
    idpoor: Mapping[str, float]
    livelihoods: Mapping[str, Row]
    required: Mapping[str, tuple[str, ...]]
    useful: Mapping[str, tuple[str, ...]]
    intake_skills: frozenset[str]
    general_skills: tuple[str, ...]
    adaptations: Mapping[str, tuple[str, ...]]
    minimum_wages: Mapping[int, float]
    marginals: Marginals = field(default_factory=marginals)

    @classmethod
    def of(cls, reference: Tables) -> Ground:
        """Arrange the reference tables."""
        places, provinces = reference.places, reference.provinces
        intake = reference.skills[reference.skills["at_intake"].astype(int) == 1]
        intake = intake[intake["skill_type"] != "language"]
        general = intake[intake["reuse_level"] == "transversal"]
        wages = reference.minimum_wages
        wages = wages[wages["sector"] == "garment"]
        return cls(
            districts=_below_province(places, "district"),
            communes=_below_province(places, "commune"),
            capital_districts=_capital_districts(places, provinces),
            shared_names=_shared_names(places),
            names=dict(zip(places["code"], places["name_en"], strict=True)),
            populations=_numbers(provinces, "code", "population_2019"),
            idpoor=_numbers(provinces, "code", "idpoor_household_share"),
            livelihoods={row["livelihood"]: row for row in _records(reference.livelihoods)},
            required=_skills(reference.livelihood_skills, "required"),
            useful=_skills(reference.livelihood_skills, "useful"),
            intake_skills=frozenset(intake["skill"]),
            general_skills=tuple(general["skill"]),
            adaptations=_grouped(reference.adaptations, "livelihood", "adaptation"),
            minimum_wages={
                int(y): usd for y, usd in _numbers(wages, "year", "monthly_usd").items()
            },
        )

    @cached_property
    def homes(self) -> Mapping[str, Table[str]]:
        """Home provinces of clients, by where they come from."""
        factors = {row["code"]: row for row in rows("provinces.csv")}
        return {
            origin: Table(
                (code, people * float(factors[code].get(origin, 1)))
                for code, people in self.populations.items()
            )
            for origin in ORIGINS
        }

    @cached_property
    def in_district(self) -> Mapping[str, tuple[str, ...]]:
        """Communes of each district."""
        found: dict[str, tuple[str, ...]] = {}
        for code in (commune for below in self.communes.values() for commune in below):
            found[code[:4]] = (*found.get(code[:4], ()), code)
        return found

    @cached_property
    def job_provinces(self) -> Mapping[str, Table[str]]:
        """Provinces of work, by the kind of place where a job is found."""
        factors = rows("provinces.csv")
        wheres = [name for name in factors[0] if name not in {*_DESCRIPTION, *ORIGINS}]
        return {
            where: Table((row["code"], self._jobs_in(row, where)) for row in factors)
            for where in wheres
        }

    def _jobs_in(self, row: Mapping[str, str], where: str) -> float:
        factor = float(row[where])
        floor = self.marginals["jobs_floor"] if factor else 0.0
        return factor * max(self.populations[row["code"]], floor)

    def place(self, dice: Dice, province: str, level: str) -> str | None:
        """Place of this level in a province; ``None`` for the level ``"unknown"``."""
        if level == "commune":
            return dice.one(self.communes[province])
        if level == "district":
            return dice.one(self.districts[province])
        return province if level == "province" else None

    def workplace(self, dice: Dice, province: str, level: str) -> str:
        """Place of work in a province, often in the district of its capital."""
        if not dice.chance(self.marginals["job_in_capital_district"]):
            return self.place(dice, province, level) or province
        district = self.capital_districts[province]
        return dice.one(self.in_district[district]) if level == "commune" else district

    def skills_of(self, livelihoods: Iterable[str]) -> list[str]:
        """Skills that clients with past work in these livelihoods would name, without repeats."""
        named = (s for code in livelihoods for s in (*self.required[code], *self.useful[code]))
        return [skill for skill in dict.fromkeys(named) if skill in self.intake_skills]

    def minimum_wage(self, year: int) -> float:
        """Garment minimum wage of a year, or of the nearest year in the table."""
        nearest = min(self.minimum_wages, key=lambda known: (abs(known - year), known))
        return self.minimum_wages[nearest]


_DESCRIPTION = frozenset({"code", "name_en", "source", "basis", "note"})


def _records(frame: pd.DataFrame) -> list[Row]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _numbers(frame: pd.DataFrame, key: str, value: str) -> dict[str, float]:
    return {str(k): float(v) for k, v in zip(frame[key], frame[value], strict=True)}


def _below_province(places: pd.DataFrame, level: str) -> dict[str, tuple[str, ...]]:
    chosen = places[places["level"] == level].sort_values("code")
    return _grouped(chosen.assign(province=chosen["code"].str[:2]), "province", "code")


def _grouped(frame: pd.DataFrame, key: str, value: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for group, member in zip(frame[key], frame[value], strict=True):
        found.setdefault(str(group), []).append(str(member))
    return {group: tuple(dict.fromkeys(members)) for group, members in found.items()}


def _capital_districts(places: pd.DataFrame, provinces: pd.DataFrame) -> dict[str, str]:
    """District nearest to each province's capital."""
    districts = places[places["level"] == "district"]
    nearest = {}
    for code, latitude, longitude in zip(
        provinces["code"], provinces["latitude"], provinces["longitude"], strict=True
    ):
        inside = districts[districts["parent"] == code]
        away = (inside["latitude"] - latitude) ** 2 + (inside["longitude"] - longitude) ** 2
        nearest[str(code)] = str(inside.loc[away.idxmin(), "code"])
    return nearest


def _shared_names(places: pd.DataFrame) -> tuple[str, ...]:
    counts = places.loc[places["level"] == "commune", "name_en"].value_counts()
    return tuple(sorted(counts[counts > 1].index))


def _skills(links: pd.DataFrame, relation: str) -> dict[str, tuple[str, ...]]:
    none: dict[str, tuple[str, ...]] = {str(code): () for code in links["livelihood"]}
    return none | _grouped(links[links["relation"] == relation], "livelihood", "skill")
