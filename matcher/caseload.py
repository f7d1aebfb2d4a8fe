"""The caseload: clients as validated, immutable columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import pandas as pd

from matcher.columns import (
    Flags,
    Floats,
    Objects,
    amounts,
    choice,
    code,
    codes,
    flag,
    key,
    number,
    text,
    words,
)
from matcher.table import ColumnTable, frame_records
from matcher.vocabulary import (
    DIFFICULTIES,
    DOCUMENTS,
    GEOCODE,
    GEOCODE_EXPECTED,
    ISCO,
    ISCO_EXPECTED,
    KINDS,
    SCHOOLING,
    SETTINGS,
    SEXES,
)


@dataclass(frozen=True, eq=False)
class Caseload(ColumnTable):
    """Clients, one a row; every field but the id may be unknown.

    Examples
    --------
    >>> caseload = Caseload.from_records([{"client_id": "C-1", "age_years": 24}])
    >>> len(caseload), float(caseload.age_years[0]), int(caseload.can_read[0])
    (1, 24.0, -1)
    """

    client_id: Objects = key("The client's id")
    household_id: Objects = text("The household's id")
    cohort: Objects = text("The group the client came home with")
    consent_to_match: Flags = flag("The client agreed that offers are looked for")
    sex: Objects = choice("For reports on fairness alone: nothing here scores on it", *SEXES)
    age_years: Floats = number("Age", "years", 0, 120)
    home_place: Objects = code("Where the client lives", GEOCODE, GEOCODE_EXPECTED)
    has_phone: Flags = flag("The client can be called")
    transport: Objects = choice("Best vehicle at hand", "none", "bicycle", "motorbike", "car")
    max_commute_minutes: Floats = number("Longest way to work, one way", "minutes", 0, 1440)
    willing_to_relocate: Flags = flag("Would live away from home for work")
    exclusion_areas: Objects = codes("Places never to be offered", GEOCODE, GEOCODE_EXPECTED)
    avoid_settings: Objects = words("Settings never to be offered", *SETTINGS)
    excluded_livelihoods: Objects = words("Work never to be offered, in any words")
    preferred_livelihoods: Objects = words("Work the client would like, in any words")
    preferred_kinds: Objects = words("Kinds of offer the client would like", *KINDS)
    skills: Objects = words("Skills held, by ESCO preferred term")
    experience: Objects = amounts("Years worked by ISCO-08 code", "years", ISCO, ISCO_EXPECTED)
    schooling: Objects = choice("Highest level completed", *SCHOOLING)
    can_read: Flags = flag("Reads and writes a simple message in Khmer")
    documents: Objects = words("Documents and licences held", *DOCUMENTS)
    difficulties: Objects = words("Functional difficulties (Washington Group)", *DIFFICULTIES)
    household_size: Floats = number("People in the household", "people", 1, 60)
    children_under_6: Floats = number("Children under six in her or his care", "children", 0, 30)
    childcare_at_home: Flags = flag("Someone at home looks after the children")
    household_income_usd: Floats = number("Income of the others", "USD a month", 0, 1e6)
    household_livelihoods: Objects = amounts("What the others live from", "USD a month")
    land_m2: Floats = number("Land that can be used", "m²", 0, 1e8)
    has_water: Flags = flag("Water lasts through the dry season")
    debt_usd: Floats = number("Debt outstanding", "USD", 0, 1e7)
    debt_service_usd: Floats = number("Paid on debt", "USD a month", 0, 1e6)
    capital_usd: Floats = number("Own money for a start", "USD", 0, 1e7)
    idpoor: Objects = choice("ID-poor level", "none", "idpoor1", "idpoor2")

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, Any]]) -> Self:
        """Build from records; a missing key or ``None`` is unknown.

        Raises
        ------
        InvalidRecords
            Listing every bad value with its row, field and what was expected.
        """
        return cls.of(cls._parse_records(records))

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Self:
        """Build from a frame with the same columns; NaN is unknown.

        Raises
        ------
        InvalidRecords
            Listing every bad value with its row, field and what was expected.
        """
        return cls.from_records(frame_records(frame))


NOBODY: Final = Caseload.from_records([{"client_id": "-"}])
"""One client of whom nothing is known: nothing may be offered to her."""
