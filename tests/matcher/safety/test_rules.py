"""Every rule fires on its own smallest example, and not on its boundary."""

import datetime as dt

import pytest

from matcher.safety import RULES, Action

TODAY = dt.date(2026, 11, 23)
YESTERDAY = dt.date(2026, 11, 22)


def has(**facts):
    return facts


# One rule a row: its code, the least that breaks it, and the nearest that does not.
BLOCKS = [
    ("worker_fee", has(worker_fee_usd=0.01), has(worker_fee_usd=0.0)),
    ("deposit", has(deposit_usd=0.01), has(deposit_usd=0.0)),
    ("debt_worked_off", has(debt_worked_off=True), has(debt_worked_off=False)),
    ("documents_kept", has(documents_kept=True), has(documents_kept=False)),
    ("hours_per_day", has(hours_per_day=8.01), has(hours_per_day=8.0)),
    ("hours_per_week", has(hours_per_week=48.01), has(hours_per_week=48.0)),
    ("overtime_compulsory", has(overtime_compulsory=True), has(overtime_compulsory=False)),
    ("overtime_hours", has(overtime_hours_per_day=2.01), has(overtime_hours_per_day=2.0)),
    ("overtime_premium", has(overtime_premium=1.49), has(overtime_premium=1.5)),
    ("rest_day_premium", has(rest_day_premium=1.99), has(rest_day_premium=2.0)),
    (
        "night_premium",
        has(night_work=True, night_premium=1.29),
        has(night_work=True, night_premium=1.3),
    ),
    ("weekly_rest", has(weekly_rest_hours=23.99), has(weekly_rest_hours=24.0)),
    ("under_age", has(min_age=14.99), has(min_age=15.0)),
    ("under_age", has(min_age=14.0, max_age=30.0), has(min_age=15.0, max_age=30.0)),
    ("under_age", has(min_age=None, max_age=14.99), has(min_age=None, max_age=15.0)),
    ("under_age_hazardous", has(min_age=17.99, hazardous=True), has(min_age=18.0, hazardous=True)),
    (
        "under_age_hazardous",
        has(min_age=17.99, night_work=True),
        has(min_age=18.0, night_work=True),
    ),
    (
        "under_age_hazardous",
        has(min_age=17.0, settings=["night_work"]),
        has(min_age=17.0, settings=["at_sea"]),
    ),
    (
        "below_minimum_wage",
        has(sector="garment", monthly_wage_usd=209.99),
        has(sector="garment", monthly_wage_usd=210.0),
    ),
    (
        "below_minimum_wage",
        has(sector="garment", monthly_wage_usd=100.0),
        has(sector="retail", monthly_wage_usd=100.0),
    ),
    ("employer_not_vetted", has(employer_vetted=False), has(employer_vetted=True)),
    ("vetting_expired", has(vetted_until=YESTERDAY), has(vetted_until=TODAY)),
    ("harm_report", has(harm_report_open=True), has(harm_report_open=False)),
    ("employer_paused", has(harm_report_open=True), has(harm_report_open=False)),
]
REVIEWS = [
    ("guarded_compound", has(guarded_compound=True), has(guarded_compound=False)),
    ("cross_border", has(cross_border=True), has(cross_border=False)),
    ("via_broker", has(via_broker=True), has(via_broker=False)),
    ("brick_kiln", has(sector="brick_kiln"), has(sector="manufacturing")),
    ("distant_water_fishing", has(sector="distant_water_fishing"), has(sector="fishing")),
    ("distant_water_fishing", has(isco_code="6223"), has(isco_code="6222")),
    ("domestic_work", has(sector="domestic_work"), has(sector="services")),
    ("domestic_work", has(isco_code="9111"), has(isco_code="9112")),
    ("domestic_work", has(settings=["domestic_work"]), has(settings=["at_sea"])),
    ("live_in", has(live_in=True), has(live_in=False)),
    ("live_in", has(settings=["live_in"]), has(settings=[])),
    ("fixed_term", has(fixed_term_months=24.01), has(fixed_term_months=24.0)),
    ("unwritten_contract", has(written_contract=False), has(written_contract=True)),
    ("nssf_not_registered", has(nssf_registered=False), has(nssf_registered=True)),
    ("annual_leave", has(annual_leave_days_per_month=1.49), has(annual_leave_days_per_month=1.5)),
    ("gender_restricted", has(gender_only="female"), has(gender_only=None)),
    ("age_restricted", has(min_age=18.01), has(min_age=18.0)),
    ("age_restricted", has(max_age=60.0), has(max_age=None)),
]
NOTES = [
    ("boarding", has(kind="training", live_in=True), has(kind="training", live_in=False)),
]
BOUNDARIES = [
    *(("block", *row) for row in BLOCKS),
    *(("review", *row) for row in REVIEWS),
    *(("note", *row) for row in NOTES),
]

# One silence a row: its code, what is not known, and what is enough to know.
ASKED = [
    ("worker_fee_unknown", has(worker_fee_usd=None), has()),
    ("deposit_unknown", has(deposit_usd=None), has()),
    ("documents_kept_unknown", has(documents_kept=None), has()),
    ("debt_worked_off_unknown", has(debt_worked_off=None), has()),
    ("hours_unknown", has(hours_per_day=None, hours_per_week=None), has(hours_per_day=None)),
    ("hours_unknown", has(hours_per_day=None, hours_per_week=None), has(hours_per_week=None)),
    ("weekly_rest_unknown", has(weekly_rest_hours=None), has()),
    ("overtime_compulsory_unknown", has(overtime_compulsory=None), has()),
    ("vetting_unknown", has(employer_vetted=None), has()),
    ("vetting_unknown", has(employer_id=None, employer_name=None), has(employer_id=None)),
    (
        "minimum_wage_unknown",
        has(sector="garment", monthly_wage_usd=None),
        has(sector="retail", monthly_wage_usd=None),
    ),
    ("young_work_unknown", has(min_age=17.0, hazardous=None), has(min_age=18.0, hazardous=None)),
    (
        "young_work_unknown",
        has(min_age=17.0, night_work=None),
        has(min_age=17.0, night_work=None, hazardous=True),
    ),
]
NOTED = [
    ("overtime_hours_unknown", has(overtime_hours_per_day=None), has()),
    (
        "overtime_premium_unknown",
        has(overtime_premium=None),
        has(overtime_premium=None, overtime_hours_per_day=0.0),
    ),
    (
        "rest_day_premium_unknown",
        has(rest_day_premium=None),
        has(rest_day_premium=None, overtime_hours_per_day=0.0),
    ),
    ("night_premium_unknown", has(night_premium=None, night_work=True), has(night_premium=None)),
    ("min_age_unknown", has(min_age=None), has()),
    ("written_contract_unknown", has(written_contract=None), has()),
    ("nssf_unknown", has(nssf_registered=None), has()),
    ("annual_leave_unknown", has(annual_leave_days_per_month=None), has()),
    ("live_in_unknown", has(live_in=None), has(live_in=None, settings=["live_in"])),
    ("via_broker_unknown", has(via_broker=None), has()),
    ("cross_border_unknown", has(cross_border=None), has()),
    ("guarded_compound_unknown", has(guarded_compound=None), has()),
    ("sector_unknown", has(sector=None), has()),
    ("vetting_end_unknown", has(vetted_until=None), has(vetted_until=None, employer_vetted=None)),
    ("harm_report_unknown", has(harm_report_open=None), has()),
]
SILENCES = [*(("review", *row) for row in ASKED), *(("note", *row) for row in NOTED)]


def test_an_offer_that_stands_on_every_limit_is_clear_without_a_flag(offer, judge):
    result = judge(offer())
    assert result.verdict[0] == "clear"
    assert result.flags("O-1") == ()


@pytest.mark.parametrize("kind", ["training", "grant"])
def test_a_training_and_a_grant_owe_no_answer_on_hours_and_contract(offer, judge, kind):
    result = judge(offer(kind=kind))
    assert result.verdict[0] == "clear"
    assert result.flags("O-1") == ()


@pytest.mark.parametrize(("action", "code", "broken", "kept"), BOUNDARIES)
def test_a_rule_fires_past_its_limit_and_not_on_it(judge, offer, code, action, broken, kept):
    result = judge(offer("broken", employer_id="A") | broken, offer("kept", employer_id="B") | kept)
    found = {flag.code: flag for flag in result.flags("broken")}
    assert found[code].action == action
    assert code not in {flag.code for flag in result.flags("kept")}
    if action != "note":
        assert result.verdict[0] == action


@pytest.mark.parametrize(("action", "code", "silent", "enough"), SILENCES)
def test_silence_is_flagged_where_it_matters(judge, offer, code, action, silent, enough):
    result = judge(offer("silent") | silent, offer("said") | enough)
    found = {flag.code: flag for flag in result.flags("silent")}
    assert found[code].action == action
    assert found[code].evidence["not_stated"]
    assert code not in {flag.code for flag in result.flags("said")}
    assert result.verdict[0] == {"review": "review", "note": "clear"}[action]


def test_every_rule_and_every_silence_has_its_example():
    assert {rule.code for rule in RULES} == {row[1] for row in BOUNDARIES}
    assert {r.silence.code for r in RULES if r.silence} == {row[1] for row in SILENCES}


def test_codes_are_unique_and_every_rule_names_its_source():
    codes = [rule.code for rule in RULES] + [r.silence.code for r in RULES if r.silence]
    assert len(codes) == len(set(codes))
    assert all(rule.source and rule.fields for rule in RULES)
    assert {rule.basis for rule in RULES} <= {"published", "recalled", "judgement"}


def test_nothing_but_the_stated_facts_of_a_rule_changes_it(offer, codes):
    everything_unlawful = {"hours_per_day": 9.0, "deposit_usd": 50.0, "live_in": True}
    assert codes(offer(**everything_unlawful)) == {"hours_per_day", "deposit", "live_in"}


@pytest.mark.parametrize("age", [12.0, 13.0, 14.0])
def test_light_work_from_twelve_to_fifteen_is_not_offered(offer, judge, age):
    assert judge(offer(min_age=age)).verdict[0] == "block"


@pytest.mark.parametrize(
    ("changes", "raised"),
    [
        # A premium counts where such work exists or may exist.
        ({"overtime_premium": 1.0, "overtime_hours_per_day": 0.0}, False),
        ({"overtime_premium": 1.0, "overtime_hours_per_day": None}, True),
        (
            {
                "overtime_premium": 1.0,
                "overtime_hours_per_day": 0.0,
                "overtime_compulsory": True,
            },
            True,
        ),
    ],
)
def test_an_overtime_premium_counts_unless_there_is_no_overtime(offer, codes, changes, raised):
    assert ("overtime_premium" in codes(offer(**changes))) is raised


@pytest.mark.parametrize(("night_work", "raised"), [(False, False), (None, True), (True, True)])
def test_a_night_premium_counts_unless_there_is_no_night_work(offer, codes, night_work, raised):
    assert ("night_premium" in codes(offer(night_work=night_work, night_premium=1.0))) is raised


@pytest.mark.parametrize(
    ("kind", "changes", "verdict"),
    [
        # Employer, documents, deposit, debt and access hold for every kind of offer.
        ("training", {"employer_vetted": False}, "block"),
        ("grant", {"harm_report_open": True}, "block"),
        ("training", {"documents_kept": True}, "block"),
        ("grant", {"deposit_usd": 10.0}, "block"),
        ("training", {"debt_worked_off": True}, "block"),
        ("training", {"worker_fee_usd": 10.0}, "block"),
        ("grant", {"gender_only": "female"}, "review"),
        ("training", {"max_age": 35.0}, "review"),
        ("training", {"guarded_compound": True}, "review"),
        ("grant", {"cross_border": True}, "review"),
        # A course fee is no recruitment fee, boarding is usual, hours are the school's.
        ("training", {"course_fee_usd": 200.0}, "clear"),
        ("training", {"live_in": True}, "clear"),
        ("training", {"hours_per_day": 9.0, "written_contract": False}, "clear"),
        ("training", {"sector": "garment", "monthly_wage_usd": 10.0}, "clear"),
        ("training", {"min_age": 14.0}, "clear"),
        ("grant", {"worker_fee_usd": None}, "clear"),
        ("training", {"worker_fee_usd": None}, "review"),
    ],
)
def test_which_rules_hold_for_trainings_and_grants(offer, judge, kind, changes, verdict):
    assert judge(offer(kind=kind, **changes)).verdict[0] == verdict


def test_silence_never_blocks():
    silences = [rule.silence for rule in RULES if rule.silence]
    assert all(silence.action in (Action.REVIEW, Action.NOTE) for silence in silences)
