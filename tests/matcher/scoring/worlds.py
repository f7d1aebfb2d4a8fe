"""Small random worlds: demo records, shuffled until every state of every field comes up."""

import random
from datetime import timedelta

from data.demo import world
from matcher import Caseload, Market
from matcher.vocabulary import DIFFICULTIES, DOCUMENTS, KINDS, SCHOOLING, SETTINGS

PLACES = ("0102", "01", "12", "1201", "120101", "0206", "02", "99", "17", "1710", "171004")
AREAS = (*PLACES, "1299", "129901", "120199")
NEAR = ("1201", "120101", "12", "0801")
WORDS = ("pig raising", "6121", "tailor", "52", "nonsense that means nothing", "chickens", "9")
TOGETHER = ("pigs and chickens", "tailor, nonsense", "pig_raising")
SAFETY = {"worker_fee_usd", "deposit_usd", "documents_kept", "hours_per_day", "employer_vetted"}
CLIENT = {
    "exclusion_areas": lambda dice: dice.sample(AREAS, dice.randint(0, 3)),
    "excluded_livelihoods": lambda dice: dice.sample(WORDS + TOGETHER, dice.randint(0, 2)),
    "preferred_livelihoods": lambda dice: dice.sample(WORDS + TOGETHER, dice.randint(0, 2)),
    "preferred_kinds": lambda dice: dice.sample(KINDS, dice.randint(0, 2)),
    "avoid_settings": lambda dice: dice.sample(SETTINGS, dice.randint(0, 4)),
    "difficulties": lambda dice: dice.sample(DIFFICULTIES, dice.randint(0, 3)),
    "documents": lambda dice: dice.sample(DOCUMENTS, dice.randint(0, 8)),
    "schooling": lambda dice: dice.choice(SCHOOLING),
    "experience": lambda dice: {code: dice.random() * 9 for code in ("7531", "61", "5")},
    "transport": lambda dice: dice.choice(("none", "bicycle", "motorbike", "car")),
    "willing_to_relocate": lambda dice: dice.random() < 0.5,
    "home_place": lambda dice: dice.choice(PLACES),
    "age_years": lambda dice: dice.choice((14.0, 16.5, 17.0, 18.0, 33.0, 61.0)),
    "max_commute_minutes": lambda dice: dice.choice((0.0, 20.0, 60.0, 400.0)),
    "capital_usd": lambda dice: dice.choice((0.0, 50.0, 1e4)),
    "land_m2": lambda dice: dice.choice((0.0, 100.0, 1e5)),
    "has_water": lambda dice: dice.random() < 0.5,
    "household_livelihoods": lambda dice: dice.choice(({}, {"pig_raising": 80.0}, {"x": 3.0})),
}
OFFER = {
    "places": lambda dice: dice.sample(PLACES, dice.randint(0, 4)),
    "home_based": lambda dice: dice.random() < 0.5,
    "housing_provided": lambda dice: dice.random() < 0.7,
    "transport_provided": lambda dice: dice.random() < 0.5,
    "required_documents": lambda dice: dice.sample(DOCUMENTS, dice.randint(0, 2)),
    "required_schooling": lambda dice: dice.choice(SCHOOLING),
    "requires_reading": lambda dice: dice.random() < 0.5,
    "settings": lambda dice: dice.sample(SETTINGS, dice.randint(0, 2)),
    "demands": lambda dice: dice.sample(DIFFICULTIES, dice.randint(0, 3)),
    "adaptable": lambda dice: dice.random() < 0.5,
    "required_experience_years": lambda dice: dice.choice((0.0, 1.0, 4.0)),
    "seats": lambda dice: dice.choice((0.0, 3.0)),
    "required_skills": lambda dice: dice.choice(([], ["sew garments"], ["no such skill"])),
    "useful_skills": lambda dice: dice.choice(([], ["sew garments", "maintain hygiene"])),
    "isco_code": lambda dice: dice.choice(("7531", "61", "5", "9622")),
    "max_age": lambda dice: dice.choice((17.0, 40.0)),
}
NEEDED = {"client_id", "opportunity_id", "kind", "title", "course_months", "teaches"} | SAFETY


def shuffled(record, changes, dice, keep):
    """One record with some fields forgotten and some drawn anew."""
    told = dict(record)
    for name in record:
        if name not in NEEDED and name not in keep and dice.random() < 0.06:
            told[name] = None
    for name, draw in changes.items():
        if dice.random() < 0.12:
            told[name] = draw(dice)
    if dice.random() < 0.8:
        told |= eased(told, dice)
    return told


def eased(record, dice):
    """What lets most pairs of a small world through, so that there is something to compare."""
    if "client_id" not in record:
        asks = {"places": dice.sample(NEAR, dice.randint(1, 2)), "required_documents": []}
        return asks if dice.random() < 0.8 else {}
    own = {"consent_to_match": True, "home_place": dice.choice(NEAR)}
    asked = ("exclusion_areas", "excluded_livelihoods", "avoid_settings")
    own |= {name: record[name] or [] for name in asked}
    own |= {"exclusion_areas": [dice.choice(AREAS)]} if dice.random() < 0.15 else {}
    return own | {"max_commute_minutes": dice.choice((30.0, 90.0, 500.0)), "capital_usd": 900.0}


def random_world(seed, clients=10, opportunities=60):
    """A caseload and a market, the same for the same seed."""
    dice = random.Random(seed)
    drawn = world(clients=clients, opportunities=opportunities, seed=seed)
    people = [shuffled(r, CLIENT, dice, ()) for r in drawn.clients]
    offers = []
    for record in drawn.opportunities:
        told = shuffled(record, OFFER, dice, ())
        if told["kind"] == "grant" and (not told.get("livelihood") or dice.random() < 0.1):
            told["livelihood"] = dice.choice((record["livelihood"], "not_listed"))
        if dice.random() < 0.15:
            told["places"] = dice.choice((None, [], ["99"], ["99", "1201"], ["1201", "99"]))
        if dice.random() < 0.05:
            told["posted_on"] = drawn.as_of + timedelta(days=dice.choice((0, 1, 40)))
            told["closes_on"] = told["starts_on"] = None
        if told.get("monthly_wage_usd") is None:
            told["monthly_wage_max_usd"] = None
        offers.append(told)
    dice.shuffle(offers)
    return Caseload.from_records(people), Market.from_records(offers, drawn.as_of)
