"""Why a plan's line reads as it does, in a phrase."""

from collections.abc import Mapping

from api.phrases import say
from api.settings import Language
from matcher.knowledge import Knowledge
from models.plan import PlanLine


def reason(line: PlanLine, knowledge: Knowledge, language: Language) -> str:
    """Return the standing of a line in words, with what it gives up or would need."""
    return say(
        f"plan.standing.{line.standing}",
        language,
        rank=line.rank,
        best=line.best_id or "–",
        best_value=f"{line.best_value * 100:.0f} %",
        wanted=line.wanted_id or "–",
        gain=f"{line.gain:.2f}",
        refusals=refusals(line.refused, knowledge, language),
    )


def refusals(counts: Mapping[str, int], knowledge: Knowledge, language: Language) -> str:
    """Return what closes every offer, else what closes most, in words.

    Parameters
    ----------
    counts
        Offers refused by reason code, the most frequent first.
    knowledge
        Holds the names of the codes.
    language
        Language of the words.
    """
    most = max(counts.values(), default=0)
    codes = [code for code, count in counts.items() if count == most] or ["unsafe"]
    return ", ".join(knowledge.phrases.say(f"label.{code}", language) for code in codes)
