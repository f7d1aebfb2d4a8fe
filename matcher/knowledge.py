"""The reference tables, compiled: everything the engine knows that is neither client nor offer."""

import numpy as np
import pandas as pd

from matcher.climate import Climate
from matcher.geography import Geography, Transport
from matcher.household import PovertyLine
from matcher.livelihoods import Livelihoods
from matcher.occupations import Skills
from matcher.phrases import LANGUAGES, Phrases
from matcher.reference import Parameters, ReferenceTables
from matcher.safety.facts import wages_of
from matcher.safety.words import Words


class Knowledge:
    """Compiled reference tables; built once, shared by every suggestion.

    Parameters
    ----------
    tables
        The reference tables as frames.
    """

    def __init__(self, tables: ReferenceTables) -> None:
        self.parameters = Parameters(tables.parameters)
        self.phrases = Phrases(tables.phrases)
        self.geography = Geography(tables.places, self.parameters)
        self.transport = Transport(tables.transport_modes)
        self.livelihoods = Livelihoods(tables.livelihoods, tables.livelihood_families, tables.isco)
        self.skills = Skills(tables.skills, tables.livelihood_skills, tables.occupation_skills)
        self.climate = Climate(
            tables.hazards, tables.correlations, tables.adaptations, self.geography, self.parameters
        )
        self.poverty_line = PovertyLine(self.parameters)
        self.minimum_wages = tables.minimum_wages
        self.wages = wages_of(tables.minimum_wages)
        self.screen_words = Words.from_frame(tables.screen_words)
        columns = tables.documents[["document", "cost_usd", "weeks"]].itertuples(
            index=False, name=None
        )
        self.documents = {name: {"cost": cost, "weeks": weeks} for name, cost, weeks in columns}
        self._names = {
            "documents": _names(tables.documents, "document"),
            "settings": _names(tables.settings, "setting"),
            "places": _names(tables.places, "code"),
        }
        self.skills_of_livelihood = _grouped(tables.livelihood_skills, "livelihood")
        self.skills_of_occupation = _grouped(tables.occupation_skills, "isco_code")

    def name_of(self, kind: str, code: str, language: str) -> str:
        """Return the name of a document, a setting, a place or a level; the code if it has none."""
        if kind in ("schooling", "required"):
            return self.phrases.say(f"schooling.{code}", language)
        return self._names.get(kind, {}).get((code, language), code)

    def comparator_wage_usd(self, day: np.datetime64) -> float:
        """Return the garment minimum wage of the year of a day, or of the last year known.

        It is law in that sector alone; elsewhere it is what a wage is compared with.
        """
        garment = self.minimum_wages[self.minimum_wages["sector"] == "garment"]
        by_year = garment.set_index("year")["monthly_usd"].sort_index()
        if np.isnat(day):
            return float(by_year.iloc[-1])
        year = int(str(day)[:4])
        past = by_year[by_year.index.astype(int) <= year]
        return float(past.iloc[-1] if len(past) else by_year.iloc[0])


def _names(table: pd.DataFrame, key: str) -> dict[tuple[str, str], str]:
    """Names by code and language."""
    codes = table[key].to_numpy(dtype=object)
    return {
        (str(code), language): str(name)
        for language in LANGUAGES
        for code, name in zip(codes, table[f"name_{language}"].to_numpy(dtype=object), strict=True)
    }


def _grouped(table: pd.DataFrame, key: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Skills by (key, relation)."""
    if table.empty:
        return {}
    groups = table.groupby([key, "relation"], sort=False)["skill"]
    return {(str(k), str(relation)): tuple(skills) for (k, relation), skills in groups}
