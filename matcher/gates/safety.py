"""Safety: what the screen blocks or sends to review is never offered."""

from collections.abc import Mapping, Sequence

from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs
from matcher.safety import Action, Verdict


def _failures(pairs: Pairs) -> Sequence[Bools]:
    verdict = pairs.offers.screen.verdict[pairs.offer]
    return verdict == Verdict.BLOCK, verdict == Verdict.REVIEW


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    offers = pairs.offers
    flags = offers.screen.flags(str(offers.market.opportunity_id[pairs.offer.item()]))
    telling = [flag for flag in flags if flag.action != Action.NOTE and not flag.cleared]
    return {
        "flags": [flag.code for flag in telling],
        "details": {flag.code: dict(flag.evidence) for flag in telling},
    }


GATE = Gate("safety", ("unsafe", "safety_review"), _failures, _evidence)
