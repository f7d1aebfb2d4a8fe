"""Words with a fixed meaning that records, gates and features share."""

from typing import Final

VACANCY: Final = "vacancy"
TRAINING: Final = "training"
GRANT: Final = "grant"
PATHWAY: Final = "pathway"

KINDS: Final = (VACANCY, TRAINING, GRANT)
"""Kinds of opportunity; a pathway is two of them in a row and never a record of its own."""

SEXES: Final = ("female", "male", "other")

SCHOOLING: Final = ("none", "primary", "lower_secondary", "upper_secondary", "tertiary")
"""Levels of schooling completed, lowest first."""

DIFFICULTIES: Final = (
    "seeing",
    "hearing",
    "walking",
    "remembering",
    "self_care",
    "communicating",
)
"""The six domains of the Washington Group Short Set on Functioning."""

SETTINGS: Final = (
    "live_in",
    "domestic_work",
    "night_work",
    "enclosed_site",
    "at_sea",
    "alcohol_served",
    "alone_with_employer",
    "heavy_machinery",
    "far_from_home",
)
"""Settings of work that a client may want to avoid."""

DOCUMENTS: Final = (
    "national_id",
    "family_book",
    "birth_certificate",
    "driving_licence_a",
    "driving_licence_b",
    "driving_licence_c",
    "health_certificate",
    "bank_account",
)

SECTORS: Final = (
    "garment",
    "construction",
    "domestic_work",
    "hospitality",
    "retail",
    "agriculture",
    "fishing",
    "distant_water_fishing",
    "brick_kiln",
    "transport",
    "manufacturing",
    "services",
    "security",
    "education",
    "health",
    "finance",
    "ict",
    "public",
    "other",
)

HAZARDS: Final = ("flood", "drought", "heat", "wind")
"""Hazards that livelihoods are rated against, in the order of every hazard axis."""

GEOCODE: Final = r"[0-9]{2}([0-9]{2}){0,3}"
GEOCODE_EXPECTED: Final = "a geocode of 2, 4, 6 or 8 digits as text, leading zero included"
ISCO: Final = r"[0-9]{1,4}"
ISCO_EXPECTED: Final = "an ISCO-08 code of 1 to 4 digits as text"
