"""The reference tables and the scorecard as arrays that the kernels read."""

from typing import Any

import numpy as np

from matcher.climate import NOW
from matcher.knowledge import Knowledge
from matcher.occupations import Skills
from matcher.scoring.compiled.arrays import PIECES, Bytes, Ints, Piece, Reals, Rest, World
from matcher.scoring.scorecard import Scorecard, Term
from matcher.vocabulary import DIFFICULTIES

NOTHING = Term(np.array([0.0, 1.0]), np.zeros(2), 0.0, 0.0)
"""A term that adds nothing: that of a registered feature which the engine does not use."""

SKILLS = (Piece.REQUIRED, Piece.USEFUL)
WORK = (Piece.EXPERIENCE, Piece.SHORTFALL, Piece.PREFERENCE, Piece.ACCESS, Piece.KIND)
REST = {Rest.WORK_AND_SKILLS: (*WORK, *SKILLS), Rest.SKILLS: SKILLS, Rest.USEFUL: SKILLS[1:]}
"""The pieces that are still to be added to a score."""

VEHICLES = ("bicycle", "motorbike", "car")


def compile_world(knowledge: Knowledge, scorecard: Scorecard) -> World:
    """Return everything that is neither client nor offer, as arrays."""
    geography, climate, skills = knowledge.geography, knowledge.climate, knowledge.skills
    return World(
        **_terms(scorecard),
        node=_ints(geography.node),
        km=np.ascontiguousarray(geography.km),
        commune=_ints(geography.commune),
        district=_ints(geography.district),
        province=_ints(geography.province),
        hazard=climate.hazard[NOW],
        hazard_2050=climate.hazard[2050],
        correlation=np.maximum(climate.correlation, 0.0),
        skill_group=_ints(skills.group),
        skill_branch=_ints(skills.branch),
        transversal=_transversal(skills),
        kin=_ints(np.stack([skills.group, skills.branch, skills.transversal], axis=1)),
        numbers=_numbers(knowledge),
    )


def difficulty_bits(words: frozenset[str] | tuple[str, ...] | None) -> int:
    """Return difficulties or demands as bits; -1 where they are not told."""
    if words is None:
        return -1
    return sum(1 << DIFFICULTIES.index(word) for word in words)


def isco_digits(code: str | None, filler: int) -> int:
    """Return an ISCO-08 code as four half-bytes; missing digits hold the filler; -1 for none."""
    if code is None:
        return -1
    digits = [int(c) for c in code] + [filler] * (4 - len(code))
    return sum(digit << (4 * (3 - i)) for i, digit in enumerate(digits))


DONE, WANTED = 15, 14
"""Fillers of the code of a job done and of one on offer: they never match."""


def _ints(values: object) -> Ints:
    return np.ascontiguousarray(values, dtype=np.int32)


def _transversal(skills: Skills) -> Bytes:
    return np.ascontiguousarray(skills.transversal, dtype=np.uint8)


def _terms(scorecard: Scorecard) -> dict[str, Any]:
    """Knots, points, slopes, number of knots and points of the unknown, by piece, and the most."""
    terms = {f.name: t for f, t in zip(scorecard.features, scorecard.terms, strict=True)}
    width = max(len(term.knots) for term in (*terms.values(), NOTHING))
    knots, points, slopes = (np.zeros((len(Piece), width)) for _ in range(3))
    count, unknown = np.zeros(len(Piece), dtype=np.int32), np.zeros(len(Piece))
    for name, piece in PIECES.items():
        term = terms.get(name, NOTHING)
        count[piece] = q = len(term.knots)
        knots[piece, :q], points[piece, :q], unknown[piece] = term.knots, term.points, term.unknown
        slopes[piece, : q - 1] = np.diff(term.points) / np.diff(term.knots)
    most = np.maximum(unknown, [points[piece, :q].max() for piece, q in enumerate(count)])
    return {
        "most": np.array([most[list(REST[rest])].sum() for rest in Rest]),
        "knots": knots,
        "points": points,
        "slopes": slopes,
        "knot_count": count,
        "unknown": unknown,
    }


def _numbers(knowledge: Knowledge) -> Reals:
    parameters, transport = knowledge.parameters, knowledge.transport
    named = [
        parameters["same_commune_km"],
        parameters["working_days_per_month"],
        parameters["home_visits_per_month"],
        0.0,
        knowledge.climate.bad_year_frequency,
        transport.WALK_LIMIT_KM,
    ]
    for name in ("walk", "shared", *VEHICLES):
        mode = transport.modes[name]
        named += [mode.km_per_hour, mode.fixed_minutes, mode.usd_per_km]
    return np.array(named)
