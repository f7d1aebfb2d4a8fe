"""The skills of a release, joined with what the built-in table knows of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from data.exchange.esco_files import EscoFiles
from data.exchange.esco_groups import skill_groups
from data.exchange.esco_relations import Relations
from data.reference import Reference

__all__ = ["Skill", "SkillTable", "merged_skills"]

SOURCE = "ESCO (European Commission), imported release"
DERIVED = "; type or reuse level derived from the relations"

_SPLIT = re.compile(r"\s*(?:\n|\||;)\s*")
_TYPES = {"skill/competence": "skill", "skill": "skill", "knowledge": "knowledge"}
_REUSE = ("transversal", "cross-sector", "sector-specific", "occupation-specific")
SECTOR_OCCUPATIONS = 14
"""Most occupations that share a skill of one sector: right for 67 % of 591 known skills."""

_COLLECTIONS = ("skills", "transversalSkillsCollection", "greenSkillsCollection")


@dataclass(frozen=True, slots=True)
class Skill:
    """One row of `skills.csv`; an empty text is not known."""

    label: str
    name_km: str = ""
    alt_labels: tuple[str, ...] = ()
    group: str = ""
    skill_type: str = ""
    reuse_level: str = ""
    uri: str = ""
    at_intake: bool = False
    source: str = SOURCE
    basis: str = "published"

    @property
    def branch(self) -> str:
        """First level of the group, such as S1 of S1.5; K for every field of knowledge."""
        if self.group[:1].isdigit():
            return "K"
        return self.group.split(".", 1)[0]


@dataclass(frozen=True)
class SkillTable:
    """The skills to write, and how they came about.

    Parameters
    ----------
    skills
        Rows, by label.
    spelling
        Label as written, by label in lower case.
    built_in_kept, built_in_dropped
        Skills that the release lacks.
    derived_type, derived_reuse
        Number of skills whose type or reuse level was derived.
    type_agreement, reuse_agreement
        Share of known ones that the derivation gets right, or None.
    """

    skills: tuple[Skill, ...]
    spelling: Mapping[str, str]
    built_in_kept: tuple[str, ...]
    built_in_dropped: tuple[str, ...]
    derived_type: int
    derived_reuse: int
    type_agreement: float | None
    reuse_agreement: float | None


def merged_skills(files: EscoFiles, relations: Relations, reference: Reference) -> SkillTable:
    """Join the release's skills with the built-in table.

    Parameters
    ----------
    files
        Files of the release.
    relations
        Skills of the unit groups; their labels are skills where the skills file is missing.
    reference
        Reference tables.
    """
    built_in = {skill.label.casefold(): skill for skill in _built_in(reference)}
    released: dict[str, Skill] = {}
    for skill in (*_released(files), *(Skill(label) for label in sorted(relations.spread))):
        released.setdefault(skill.label.casefold(), skill)
    referred = {skill.casefold() for skill in reference.livelihood_skills["skill"]}
    lacking = [key for key in built_in if key not in released]
    # Without its skills file a release cannot say that ESCO lacks a skill.
    kept = [key for key in lacking if key in referred or not files.has("skills")]
    joined = [_joined(skill, built_in.get(key)) for key, skill in released.items()]
    derivation = _Derivation(joined, relations)
    skills = [*map(derivation.completed, joined), *(built_in[key] for key in kept)]
    skills.sort(key=lambda skill: skill.label.casefold())
    return SkillTable(
        skills=tuple(skills) if released else (),
        spelling={skill.label.casefold(): skill.label for skill in skills},
        built_in_kept=tuple(built_in[key].label for key in kept),
        built_in_dropped=tuple(built_in[key].label for key in lacking if key not in kept),
        derived_type=sum(not skill.skill_type for skill in joined),
        derived_reuse=sum(not skill.reuse_level for skill in joined),
        type_agreement=derivation.agreement("skill_type"),
        reuse_agreement=derivation.agreement("reuse_level"),
    )


def _built_in(reference: Reference) -> Iterator[Skill]:
    columns = ("skill", "name_km", "alt_labels", "group", "skill_type", "reuse_level", "uri")
    frame = reference.skills[[*columns, "at_intake", "source", "basis"]]
    for row in frame.itertuples(index=False, name=None):
        yield Skill(*row)


def _released(files: EscoFiles) -> Iterator[Skill]:
    groups = skill_groups(files)
    for stem in _COLLECTIONS:
        columns = ["conceptUri", "preferredLabel", "altLabels", "skillType", "reuseLevel"]
        collection = stem != "skills"
        rows = files.rows(stem, *columns, *(["broaderConceptUri"] if collection else []))
        for uri, label, alternatives, kind, reuse, *broader in rows:
            if label:
                above = broader[0] if broader else ""
                yield Skill(
                    label=_plain(label),
                    alt_labels=_labels(alternatives),
                    group=groups.of(uri, above),
                    skill_type=_TYPES.get(kind.casefold(), ""),
                    reuse_level=reuse if reuse in _REUSE else "",
                    uri=uri,
                )


def _plain(label: str) -> str:
    return " ".join(label.split())


def _labels(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_plain, _SPLIT.split(text)))))


def _joined(skill: Skill, known: Skill | None) -> Skill:
    """Take from the built-in skill what the release cannot know or does not say."""
    if known is None:
        return skill
    return replace(
        skill,
        label=known.label,
        name_km=known.name_km,
        alt_labels=tuple(dict.fromkeys((*skill.alt_labels, *known.alt_labels))),
        group=skill.group or known.group,
        skill_type="language"
        if known.skill_type == "language"
        else skill.skill_type or known.skill_type,
        reuse_level=skill.reuse_level or known.reuse_level,
        uri=skill.uri or known.uri,
        at_intake=known.at_intake,
        source=skill.source if skill.skill_type else known.source,
        basis="published" if skill.skill_type else known.basis,
    )


class _Derivation:
    """Derives type and reuse level of a skill that the release names without them.

    A label that begins with a word that other known skills begin with, a verb, is a skill, any
    other knowledge. Reuse follows the number of occupations, with the cuts that fit the skills of
    ESCO's green and transversal collections best.
    """

    def __init__(self, skills: Iterable[Skill], relations: Relations) -> None:
        self.skills = tuple(skills)
        self.relations = relations
        self.verbs = Counter(_first_word(s.label) for s in self.skills if s.skill_type == "skill")

    def completed(self, skill: Skill) -> Skill:
        """Return the skill with type and reuse level, marked as judged where derived."""
        if skill.skill_type and skill.reuse_level:
            return skill
        return replace(
            skill,
            skill_type=skill.skill_type or self.skill_type(skill),
            reuse_level=skill.reuse_level or self.reuse_level(skill),
            source=SOURCE + DERIVED,
            basis="judgement",
        )

    def skill_type(self, skill: Skill) -> str:
        """Return the derived type."""
        others = self.verbs[_first_word(skill.label)] - (skill.skill_type == "skill")
        return "skill" if others > 0 else "knowledge"

    def reuse_level(self, skill: Skill) -> str:
        """Return the derived reuse level."""
        occupations = self.relations.spread.get(skill.label, 0)
        if occupations <= 1:
            return "occupation-specific"
        return "sector-specific" if occupations <= SECTOR_OCCUPATIONS else "cross-sector"

    def agreement(self, field: str) -> float | None:
        """Return the share of skills with a known value that the derivation gets right."""
        if all(getattr(skill, field) for skill in self.skills):
            return None
        derive = self.skill_type if field == "skill_type" else self.reuse_level
        known = [s for s in self.skills if getattr(s, field) and s.label in self.relations.spread]
        hits = sum(derive(skill) == getattr(skill, field) for skill in known)
        return round(hits / len(known), 3) if known else None


def _first_word(label: str) -> str:
    return label.split(" ", 1)[0].casefold()
