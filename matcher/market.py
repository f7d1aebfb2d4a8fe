"""The market: opportunities (vacancies, trainings, grants) as validated, immutable columns."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.columns import (
    Dates,
    Flags,
    Floats,
    Objects,
    are_unknown,
    choice,
    code,
    codes,
    date,
    flag,
    key,
    number,
    text,
    words,
)
from matcher.table import ColumnTable, InvalidRecords, Parsed, Problem, frame_records
from matcher.vocabulary import (
    DIFFICULTIES,
    DOCUMENTS,
    GEOCODE,
    GEOCODE_EXPECTED,
    GRANT,
    ISCO,
    ISCO_EXPECTED,
    KINDS,
    SCHOOLING,
    SECTORS,
    SETTINGS,
    TRAINING,
)


@dataclass(frozen=True, eq=False)
class Market(ColumnTable):
    """Opportunities, one a row, as they stand on a day.

    Examples
    --------
    >>> market = Market.from_records(
    ...     [{"opportunity_id": "V-1", "kind": "vacancy", "title": "Tailor", "seats": 2}]
    ... )
    >>> len(market), float(market.seats[0]), market.livelihood[0]
    (1, 2.0, None)
    """

    opportunity_id: Objects = key("The opportunity's id")
    kind: Objects = choice("What is offered", *KINDS, required=True)
    title: Objects = text("Title as posted", required=True)
    title_km: Objects = text("Title in Khmer")
    description: Objects = text("Description as posted")
    employer_id: Objects = text("Employer or provider")
    employer_name: Objects = text("Name of the employer or provider")
    employer_vetted: Flags = flag("Someone visited and vouches for the employer")
    vetted_until: Dates = date("Day the vetting ends")
    harm_report_open: Flags = flag("A credible report of harm is open")
    sector: Objects = choice("Branch of the employer", *SECTORS)
    livelihood: Objects = text("Livelihood of the reference table")
    isco_code: Objects = code("Occupation", ISCO, ISCO_EXPECTED)
    places: Objects = codes("Places of work, or areas served", GEOCODE, GEOCODE_EXPECTED)
    place_text: Objects = text("Place as posted")
    home_based: Flags = flag("The work is done at the client's home")
    monthly_wage_usd: Floats = number("Wage, low end", "USD a month", 0, 1e5)
    monthly_wage_max_usd: Floats = number("Wage, high end", "USD a month", 0, 1e5)
    hours_per_day: Floats = number("Normal hours", "hours a day", 0, 24)
    hours_per_week: Floats = number("Normal hours", "hours a week", 0, 168)
    overtime_hours_per_day: Floats = number("Overtime", "hours a day", 0, 24)
    overtime_compulsory: Flags = flag("Overtime can't be refused")
    overtime_premium: Floats = number("Overtime pay", "x normal pay", 0, 10)
    rest_day_premium: Floats = number("Night or rest-day overtime pay", "x normal pay", 0, 10)
    night_premium: Floats = number("Night work pay", "x normal pay", 0, 10)
    night_work: Flags = flag("Work between 22:00 and 05:00")
    weekly_rest_hours: Floats = number("Rest in a row each week", "hours", 0, 168)
    min_age: Floats = number("Lowest age admitted", "years", 0, 120)
    max_age: Floats = number("Highest age admitted", "years", 0, 120)
    hazardous: Flags = flag("Hazardous work under the labour law")
    gender_only: Objects = choice("Posted for one sex alone", "female", "male")
    annual_leave_days_per_month: Floats = number("Paid leave", "days a month", 0, 31)
    fixed_term_months: Floats = number("Fixed term; 0 = open-ended", "months", 0, 600)
    written_contract: Flags = flag("The contract is written")
    nssf_registered: Flags = flag("Registered with the National Social Security Fund")
    worker_fee_usd: Floats = number("Recruitment cost the worker pays", "USD", 0, 1e5)
    deposit_usd: Floats = number("Deposit or guarantee the worker leaves", "USD", 0, 1e5)
    documents_kept: Flags = flag("Identity documents are kept")
    debt_worked_off: Flags = flag("A debt is worked off")
    live_in: Flags = flag("The worker lives at the place of work")
    cross_border: Flags = flag("Work in another country")
    via_broker: Flags = flag("Recruited through a broker")
    guarded_compound: Flags = flag("Workers live or work in a guarded compound")
    settings: Objects = words("Settings of the work", *SETTINGS)
    housing_provided: Flags = flag("Safe housing comes with it")
    transport_provided: Flags = flag("The way to work is paid")
    required_skills: Objects = words("Skills needed, by ESCO preferred term")
    useful_skills: Objects = words("Skills that help, by ESCO preferred term")
    required_documents: Objects = words("Documents and licences needed", *DOCUMENTS)
    requires_reading: Flags = flag("Reading and writing Khmer is needed")
    required_schooling: Objects = choice("Schooling needed", *SCHOOLING)
    required_experience_years: Floats = number("Experience asked for", "years", 0, 60)
    demands: Objects = words("What the work essentially needs of the body", *DIFFICULTIES)
    adaptable: Flags = flag("The employer adapts the work to a disability")
    adaptations: Objects = words("Climate adaptations the offer comes with")
    seats: Floats = number("Open seats", "seats", 0, 1e6)
    posted_on: Dates = date("Day of posting")
    closes_on: Dates = date("Last day to apply")
    starts_on: Dates = date("First day")
    course_months: Floats = number("Length of the course", "months", 0, 60)
    stipend_usd: Floats = number("Stipend during the course", "USD a month", 0, 1e4)
    course_fee_usd: Floats = number("Course fee in total", "USD", 0, 1e5)
    teaches: Objects = words("Skills taught, by ESCO preferred term")
    grant_usd: Floats = number("Amount of the grant", "USD", 0, 1e6)
    cleared_flags: Objects = words("Review flags that an officer has cleared")
    as_of: np.datetime64 = np.datetime64("NaT", "D")

    @classmethod
    def from_records(
        cls, records: Iterable[Mapping[str, Any]], as_of: dt.date | None = None
    ) -> Self:
        """Build from records; a missing key or ``None`` is unknown.

        Parameters
        ----------
        records
            One mapping an opportunity.
        as_of
            The day on which closing dates, vettings and starts are judged; without it, the day
            of the newest posting.

        Raises
        ------
        InvalidRecords
            Listing every bad value with its row, field and what was expected; also where a day
            is needed to judge the dates and there is none.
        """
        return cls._judged_on(as_of, cls._parse_records(records))

    @classmethod
    def from_columns(
        cls, columns: Mapping[str, Sequence[Any]], as_of: dt.date | None = None
    ) -> Self:
        """Build from values by column, one an opportunity; a missing column is unknown.

        The quick way for many: nothing is made for each opportunity.

        Raises
        ------
        InvalidRecords
            As for records.
        ValueError
            Where columns differ in length, or there is none.
        """
        return cls._judged_on(as_of, cls._parse_mapping(columns))

    @classmethod
    def _judged_on(cls, as_of: dt.date | None, parsed: Parsed) -> Self:
        day = np.datetime64(as_of, "D") if as_of else _newest(parsed.arrays["posted_on"])
        if np.isnat(day) and (undated := list(_needs_a_day(parsed.arrays))):
            raise InvalidRecords(cls.__name__, undated)
        return cls.of(parsed, as_of=day)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, as_of: dt.date | None = None) -> Self:
        """Build from a frame with the same columns; NaN is unknown.

        Raises
        ------
        InvalidRecords
            Listing every bad value with its row, field and what was expected.
        """
        return cls.from_records(frame_records(frame), as_of)

    @classmethod
    def row_problems(cls, arrays: Mapping[str, NDArray[Any]]) -> Iterable[Problem]:
        """Yield wages out of order, grants for nothing, and courses of what is no training."""
        low, high = arrays["monthly_wage_usd"], arrays["monthly_wage_max_usd"]
        for row in np.flatnonzero(high < low):
            expected = f"at least the low end, {low[row]:g}"
            yield Problem(int(row), "monthly_wage_max_usd", float(high[row]), expected)
        for row in np.flatnonzero(arrays["kind"] == GRANT):
            if arrays["livelihood"][row] is None:
                yield Problem(int(row), "livelihood", None, "a livelihood: a grant is for one")
        for name in ("course_months", "teaches"):
            for row in np.flatnonzero(~are_unknown(arrays[name]) & (arrays["kind"] != TRAINING)):
                yield Problem(int(row), name, arrays[name][row], "nothing: not a training")


def _needs_a_day(arrays: Mapping[str, NDArray[Any]]) -> Iterable[Problem]:
    expected = "as_of, or a posting date on any record: a date can't be judged without a day"
    for name in ("closes_on", "starts_on", "vetted_until"):
        for row in np.flatnonzero(~np.isnat(arrays[name])):
            yield Problem(int(row), name, str(arrays[name][row]), expected)


def _newest(days: Dates) -> np.datetime64:
    known = days[~np.isnat(days)]
    return np.max(known) if len(known) else np.datetime64("NaT", "D")
