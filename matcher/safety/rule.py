"""What a rule is: one row of the screen's table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matcher.safety.facts import Bools, Facts
from matcher.safety.flag import Action, Evidence, Indicator
from matcher.vocabulary import GRANT, KINDS, TRAINING, VACANCY

Condition = Callable[[Facts], Bools]
Proof = Callable[[Facts, int], Evidence]

EVERY_KIND = frozenset(KINDS)
VACANCIES = frozenset({VACANCY})
TRAININGS = frozenset({TRAINING})
WORK_AND_TRAINING = frozenset({VACANCY, TRAINING})
NOT_TRAINING = frozenset({VACANCY, GRANT})


@dataclass(frozen=True)
class Silence:
    """What it means that an offer does not say what a rule needs to know.

    Parameters
    ----------
    code
        Stable name of the flag.
    action
        What it asks for; a block never rests on silence.
    when
        Where the offer is silent.
    fields
        What it is silent about.
    kinds
        Kinds of offer in which silence matters.
    """

    code: str
    action: Action
    when: Condition
    fields: tuple[str, ...]
    kinds: frozenset[str]

    def __post_init__(self) -> None:
        if self.action is Action.BLOCK:
            raise ValueError(f"{self.code}: expected a review or a note for silence, got a block")


@dataclass(frozen=True)
class Rule:
    """One rule of the screen.

    Parameters
    ----------
    code
        Stable name of the flag.
    action
        What a breach asks for.
    broken
        Where the rule is broken; an unknown fact breaks nothing.
    fields
        What the rule reads; the flag names the first.
    source
        Where the rule comes from.
    basis
        ``published``, ``recalled`` or ``judgement``.
    kinds
        Kinds of offer it holds for.
    indicator
        The indicator of forced labour a breach points to.
    limits
        Numbers the rule compares with, by name, as they go into the evidence.
    proof
        Evidence of one breach; without it the known values of ``fields`` and the limits.
    silence
        What unknown facts ask for.
    """

    code: str
    action: Action
    broken: Condition
    fields: tuple[str, ...]
    source: str
    basis: str = "published"
    kinds: frozenset[str] = VACANCIES
    indicator: Indicator | None = None
    limits: Mapping[str, float] | None = None
    proof: Proof | None = None
    silence: Silence | None = None

    def evidence(self, facts: Facts, row: int) -> Evidence:
        """Return what a breach rests on, as plain values."""
        if self.proof is not None:
            return self.proof(facts, row)
        known = {name: facts.plain(name, row) for name in self.fields}
        return {k: v for k, v in known.items() if v is not None} | dict(self.limits or {})


@dataclass(frozen=True)
class Check:
    """One column of a screen: a condition that raises one flag.

    Parameters
    ----------
    code, action, indicator, fields, source, basis
        As in `Rule`.
    raised
        Where the flag is raised, kinds taken into account.
    evidence
        Evidence of one flag.
    """

    code: str
    action: Action
    indicator: Indicator | None
    fields: tuple[str, ...]
    source: str
    basis: str
    raised: Condition
    evidence: Proof


def checks_of(rule: Rule) -> tuple[Check, ...]:
    """Return the checks of a rule: for the breach and, where it matters, for silence."""
    breach = Check(
        rule.code,
        rule.action,
        rule.indicator,
        rule.fields,
        rule.source,
        rule.basis,
        _within(rule.kinds, rule.broken),
        rule.evidence,
    )
    if (silence := rule.silence) is None:
        return (breach,)
    not_stated = {"not_stated": ", ".join(silence.fields)}
    silent = Check(
        silence.code,
        silence.action,
        rule.indicator,
        silence.fields,
        rule.source,
        rule.basis,
        _within(silence.kinds, silence.when),
        lambda facts, row: not_stated,
    )
    return (breach, silent)


def _within(kinds: frozenset[str], condition: Condition) -> Condition:
    if kinds == EVERY_KIND:
        return condition

    def raised(facts: Facts) -> Bools:
        of_kind = facts.of_kinds(kinds)
        return condition(facts) & of_kind if of_kind.any() else of_kind

    return raised
