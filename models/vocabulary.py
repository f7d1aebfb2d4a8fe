"""Words the columns admit, one tuple a column; the database refuses every other."""

SEX = ("female", "male", "other")
TRANSPORT = ("none", "bicycle", "motorbike", "car")
SCHOOLING = ("none", "primary", "lower_secondary", "upper_secondary", "tertiary")
IDPOOR = ("none", "idpoor1", "idpoor2")
GENDER_ONLY = ("female", "male")
KIND = ("vacancy", "training", "grant")
SUGGESTION_KIND = (*KIND, "pathway")
SECTOR = (
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
SETTING = (
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
DOCUMENT = (
    "national_id",
    "family_book",
    "birth_certificate",
    "driving_licence_a",
    "driving_licence_b",
    "driving_licence_c",
    "health_certificate",
    "bank_account",
)
DIFFICULTY = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
LANGUAGE = ("en", "km")
PLAN_STATUS = ("proposed", "applied", "released")
PLAN_PROOF = ("optimal", "feasible")
PLAN_STANDING = (
    "pinned",
    "best",
    "yields",
    "no_offer",
    "outbid",
    "no_money",
    "no_time",
    "together",
)
REFERRAL_STATE = ("sent", "accepted", "declined", "revoked")
OUTCOME = ("retained", "better", "ended", "harm", "not_reached")
WARNING = (
    "wish_to_migrate",
    "broker_contact",
    "coercive_debt",
    "income_below_line",
    "wage_arrears",
    "documents_held",
    "lost_contact",
    "climate_shock",
)
RUN_STATE = ("queued", "running", "done", "failed")
RUN_STEP = ("reading", "learning", "judging", "storing")
RUN_PROBLEM = ("refused", "interrupted", "unexpected")
