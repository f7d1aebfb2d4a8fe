"""The ESCO release: skills, and the skills of each ISCO-08 unit group.

Reads the official CSV files of any language. Where the official relations are missing it takes
`occupation_skill_relations_labels.csv`, which names occupations' skills by label.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.exchange.esco_files import EscoFiles, Missing, open_release
from data.exchange.esco_relations import Relations, read_relations
from data.exchange.esco_skills import Skill, SkillTable, merged_skills
from data.exchange.problem import ImportRefused
from data.exchange.written import write_tables
from data.reference import Reference

__all__ = ["EscoImport", "import_esco"]

SKILL_COLUMNS = (
    "skill",
    "name_km",
    "alt_labels",
    "group",
    "branch",
    "skill_type",
    "reuse_level",
    "uri",
    "at_intake",
    "source",
    "basis",
)
RELATION_COLUMNS = ("isco_code", "skill", "relation")


@dataclass(frozen=True)
class EscoImport:
    """What an ESCO release gave, and what it lacks.

    Parameters
    ----------
    language
        Language suffix of the files.
    skills, relations, unit_groups, occupations
        Skills written, rows of `occupation_skills`, unit groups they cover, occupations read.
    khmer_names_kept
        Skills whose Khmer name came from the built-in table, by their label.
    built_in_kept
        Skills that the release lacks and a livelihood refers to; all it lacks where its own list
        of skills is missing.
    built_in_dropped
        Skills that the release lacks and nothing refers to.
    without_group, derived_type, derived_reuse
        Skills without a group; with a type or a reuse level that was derived here.
    type_agreement, reuse_agreement
        Share of skills of known type, or reuse level, that the derivation gets right; None
        where it was not needed.
    skipped
        Rows that could not be used, by reason.
    missing
        Files that are not in the folder and what each costs.
    """

    language: str
    skills: int
    relations: int
    unit_groups: int
    occupations: int
    khmer_names_kept: int
    built_in_kept: tuple[str, ...]
    built_in_dropped: tuple[str, ...]
    without_group: int
    derived_type: int
    derived_reuse: int
    type_agreement: float | None
    reuse_agreement: float | None
    skipped: Mapping[str, int]
    missing: tuple[Missing, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain, JSON-ready values."""
        return {
            **asdict(self),
            "built_in_kept": list(self.built_in_kept),
            "built_in_dropped": list(self.built_in_dropped),
            "missing": [asdict(missing) for missing in self.missing],
        }


def import_esco(
    folder: str | os.PathLike[str], out_folder: str | os.PathLike[str], reference: Reference
) -> EscoImport:
    """Write `skills.csv` and `occupation_skills.csv` from an ESCO release.

    Parameters
    ----------
    folder
        Folder of the release's CSV files.
    out_folder
        Folder of tables that replace the built-in ones; nothing is written unless all is well.
    reference
        Reference tables: their Khmer names are kept by label, and the skills that livelihoods
        refer to are kept whether ESCO has them or not.

    Returns
    -------
    EscoImport
        Counts, and which files are missing at what cost.

    Raises
    ------
    ImportRefused
        The folder holds no ESCO file, none that names skills, or a damaged one.

    References
    ----------
    European Commission, ESCO dataset, CSV release.
    """
    files = open_release(Path(folder))
    relations = read_relations(files, frozenset(reference.isco["code"]))
    table = merged_skills(files, relations, reference)
    if not table.skills:
        raise ImportRefused(
            f"no skill in {Path(folder).name}: neither skills_*.csv nor relations by label"
        )
    rows = _relation_rows(relations, table)
    write_tables(
        out_folder,
        {
            "skills.csv": (SKILL_COLUMNS, [_skill_row(skill) for skill in table.skills]),
            "occupation_skills.csv": (RELATION_COLUMNS, rows),
        },
    )
    return _summary(files, relations, table, rows)


def _skill_row(skill: Skill) -> tuple[str, ...]:
    return (
        skill.label,
        skill.name_km,
        ";".join(skill.alt_labels),
        skill.group,
        skill.branch,
        skill.skill_type,
        skill.reuse_level,
        skill.uri,
        "1" if skill.at_intake else "0",
        skill.source,
        skill.basis,
    )


def _relation_rows(relations: Relations, table: SkillTable) -> list[tuple[str, str, str]]:
    """Return one row a unit group and skill, under the label that the skills table uses."""
    known = {skill.label for skill in table.skills}
    rows: dict[tuple[str, str], str] = {}
    for (isco_code, label), relation in sorted(relations.by_unit_group.items()):
        term = table.spelling.get(label.casefold(), label)
        if term in known and rows.get((isco_code, term)) != "required":
            rows[isco_code, term] = relation
    return [(isco_code, label, relation) for (isco_code, label), relation in rows.items()]


def _summary(
    files: EscoFiles,
    relations: Relations,
    table: SkillTable,
    rows: list[tuple[str, str, str]],
) -> EscoImport:
    return EscoImport(
        language=files.language,
        skills=len(table.skills),
        relations=len(rows),
        unit_groups=len({isco_code for isco_code, _, _ in rows}),
        occupations=relations.occupations,
        khmer_names_kept=sum(bool(skill.name_km) for skill in table.skills),
        built_in_kept=table.built_in_kept,
        built_in_dropped=table.built_in_dropped,
        without_group=sum(not skill.group for skill in table.skills),
        derived_type=table.derived_type,
        derived_reuse=table.derived_reuse,
        type_agreement=table.type_agreement,
        reuse_agreement=table.reuse_agreement,
        skipped=dict(relations.skipped),
        missing=files.missing(),
    )
