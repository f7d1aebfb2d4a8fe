"""Which skills each ISCO-08 unit group takes, from the relations of its occupations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from data.exchange.esco_files import LABEL_RELATIONS, EscoFiles

__all__ = ["Relations", "read_relations"]

REQUIRED_SHARE = 0.5
"""A skill is required of a unit group where it is essential to this share of its occupations."""

UNIT_GROUP_DIGITS = 4

Relation = tuple[str, str, str, bool]
"""Occupation, ISCO-08 unit group, label of the skill, whether it is essential."""


@dataclass(frozen=True)
class Relations:
    """Relations by unit group.

    Parameters
    ----------
    by_unit_group
        `required` or `useful` by unit group and label.
    spread
        Number of occupations that use each label.
    occupations
        Number of occupations read.
    skipped
        Rows that could not be used, by reason.
    """

    by_unit_group: Mapping[tuple[str, str], str]
    spread: Mapping[str, int]
    occupations: int
    skipped: Mapping[str, int]


def read_relations(files: EscoFiles, isco_codes: Set[str]) -> Relations:
    """Read the official relations, or those by label where they are missing.

    Parameters
    ----------
    files
        Files of the release.
    isco_codes
        Codes that exist.
    """
    skipped: Counter[str] = Counter()
    official = all(map(files.has, ("occupationSkillRelations", "occupations", "skills")))
    found = _official(files, skipped) if official else _by_label(files, skipped)
    essential: Counter[tuple[str, str]] = Counter()
    members: defaultdict[str, set[str]] = defaultdict(set)
    users: defaultdict[str, set[str]] = defaultdict(set)
    for occupation, code, label, needed in dict.fromkeys(found):
        if code not in isco_codes or len(code) != UNIT_GROUP_DIGITS:
            skipped["unit group not in ISCO-08"] += 1
            continue
        members[code].add(occupation)
        users[label].add(occupation)
        essential[code, label] += needed
    return Relations(
        by_unit_group={
            (code, label): "required" if count >= REQUIRED_SHARE * len(members[code]) else "useful"
            for (code, label), count in essential.items()
        },
        spread={label: len(occupations) for label, occupations in users.items()},
        occupations=sum(map(len, members.values())),
        skipped=skipped,
    )


def _official(files: EscoFiles, skipped: Counter[str]) -> Iterator[Relation]:
    labels = files.lookup("skills", "conceptUri", "preferredLabel")
    codes = files.lookup("occupations", "conceptUri", "iscoGroup")
    rows = files.rows("occupationSkillRelations", "occupationUri", "relationType", "skillUri")
    for occupation, relation, skill in rows:
        if occupation not in codes or skill not in labels:
            skipped["relation to an unknown occupation or skill"] += 1
        else:
            yield occupation, _unit_group(codes[occupation]), labels[skill], relation == "essential"


def _by_label(files: EscoFiles, skipped: Counter[str]) -> Iterator[Relation]:
    rows = files.rows(LABEL_RELATIONS, "occupation_uri", "isco_code", "skill", "rel")
    for occupation, code, label, relation in rows:
        if not label:
            skipped["relation without a label"] += 1
        else:
            yield occupation, _unit_group(code), label, relation == "essential"


def _unit_group(code: str) -> str:
    """Return the code with the zero that armed forces lose in a spreadsheet."""
    digits = code.removeprefix("C")
    return digits.zfill(UNIT_GROUP_DIGITS) if digits.isdigit() else digits
