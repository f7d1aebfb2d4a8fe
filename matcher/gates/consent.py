"""Consent: nothing is looked for without it."""

from collections.abc import Sequence

from matcher.columns import UNKNOWN
from matcher.gates.gate import Bools, Gate, nothing_more
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    consent = pairs.profiles.caseload.consent_to_match[pairs.client]
    return consent == 0, consent == UNKNOWN


GATE = Gate("consent", ("consent_refused", "consent_unknown"), _failures, nothing_more)
