"""What the readers of cells look things up in."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from data.places import Gazetteer
from data.reference import Reference

__all__ = ["Context", "RowNotes"]


@dataclass
class RowNotes:
    """What one row leaves untold; counted only where the row is good."""

    counts: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Context:
    """The reference tables, prepared for look-up by text.

    Parameters
    ----------
    reference
        Reference tables.
    as_of
        Day on which ages are counted; None where no date of birth is read.
    """

    reference: Reference
    as_of: dt.date | None = None

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Places by code, name, alias and misspelling."""
        return Gazetteer(self.reference)

    @cached_property
    def khr_per_usd(self) -> float | None:
        """Riels a dollar, or None where the parameters do not say."""
        return self._parameter("khr_per_usd")

    @cached_property
    def working_days_per_month(self) -> float | None:
        """Working days a month, or None where the parameters do not say."""
        return self._parameter("working_days_per_month")

    def _parameter(self, name: str) -> float | None:
        frame = self.reference.parameters
        values = frame.loc[frame["name"] == name, "value"]
        value = float(values.iloc[0]) if len(values) else math.nan
        return value if value > 0 else None

    @cached_property
    def isco_codes(self) -> frozenset[str]:
        """ISCO-08 codes of all four levels."""
        return frozenset(self.reference.isco["code"])

    @cached_property
    def livelihoods(self) -> dict[str, str]:
        """ISCO-08 unit group by livelihood."""
        frame = self.reference.livelihoods
        return dict(zip(frame["livelihood"], frame["isco_code"], strict=True))

    @cached_property
    def skills(self) -> dict[str, str]:
        """Preferred term by lower-case preferred term, Khmer name and other label."""
        frame = self.reference.skills
        terms: dict[str, str] = {}
        for skill, labels in zip(frame["skill"], frame["alt_labels"], strict=True):
            for label in labels:
                terms.setdefault(label.casefold(), skill)
        for skill, name_km in zip(frame["skill"], frame["name_km"], strict=True):
            if name_km:
                terms[name_km.casefold()] = skill
        terms.update((skill.casefold(), skill) for skill in frame["skill"])
        return terms

    @cached_property
    def place_cache(self) -> dict[str, str | None]:
        """Geocodes by text already looked up; None where the text names none."""
        return {}
