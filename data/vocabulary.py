"""The words that reference tables and records may use."""

BASES = frozenset({"published", "recalled", "judgement"})
HAZARDS = ("flood", "drought", "heat", "wind", "lightning")
CONFIDENCES = frozenset({"high", "medium", "low"})
LEVELS = frozenset({"province", "district", "commune"})
DIFFICULTIES = frozenset(
    {"seeing", "hearing", "walking", "remembering", "self_care", "communicating"}
)
FAMILIES = frozenset(
    {
        "livestock",
        "aquaculture",
        "crops",
        "forest",
        "food",
        "trade",
        "crafts",
        "textile",
        "repair",
        "construction",
        "hospitality",
        "personal_services",
        "transport",
        "manufacturing",
        "digital",
        "services",
    }
)
SECTORS = frozenset(
    {
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
    }
)
