"""The fields of an opportunity record: how each is read and written, and what it may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from data.vocabulary import DIFFICULTIES, SECTORS

__all__ = ["CLIENT_FIELDS", "OPPORTUNITY_FIELDS", "Field"]

KINDS = ("vacancy", "training", "grant")
SCHOOLING = ("none", "primary", "lower_secondary", "upper_secondary", "tertiary")
SETTINGS = (
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
DOCUMENTS = (
    "national_id",
    "family_book",
    "birth_certificate",
    "driving_licence_a",
    "driving_licence_b",
    "driving_licence_c",
    "health_certificate",
    "bank_account",
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    Parameters
    ----------
    name
        Key in the record.
    reads
        Name of the reader used where the mapping names none.
    about
        What it means, with its unit; shown in the template.
    words
        Allowed words; empty where any text will do.
    low, high
        Bounds of a number, inclusive.
    """

    name: str
    reads: str
    about: str
    words: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 100_000.0


def _table(*fields: Field) -> Mapping[str, Field]:
    return MappingProxyType({field.name: field for field in fields})


OPPORTUNITY_FIELDS = _table(
    Field("opportunity_id", "text", "Your own number of the posting; made from it where blank"),
    Field("kind", "word", "What is offered", KINDS),
    Field("title", "text", "Title as posted"),
    Field("title_km", "text", "Title in Khmer"),
    Field("description", "text", "Description as posted"),
    Field("employer_id", "text", "Your own number of the employer or provider"),
    Field("employer_name", "text", "Name of the employer or provider"),
    Field("employer_vetted", "yes_no", "Someone visited and vouches for the employer"),
    Field("vetted_until", "date", "Day the vetting ends"),
    Field("harm_report_open", "yes_no", "A credible report of harm is open"),
    Field("sector", "word", "Branch of the employer", tuple(sorted(SECTORS))),
    Field("livelihood", "livelihood", "Livelihood of the reference table"),
    Field("isco_code", "isco", "Occupation: ISCO-08 code of 1 to 4 digits"),
    Field("places", "places", "Places of work or areas served: names or geocodes"),
    Field("place_text", "text", "Place as posted"),
    Field("home_based", "yes_no", "The work is done at the client's home"),
    Field("monthly_wage_usd", "money", "Wage, low end, USD a month"),
    Field("monthly_wage_max_usd", "money", "Wage, high end, USD a month"),
    Field("hours_per_day", "number", "Normal hours a day", high=24),
    Field("hours_per_week", "number", "Normal hours a week", high=168),
    Field("overtime_hours_per_day", "number", "Overtime, hours a day", high=24),
    Field("overtime_premium", "number", "Overtime pay, times normal pay (1.5 = 150 %)", high=10),
    Field("rest_day_premium", "number", "Night or rest-day overtime, times normal pay", high=10),
    Field("night_premium", "number", "Night work, times normal pay", high=10),
    Field("weekly_rest_hours", "number", "Rest in a row each week, hours", high=168),
    Field("overtime_compulsory", "yes_no", "Overtime can't be refused"),
    Field("night_work", "yes_no", "Work between 22:00 and 05:00"),
    Field("min_age", "number", "Lowest age admitted, years", high=120),
    Field("max_age", "number", "Highest age admitted, years", high=120),
    Field("hazardous", "yes_no", "Hazardous work under the labour law"),
    Field("gender_only", "gender", "Posted for one sex alone", ("female", "male")),
    Field("annual_leave_days_per_month", "number", "Paid leave, days a month", high=31),
    Field("fixed_term_months", "number", "Fixed term in months; 0 = open-ended", high=600),
    Field("written_contract", "yes_no", "The contract is written"),
    Field("nssf_registered", "yes_no", "Registered with the National Social Security Fund"),
    Field("worker_fee_usd", "money", "Recruitment cost the worker pays, USD"),
    Field("deposit_usd", "money", "Deposit or guarantee the worker leaves, USD"),
    Field("documents_kept", "yes_no", "Identity documents are kept"),
    Field("debt_worked_off", "yes_no", "A debt is worked off"),
    Field("live_in", "yes_no", "The worker lives at the place of work"),
    Field("cross_border", "yes_no", "Work in another country"),
    Field("via_broker", "yes_no", "Recruited through a broker"),
    Field("guarded_compound", "yes_no", "Workers live or work in a guarded compound"),
    Field("settings", "words", "Settings of the work", SETTINGS),
    Field("housing_provided", "yes_no", "Safe housing comes with it"),
    Field("transport_provided", "yes_no", "The way to work is paid"),
    Field("required_skills", "skills", "Skills needed, by ESCO preferred term"),
    Field("useful_skills", "skills", "Skills that help, by ESCO preferred term"),
    Field("required_documents", "words", "Documents and licences needed", DOCUMENTS),
    Field("requires_reading", "yes_no", "Reading and writing Khmer is needed"),
    Field("required_schooling", "word", "Schooling needed", SCHOOLING),
    Field("required_experience_years", "number", "Experience asked for, years", high=60),
    Field(
        "demands",
        "words",
        "What the work essentially needs of the body",
        tuple(sorted(DIFFICULTIES)),
    ),
    Field("adaptable", "yes_no", "The employer adapts the work to a disability"),
    Field("adaptations", "texts", "Climate adaptations the offer comes with"),
    Field("seats", "integer", "Open seats", high=1_000_000),
    Field("posted_on", "date", "Day of posting"),
    Field("closes_on", "date", "Last day to apply"),
    Field("starts_on", "date", "First day"),
    Field("course_months", "number", "Training: length of the course, months", high=60),
    Field("stipend_usd", "money", "Training: stipend, USD a month", high=10_000),
    Field("course_fee_usd", "money", "Training: fee in total, USD"),
    Field("teaches", "skills", "Training: skills taught, by ESCO preferred term"),
    Field("grant_usd", "money", "Grant: amount, USD", high=1_000_000),
    Field("cleared_flags", "texts", "Review flags that an officer has cleared"),
)
"""Every field of an opportunity that a table can fill, in the order of the template."""

CLIENT_FIELDS = _table(
    Field("client_id", "text", "The case number"),
    Field("household_id", "text", "The household's number"),
    Field("sex", "word", "Sex", ("female", "male", "other")),
    Field("age_years", "birth_date", "Age in years on the day of the import"),
    Field("home_place", "home_place", "Home: province, district, commune, village"),
    Field("idpoor", "word", "Rated poor by the ID Poor programme", ("none", "idpoor1", "idpoor2")),
    Field("consent_to_match", "consent", "The client agrees to be matched"),
)
"""Fields of a client that a case-management export can fill; never a name."""
