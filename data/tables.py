"""The declared shape of every reference table: columns, keys and links between tables."""

from collections.abc import Iterable

from data.schema import Column, Table
from data.vocabulary import BASES, CONFIDENCES, DIFFICULTIES, FAMILIES, HAZARDS, SECTORS


def _text(*names: str, blank: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, blank=blank) for name in names)


def _numbers(
    *names: str, low: float | None = 0, high: float | None = None, blank: bool = False
) -> tuple[Column, ...]:
    return tuple(Column(name, "number", blank=blank, low=low, high=high) for name in names)


def _choice(name: str, values: Iterable[str]) -> Column:
    return Column(name, choices=frozenset(values))


_SOURCE = (Column("source"), _choice("basis", BASES))
_ISCO_UNIT = r"\d{4}"
_PLACE = r"\d{2}|\d{4}|\d{6}"
_SLUG = r"[a-z][a-z0-9_]*"
_LATITUDE = Column("latitude", "number", low=9.5, high=15.0)
_LONGITUDE = Column("longitude", "number", low=102.0, high=108.0)
_HAZARD = (
    Column("place", pattern=_PLACE, link="places.code"),
    _choice("hazard", HAZARDS),
    Column("level", "number", low=1, high=4),
    _choice("confidence", CONFIDENCES),
    *_SOURCE,
)

PROVINCES = Table(
    "provinces",
    (
        Column("code", pattern=r"\d{2}"),
        Column("iso", pattern=r"KH-\d{1,2}"),
        *_text("name_en", "name_km", "capital"),
        _LATITUDE,
        _LONGITUDE,
        Column("population_2019", "integer", low=1),
        *(Column(name, "integer", low=1, high=4) for name in HAZARDS),
        *(_choice(f"{name}_confidence", CONFIDENCES) for name in HAZARDS),
        Column("drought_sources", "integer", low=0),
        *_numbers("svi_mean", "idpoor_household_share", high=1),
        *_SOURCE,
    ),
    key=("code",),
)
DISTRICT_COORDINATES = Table(
    "district_coordinates",
    (
        Column("code", pattern=r"\d{4}", link="places.code"),
        _LATITUDE,
        _LONGITUDE,
        *_numbers("within_km"),
        Column("point"),
        *_SOURCE,
    ),
    key=("code",),
)
PLACE_ALIASES = Table(
    "place_aliases",
    (Column("alias"), Column("code", pattern=_PLACE, link="places.code"), *_SOURCE),
    key=("alias", "code"),
)
HAZARDS_COMMUNES = Table("hazards_communes", _HAZARD, key=("place", "hazard"), built_in=False)
LIVELIHOODS = Table(
    "livelihoods",
    (
        Column("livelihood", pattern=_SLUG),
        *_text("name_en", "name_km"),
        Column("isco_code", pattern=_ISCO_UNIT, link="isco.code"),
        Column("also_isco", "words", blank=True, pattern=_ISCO_UNIT, link="isco.code"),
        _choice("family", FAMILIES),
        _choice("sector", SECTORS),
        Column("home_based", "flag"),
        Column("outdoor", "flag"),
        *_numbers("flood", "drought", "heat", "wind", high=4),
        *_numbers("startup_low_usd", "startup_high_usd"),
        *_numbers("income_low_usd", "income_high_usd"),
        *_numbers("months_to_first_income", "course_months", "land_m2"),
        Column("needs_water", "flag"),
        Column("demands", "words", blank=True, choices=DIFFICULTIES),
        Column("keywords", "words"),
        Column("note", blank=True),
        *_SOURCE,
    ),
    key=("livelihood",),
)
LIVELIHOOD_FAMILIES = Table(
    "livelihood_families",
    (
        _choice("family", FAMILIES),
        *_text("name_en", "name_km"),
        Column("keywords", "words"),
        Column("isco_prefixes", "words", blank=True, pattern=r"\d{1,4}", link="isco.code"),
        *_SOURCE,
    ),
    key=("family",),
)
ADAPTATIONS = Table(
    "adaptations",
    (
        Column("livelihood", link="livelihoods.livelihood"),
        Column("adaptation", pattern=_SLUG),
        *_text("name_en", "name_km"),
        _choice("hazard", HAZARDS),
        *_numbers("credit", high=1),
        *_numbers("cost_usd"),
        *_SOURCE,
    ),
    key=("livelihood", "adaptation", "hazard"),
)
LIVELIHOOD_SKILLS = Table(
    "livelihood_skills",
    (
        Column("livelihood", link="livelihoods.livelihood"),
        Column("skill", link="skills.skill"),
        _choice("relation", ("required", "useful")),
        *_SOURCE,
    ),
    key=("livelihood", "skill"),
)
SKILLS = Table(
    "skills",
    (
        Column("skill"),
        Column("name_km", blank=True),
        Column("alt_labels", "words", blank=True),
        *_text("group", "branch", blank=True),
        _choice("skill_type", ("skill", "knowledge", "language")),
        _choice(
            "reuse_level",
            ("transversal", "cross-sector", "sector-specific", "occupation-specific"),
        ),
        Column("uri", blank=True),
        Column("at_intake", "flag"),
        *_SOURCE,
    ),
    key=("skill",),
)
OCCUPATION_SKILLS = Table(
    "occupation_skills",
    (
        Column("isco_code", pattern=_ISCO_UNIT, link="isco.code"),
        Column("skill", link="skills.skill"),
        _choice("relation", ("essential", "optional", "required", "useful")),
    ),
    key=("isco_code", "skill"),
    built_in=False,
)
ISCO = Table(
    "isco",
    (
        Column("code", pattern=r"\d{1,4}"),
        Column("title_en"),
        Column("title_km", blank=True),
        Column("level", "integer", low=1, high=4),
        Column("parent", blank=True, pattern=r"\d{1,3}", link="isco.code"),
        *_SOURCE,
    ),
    key=("code",),
)
MINIMUM_WAGES = Table(
    "minimum_wages",
    (
        Column("year", "integer", low=1997, high=2100),
        _choice("sector", SECTORS),
        *_numbers("monthly_usd"),
        *_SOURCE,
    ),
    key=("year", "sector"),
)
PARAMETERS = Table(
    "parameters",
    (
        Column("name", pattern=_SLUG),
        Column("value", "number"),
        Column("unit"),
        *_SOURCE,
        Column("note", blank=True),
    ),
    key=("name",),
)
CORRELATIONS = Table(
    "correlations",
    (
        _choice("hazard_a", HAZARDS),
        _choice("hazard_b", HAZARDS),
        *_numbers("correlation", low=-1, high=1),
        *_SOURCE,
    ),
    key=("hazard_a", "hazard_b"),
)
TRANSPORT_MODES = Table(
    "transport_modes",
    (
        Column("mode", pattern=_SLUG),
        Column("km_per_hour", "number", low=1, high=100),
        *_numbers("fixed_minutes", "usd_per_km"),
        *_SOURCE,
        Column("note", blank=True),
    ),
    key=("mode",),
)
DOCUMENTS = Table(
    "documents",
    (
        Column("document", pattern=_SLUG),
        *_text("name_en", "name_km"),
        *_numbers("cost_usd", "weeks"),
        *_SOURCE,
    ),
    key=("document",),
)
SETTINGS = Table(
    "settings",
    (Column("setting", pattern=_SLUG), *_text("name_en", "name_km"), *_SOURCE),
    key=("setting",),
)
SCREEN_WORDS = Table(
    "screen_words",
    (
        Column("word"),
        _choice("language", ("en", "km")),
        Column("flag", pattern=_SLUG),
        *_SOURCE,
    ),
    key=("word", "language", "flag"),
)
PHRASES = Table("phrases", _text("key", "en", "km"), key=("key",))
SCORECARD = Table("scorecard", ())

TABLES = (
    PROVINCES,
    DISTRICT_COORDINATES,
    PLACE_ALIASES,
    HAZARDS_COMMUNES,
    ISCO,
    LIVELIHOODS,
    LIVELIHOOD_FAMILIES,
    ADAPTATIONS,
    SKILLS,
    LIVELIHOOD_SKILLS,
    OCCUPATION_SKILLS,
    MINIMUM_WAGES,
    PARAMETERS,
    CORRELATIONS,
    TRANSPORT_MODES,
    DOCUMENTS,
    SETTINGS,
    SCREEN_WORDS,
    SCORECARD,
    PHRASES,
)
