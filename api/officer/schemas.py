"""What the officer side takes and answers about clients and households."""

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from api.fields import (
    Body,
    Difficulty,
    Document,
    Id,
    IdPoor,
    IscoCode,
    Kind,
    Schooling,
    Setting,
    Sex,
    Transport,
    Usd1M,
    Usd10M,
    Word,
    Words,
    Years,
)

Settings = Annotated[list[Setting], Field(max_length=20)]
Kinds = Annotated[list[Kind], Field(max_length=3)]
Experience = Annotated[dict[IscoCode, Annotated[float, Field(ge=0, le=80)]], Field(max_length=50)]


class HouseholdFields(Body):
    """What may be known of a household."""

    household_size: Annotated[int, Field(ge=1, le=60)] | None = None
    children_under_6: Annotated[int, Field(ge=0, le=30)] | None = None
    childcare_at_home: bool | None = None
    household_income_usd: Usd1M | None = Field(None, description="The others' income a month.")
    household_livelihoods: Annotated[dict[Word, Usd1M], Field(max_length=20)] | None = Field(
        None, description="US$ a month by livelihood, given by code or name."
    )
    land_m2: Annotated[float, Field(ge=0, le=1e8)] | None = None
    has_water: bool | None = Field(None, description="Water lasts through the dry season.")
    debt_usd: Usd10M | None = None
    debt_service_usd: Usd1M | None = Field(None, description="Paid on debt a month.")
    idpoor: IdPoor | None = None


class HouseholdNew(HouseholdFields):
    """A household to add."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "household_id": "H-EXAMPLE",
                    "household_size": 5,
                    "children_under_6": 1,
                    "childcare_at_home": True,
                    "household_income_usd": 90,
                    "household_livelihoods": {"rice": 60, "chickens": 30},
                    "debt_usd": 1200,
                    "debt_service_usd": 45,
                    "idpoor": "idpoor2",
                }
            ]
        }
    )

    household_id: Id | None = Field(None, description="Left out: one is made.")


class HouseholdChange(HouseholdFields):
    """What to change of a household; a field left out stays, null makes it unknown."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"debt_usd": 800}]})


class HouseholdOut(HouseholdFields):
    """A household as stored, with the clients who live in it."""

    household_id: str
    client_ids: list[str]
    version: int


class ClientFields(Body):
    """What may be known of a client; unknown is left out or null, never guessed."""

    household_id: Id | None = None
    cohort: Annotated[Word, Field(max_length=64)] | None = None
    officer: Annotated[Word, Field(max_length=64)] | None = Field(
        None, description="Who accompanies the client; nothing is matched by it."
    )
    consent_to_match: bool | None = Field(
        None, description="The client agreed that offers are looked for; unknown is not yes."
    )
    sex: Sex | None = None
    birth_date: dt.date | None = None
    age_years: Years | None = Field(None, description="Where the birth date is not known.")
    home_place: Word | None = Field(None, description="A geocode or a name, in either language.")
    has_phone: bool | None = None
    transport: Transport | None = None
    max_commute_minutes: Annotated[float, Field(ge=0, le=1440)] | None = None
    willing_to_relocate: bool | None = None
    exclusion_areas: Words | None = Field(None, description="Places never to be offered.")
    avoid_settings: Settings | None = None
    excluded_livelihoods: Words | None = Field(
        None, description="Work never to be offered, in the client's words; no reason is kept."
    )
    preferred_livelihoods: Words | None = None
    preferred_kinds: Kinds | None = None
    skills: Words | None = Field(None, description="Skills by any of their names.")
    experience: Experience | None = Field(None, description="Years by ISCO-08 code.")
    schooling: Schooling | None = None
    can_read: bool | None = None
    documents: Annotated[list[Document], Field(max_length=20)] | None = None
    difficulties: Annotated[list[Difficulty], Field(max_length=6)] | None = None
    capital_usd: Usd10M | None = Field(None, description="Own money for a start.")


class ClientNew(ClientFields):
    """A client to add. No name: the case file keeps it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "client_id": "C-EXAMPLE",
                    "cohort": "malaysia-august",
                    "consent_to_match": True,
                    "sex": "female",
                    "age_years": 27,
                    "home_place": "Prey Veng",
                    "transport": "bicycle",
                    "max_commute_minutes": 45,
                    "exclusion_areas": ["Phnom Penh"],
                    "avoid_settings": ["live_in"],
                    "excluded_livelihoods": ["pigs"],
                    "skills": ["sew textile-based articles"],
                    "experience": {"7531": 3},
                    "can_read": True,
                    "documents": ["national_id"],
                    "difficulties": [],
                }
            ]
        }
    )

    client_id: Id | None = Field(None, description="Left out: one is made.")


class ClientChange(ClientFields):
    """What to change of a client; a field left out stays, null makes it unknown."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"transport": "motorbike", "documents": ["national_id"]}]}
    )


class ClientOut(ClientFields):
    """A client as stored; ``age_years`` as of today."""

    client_id: str
    version: int


class ClientPage(Body):
    """Some clients, in order of id; the next ones behind the Link header."""

    items: list[ClientOut]
