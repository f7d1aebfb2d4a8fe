"""The formulas once more, in loops over plain records: slow, and sharing no code with the engine.

Unknown is None throughout.
"""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

HAZARDS = ("flood", "drought", "heat", "wind")
TABLES = (
    "parameters",
    "places",
    "hazards",
    "livelihoods",
    "livelihood_skills",
    "adaptations",
    "skills",
    "correlations",
    "transport_modes",
    "scorecard",
    "minimum_wages",
    "occupation_skills",
)
Record = Mapping[str, Any]
Number = float | None


class Plain:
    """One pair at a time, from the reference tables as they stand."""

    def __init__(self, tables: Any) -> None:
        rows = {name: getattr(tables, name).to_dict("records") for name in TABLES}
        self.number = {row["name"]: row["value"] for row in rows["parameters"]}
        self.places = {row["code"]: row for row in rows["places"]}
        self.level = {(r["place"], r["hazard"]): float(r["level"]) for r in rows["hazards"]}
        self.livelihoods = {row["livelihood"]: row for row in rows["livelihoods"]}
        self.skills = {row["skill"]: row for row in rows["skills"]}
        self.modes = {row["mode"]: row for row in rows["transport_modes"]}
        self.correlations = rows["correlations"]
        self.adaptations = rows["adaptations"]
        self.asked = rows["livelihood_skills"]
        self.asked_by_occupation = rows["occupation_skills"]
        self.wages = rows["minimum_wages"]
        self.card = {row["feature"]: row for row in rows["scorecard"]}
        self._rarity: dict[str, float] = {}

    # --- places and travel ---------------------------------------------------------------

    def place(self, code: str | None) -> str | None:
        while code and code not in self.places:
            code = code[:-2]
        return code or None

    def point(self, code: str) -> tuple[float, float]:
        for length in (len(code), 4, 2):
            row = self.places.get(code[:length])
            if row is not None and not math.isnan(row["latitude"]):
                return math.radians(row["latitude"]), math.radians(row["longitude"])
        raise LookupError(code)

    def road_km(self, a: str, b: str) -> float:
        if len(a) >= 6 and len(b) >= 6 and a[:6] == b[:6]:
            return self.number["same_commune_km"]
        (lat_a, lon_a), (lat_b, lon_b) = self.point(a), self.point(b)
        half = (
            math.sin((lat_b - lat_a) / 2) ** 2
            + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
        )
        straight = 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(half)))
        by_road = max(straight * self.number["road_detour_factor"], self.number["same_district_km"])
        return round(by_road, 9)  # places equally far away are equally near

    def workplace(self, client: Record, offer: Record) -> tuple[str | None, Number]:
        """Where the work is done, and the road there."""
        home = self.place(client.get("home_place"))
        if self.is_home_based(offer):
            return home, 0.0
        known = [p for p in map(self.place, offer.get("places") or ()) if p]
        if home is None or not known:
            return (known[0] if known else None), None
        nearest = min(known, key=lambda p: self.road_km(home, p))
        return nearest, self.road_km(home, nearest)

    @staticmethod
    def is_home_based(offer: Record) -> bool:
        return offer["kind"] == "grant" or offer.get("home_based") is True

    def minutes(self, km: float, vehicle: str | None) -> float:
        def by(mode: str, road: float) -> float:
            row = self.modes[mode]
            return row["fixed_minutes"] + 60 * road / row["km_per_hour"]

        if vehicle in ("bicycle", "motorbike", "car"):
            return by(vehicle, km)
        return by("walk", km) if km <= 3 else max(by("walk", 3), by("shared", km))

    def fare(self, km: float, vehicle: str | None) -> float:
        if vehicle in ("bicycle", "motorbike", "car"):
            return self.modes[vehicle]["usd_per_km"] * km
        return 0.0 if km <= 3 else self.modes["shared"]["usd_per_km"] * km

    def limit(self, client: Record) -> float:
        own = client.get("max_commute_minutes")
        return self.number["commute_limit_minutes"] if own is None else own

    def lives_away(self, client: Record, offer: Record) -> bool:
        km = self.workplace(client, offer)[1]
        far = km is not None and self.minutes(km, client.get("transport")) > self.limit(client)
        willing = client.get("willing_to_relocate") is True
        return far and willing and offer.get("housing_provided") is True

    def travel_minutes(self, client: Record, offer: Record) -> Number:
        if self.is_home_based(offer):
            return 0.0
        km = self.workplace(client, offer)[1]
        if self.lives_away(client, offer):
            return self.limit(client)
        return None if km is None else self.minutes(km, client.get("transport"))

    def transport_usd(self, client: Record, offer: Record) -> Number:
        """A month of commuting; who lives away pays for living and visits home."""
        km, vehicle = self.workplace(client, offer)[1], client.get("transport")
        if self.is_home_based(offer):
            return 0.0
        if km is None:
            return 0.0 if offer.get("transport_provided") is True else None
        days = self.number["working_days_per_month"]
        if not self.lives_away(client, offer):
            free = offer.get("transport_provided") is True
            return 0.0 if free else 2 * days * self.fare(km, vehicle)
        longest = self.reach_km(self.limit(client), vehicle)
        living = max(
            self.number["living_away_usd_per_month"], 2 * days * self.fare(longest, vehicle)
        )
        return living + 2 * self.number["home_visits_per_month"] * self.fare(km, vehicle)

    def reach_km(self, minutes: float, vehicle: str | None) -> float:
        own = vehicle in ("bicycle", "motorbike", "car")
        modes = [self.modes[m] for m in ([vehicle] if own else ["walk", "shared"])]
        return max(max(minutes - m["fixed_minutes"], 0.0) / 60 * m["km_per_hour"] for m in modes)

    # --- climate -------------------------------------------------------------------------

    def hazard(self, place: str, name: str, year: int) -> float:
        code = place
        while (code, name) not in self.level:
            code = code[:-2]
        level = self.level[code, name]
        if year != 0 and level >= self.number[f"scenario_{name}_threshold"]:
            share = 1.0 if year == 2050 else self.number["scenario_fraction_2030"]
            level = min(4.0, level + share * self.number[f"scenario_{name}_2050"])
        return min(1.0, max(0.0, (level - 1) / 3))

    def livelihood_of(self, offer: Record) -> Mapping[str, Any] | None:
        """The livelihood named, else the first of the same unit group."""
        own = self.livelihoods.get(str(offer.get("livelihood")))
        alike = (r for r in self.livelihoods.values() if r["isco_code"] == offer.get("isco_code"))
        return own or next(alike, None)

    def exposures(self, client: Record, offer: Record, year: int = 0) -> list[float] | None:
        place, work = self.workplace(client, offer)[0], self.livelihood_of(offer)
        if place is None or work is None:
            return None
        parts = []
        for name in HAZARDS:
            left = 1.0
            for row in self.adaptations:
                mine = row["livelihood"] == work["livelihood"] and row["hazard"] == name
                if mine and row["adaptation"] in (offer.get("adaptations") or ()):
                    left *= 1 - row["credit"]
            parts.append(self.hazard(place, name, year) * work[name] / 4 * left)
        return parts

    def loss(self, client: Record, offer: Record, year: int = 0) -> Number:
        parts = self.exposures(client, offer, year)
        if parts is None:
            return None
        kept = 1.0
        for part in parts:
            kept *= 1 - part
        return 1 - kept

    def household_risk(self, client: Record, offer: Record) -> Number:
        """``sqrt(wᵀBΣBᵀw + Σ w² σ²)`` over the household's incomes and the offer as one half."""
        told, own = client.get("household_livelihoods"), self.exposures(client, offer)
        if told is None or own is None:
            return None
        incomes = {k: v for k, v in told.items() if k in self.livelihoods}
        total = sum(incomes.values())
        home = self.place(client.get("home_place"))
        rows = [own]
        weights = [0.5 if total > 0 else 1.0]
        for code, usd in incomes.items() if total > 0 else ():
            assert home is not None
            row = self.livelihoods[code]
            rows.append([self.hazard(home, name, 0) * row[name] / 4 for name in HAZARDS])
            weights.append(0.5 * usd / total)
        variance = 0.0
        for w, row in zip(weights, rows, strict=True):
            variance += w**2 * self.number["idiosyncratic_income_sd"] ** 2
            for v, other in zip(weights, rows, strict=True):
                for i, a in enumerate(HAZARDS):
                    for j, b in enumerate(HAZARDS):
                        variance += w * v * row[i] * other[j] * max(0.0, self.correlation(a, b))
        return math.sqrt(variance)

    def correlation(self, a: str, b: str) -> float:
        if a == b:
            return 1.0
        for row in self.correlations:
            if {row["hazard_a"], row["hazard_b"]} == {a, b}:
                return float(row["correlation"])
        return 0.0

    # --- money ---------------------------------------------------------------------------

    def income(self, offer: Record) -> Number:
        if offer["kind"] == "grant":
            work = self.livelihoods.get(offer["livelihood"])
            return work and (work["income_low_usd"] + work["income_high_usd"]) / 2
        return offer.get("stipend_usd" if offer["kind"] == "training" else "monthly_wage_usd")

    def net_income(self, client: Record, offer: Record) -> Number:
        income = self.income(offer)
        if income is None:
            return None
        bad_years = 0.0 if offer["kind"] == "training" else self.number["bad_year_frequency"]
        kept = income * (1 - bad_years * (self.loss(client, offer) or 0.0))
        costs = (self.transport_usd(client, offer) or 0.0) + (client.get("debt_service_usd") or 0.0)
        away = 0.0 if self.is_home_based(offer) else self.children_uncared(client) or 0.0
        return kept - costs - away * self.number["childcare_usd_per_month"]

    @staticmethod
    def children_uncared(client: Record) -> Number:
        return 0.0 if client.get("childcare_at_home") is True else client.get("children_under_6")

    def household_income(self, client: Record, offer: Record) -> Number:
        net, size = self.net_income(client, offer), client.get("household_size")
        others, by_work = client.get("household_income_usd"), client.get("household_livelihoods")
        if others is None and by_work is not None:
            others = sum(by_work.values())
        if net is None or size is None or others is None:
            return None
        line = self.number["poverty_line_khr_per_day"] * self.number["cpi_factor"] * 365.25 / 12
        return (others + net) / size / (line / self.number["khr_per_usd"])

    def comparator(self, day: dt.date) -> float:
        years = {r["year"]: r["monthly_usd"] for r in self.wages if r["sector"] == "garment"}
        return float(years[max(y for y in years if y <= day.year)])

    def start_usd(self, offer: Record) -> Number:
        if offer["kind"] == "vacancy":
            return 0.0
        if offer["kind"] == "training":
            return offer.get("course_fee_usd") or 0.0
        needed = self.livelihoods[offer["livelihood"]]["startup_low_usd"]
        share = self.number["enterprise_start_up_share"]
        return max(0.0, needed * share - (offer.get("grant_usd") or 0.0))

    def months_to_income(self, offer: Record) -> Number:
        if offer["kind"] == "vacancy":
            return 1.0
        if offer["kind"] == "training":
            return offer.get("course_months")
        return float(self.livelihoods[offer["livelihood"]]["months_to_first_income"])

    def income_spread(self, offer: Record) -> Number:
        stated = offer["kind"] == "vacancy" and offer.get("monthly_wage_usd") is not None
        if stated or offer["kind"] == "training":
            return 0.0
        work = self.livelihoods.get(str(offer.get("livelihood")))
        if work is None:
            return None
        low, high = work["income_low_usd"], work["income_high_usd"]
        return (high - low) / (high + low)

    # --- skills and experience -----------------------------------------------------------

    def rarity(self, skill: str) -> float:
        """``ln((1 + N) / (1 + n)) + 1`` over livelihoods and occupations."""
        if skill in self._rarity:
            return self._rarity[skill]
        units = {row["livelihood"] for row in self.asked}
        units |= {row["isco_code"] for row in self.asked_by_occupation}
        asking = {row["livelihood"] for row in self.asked if row["skill"] == skill}
        asking |= {row["isco_code"] for row in self.asked_by_occupation if row["skill"] == skill}
        self._rarity[skill] = math.log((1 + len(units)) / (1 + len(asking))) + 1
        return self._rarity[skill]

    def worth(self, held: set[str], wanted: str) -> float:
        """1 where held; half for the same group; a quarter for a branch or two transversals."""
        best, mine = 0.0, self.skills[wanted]
        for name in held:
            other = self.skills[name]
            if name == wanted:
                best = max(best, 1.0)
            if mine["group"] and mine["group"] == other["group"]:
                best = max(best, 0.5)
            if mine["branch"] and mine["branch"] == other["branch"]:
                best = max(best, 0.25)
            if mine["reuse_level"] == other["reuse_level"] == "transversal":
                best = max(best, 0.25)
        return best

    def needs(self, offer: Record, relation: str) -> list[str] | None:
        """As posted, else as usual; all that is usual helps, and a grant takes what is usual."""
        told = offer.get(f"{relation}_skills")
        posted = told is not None and offer["kind"] != "grant"
        if bool(told) if relation == "useful" else posted:
            return list(told)
        relations = ("required", "useful") if relation == "useful" else ("required",)
        usual = [
            row["skill"]
            for wanted in relations
            for row in self.asked
            if row["livelihood"] == offer.get("livelihood") and row["relation"] == wanted
        ]
        return usual or None

    def coverage(
        self, client: Record, offer: Record, relation: str, learned: set[str] = frozenset()
    ) -> Number:
        wanted, held = self.needs(offer, relation), client.get("skills")
        if wanted is None or (held is None and not learned):
            return None
        if not wanted:
            return 1.0
        owned = {name for name in {*(held or ()), *learned} if name in self.skills}
        listed = [name for name in wanted if name in self.skills]
        rarest = max(self.rarity(name) for name in self.skills)
        whole = sum(map(self.rarity, listed)) + rarest * (len(wanted) - len(listed))
        return sum(self.rarity(name) * self.worth(owned, name) for name in listed) / whole

    def experience(self, client: Record, offer: Record) -> Number:
        done, code = client.get("experience"), offer.get("isco_code")
        if code is None and offer.get("livelihood") in self.livelihoods:
            code = self.livelihoods[offer["livelihood"]]["isco_code"]
        if done is None or code is None:
            return None
        return max((years * self.nearness(own, code) for own, years in done.items()), default=0.0)

    @staticmethod
    def nearness(done: str, wanted: str) -> float:
        shared = 0
        while shared < min(len(done), len(wanted)) and done[shared] == wanted[shared]:
            shared += 1
        return (0.0, 0.1, 0.3, 0.6, 1.0)[shared]

    def shortfall(self, client: Record, offer: Record) -> Number:
        asked, own = offer.get("required_experience_years") or 0.0, self.experience(client, offer)
        if asked == 0:
            return 0.0
        return None if own is None else max(0.0, asked - own)

    # --- the person ----------------------------------------------------------------------

    def preference(self, client: Record, offer: Record) -> Number:
        """Wishes here name livelihoods by their code alone."""
        wished = [self.livelihoods[w] for w in client.get("preferred_livelihoods") or ()]
        if not wished:
            return None
        own = self.livelihoods.get(str(offer.get("livelihood")))
        code = offer.get("isco_code") or (own and own["isco_code"])
        best = 0.0
        for wish in wished:
            if own is not None and own["livelihood"] == wish["livelihood"]:
                best = max(best, 1.0)
            if own is not None and own["family"] == wish["family"]:
                best = max(best, 0.5)
            if code is not None:
                best = max(best, 0.5 * self.nearness(wish["isco_code"], code))
        return best

    @staticmethod
    def access(client: Record, offer: Record) -> Number:
        demands, difficulties = offer.get("demands"), client.get("difficulties")
        if offer.get("adaptable") is True:
            return 1.0
        if demands is None or difficulties is None:
            return None
        hit = sum(demand in difficulties for demand in demands)
        return 1 - hit / len(demands) if demands else 1.0

    # --- the score -----------------------------------------------------------------------

    def values(
        self, client: Record, offer: Record, day: dt.date, first: Record | None = None
    ) -> dict[str, Number]:
        """Every feature of a pair; ``first`` is the course of a pathway."""
        net, uncared = self.net_income(client, offer), self.children_uncared(client)
        kinds = {offer["kind"]} | ({"training"} if first else set())
        wished = client.get("preferred_kinds")
        learned = set(first.get("teaches") or ()) if first else set()
        before = (0.0, 0.0) if first is None else (self.start_usd(first), first["course_months"])
        months, start = self.months_to_income(offer), self.start_usd(offer)
        return {
            "required_skills": self.coverage(client, offer, "required", learned),
            "useful_skills": self.coverage(client, offer, "useful", learned),
            "experience": self.experience(client, offer),
            "experience_shortfall": self.shortfall(client, offer),
            "travel_minutes": self.travel_minutes(client, offer),
            "living_away": float(self.lives_away(client, offer)),
            "net_income": None if net is None else net / self.comparator(day),
            "household_income": self.household_income(client, offer),
            "months_to_income": None if months is None else months + before[1],
            "own_money": None if start is None else start + before[0],
            "income_spread": self.income_spread(offer),
            "open_steps": float(offer["kind"] == "training") + float(first is not None),
            "climate_loss": self.loss(client, offer),
            "climate_loss_2050": self.loss(client, offer, 2050),
            "household_risk": self.household_risk(client, offer),
            "preference": self.preference(client, offer),
            "preferred_kind": float(bool(kinds & set(wished))) if wished else None,
            "care_load": 0.0 if self.is_home_based(offer) else uncared,
            "access": self.access(client, offer),
        }

    def points(self, feature: str, value: Number) -> float:
        """Straight lines between the knots of the scorecard, flat beyond."""
        row = self.card[feature]
        if value is None:
            return float(row["unknown_points"])
        knots = [float(x) for x in row["knots"].split(";")]
        worth = [float(x) for x in row["points"].split(";")]
        if value <= knots[0]:
            return worth[0]
        for i in range(1, len(knots)):
            if value <= knots[i]:
                way = (value - knots[i - 1]) / (knots[i] - knots[i - 1])
                return worth[i - 1] + way * (worth[i] - worth[i - 1])
        return worth[-1]

    def score(
        self, client: Record, offer: Record, day: dt.date, first: Record | None = None
    ) -> float:
        values = self.values(client, offer, day, first)
        base = float(self.card["base_90d"]["points"])
        return base + sum(self.points(name, value) for name, value in values.items())
