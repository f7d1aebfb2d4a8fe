"""The hard rules, one a file; each gives reason codes. In the order in which they are told."""

from typing import Final

from matcher.gates import (
    age,
    area,
    capital,
    consent,
    dates,
    documents,
    land,
    literacy,
    livelihood,
    reach,
    safety,
    schooling,
    seats,
    setting,
)
from matcher.gates.gate import Gate

GATES: Final[tuple[Gate, ...]] = (
    consent.GATE,
    safety.GATE,
    area.GATE,
    setting.GATE,
    livelihood.GATE,
    age.GATE,
    documents.GATE,
    literacy.GATE,
    schooling.GATE,
    reach.GATE,
    dates.GATE,
    seats.GATE,
    capital.GATE,
    land.GATE,
)

REASONS: Final[tuple[str, ...]] = tuple(code for gate in GATES for code in gate.codes)
"""The code of every reason, in the order of the gates."""

__all__ = ["GATES", "REASONS", "Gate"]
