"""The group of a skill in ESCO's hierarchy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from data.exchange.esco_files import EscoFiles

__all__ = ["SkillGroups", "skill_groups"]

MOST_STEPS = 12
"""Longest way from a skill up to a group; the release needs four."""


@dataclass(frozen=True)
class SkillGroups:
    """Looks up groups.

    Parameters
    ----------
    codes
        Code by address of a group.
    broader
        Addresses above a skill or group.
    """

    codes: Mapping[str, str]
    broader: Mapping[str, tuple[str, ...]]

    def of(self, uri: str, above: str = "") -> str:
        """Return the code of the nearest group at its second level, or an empty text.

        Parameters
        ----------
        uri
            Address of the skill.
        above
            Addresses above it as a collection gives them, separated by `|`.
        """
        level = [*self.broader.get(uri, ()), *filter(None, map(str.strip, above.split("|")))]
        seen: set[str] = set()
        for _ in range(MOST_STEPS):
            codes = sorted(self.codes[one] for one in level if one in self.codes)
            if codes:
                return _second_level(codes[0])
            seen.update(level)
            level = [up for one in level for up in self.broader.get(one, ()) if up not in seen]
        return ""


def _second_level(code: str) -> str:
    """Return S1.5 for S1.5.3 and the three-digit field for a four-digit one.

    Examples
    --------
    >>> [_second_level(code) for code in ("S1.5.3", "S1.5", "T2", "0413", "L1")]
    ['S1.5', 'S1.5', 'T2', '041', 'L1']
    """
    return code[:3] if code.isdigit() else ".".join(code.split(".")[:2])


def skill_groups(files: EscoFiles) -> SkillGroups:
    """Read the groups, their codes and what lies above each skill.

    Parameters
    ----------
    files
        Files of the release.
    """
    codes = files.lookup("skillGroups", "conceptUri", "code")
    for level in ("1", "2", "3"):
        found = files.lookup("skillsHierarchy", f"Level {level} URI", f"Level {level} code")
        codes = {**found, **codes}
    above: defaultdict[str, list[str]] = defaultdict(list)
    for uri, broader in files.rows("broaderRelationsSkillPillar", "conceptUri", "broaderUri"):
        above[uri].append(broader)
    return SkillGroups(codes, {uri: tuple(broader) for uri, broader in above.items()})
