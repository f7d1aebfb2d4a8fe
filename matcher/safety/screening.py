"""The screen of a market: flags with evidence, and a verdict for every offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.columns import Objects
from matcher.market import Market
from matcher.safety.facts import Bools, Facts, Wages, wages_of
from matcher.safety.flag import Action, Flag, Indicator, Verdict
from matcher.safety.rule import Check, checks_of
from matcher.safety.rules import RULES
from matcher.safety.words import Words

WORDING: Final = "wording_"
"""What the code of a flag that rests on words begins with."""

WORD_INDICATORS: Final[Mapping[str, Indicator]] = MappingProxyType(
    {
        "recruitment_fee": Indicator.DEBT_BONDAGE,
        "movement_restricted": Indicator.RESTRICTION_OF_MOVEMENT,
        "isolation": Indicator.ISOLATION,
        "wages_withheld": Indicator.WITHHOLDING_OF_WAGES,
        "compulsory_overtime": Indicator.EXCESSIVE_OVERTIME,
        "gambling_online": Indicator.DECEPTION,
        "alcohol_served": Indicator.ABUSE_OF_VULNERABILITY,
    }
)
"""What words point to where no rule has the same code."""

RULE_CHECKS: Final = tuple(check for rule in RULES for check in checks_of(rule))

_VERDICTS: Final = np.array(list(Verdict), dtype=object)


def screen(
    market: Market,
    words: pd.DataFrame | Words | None = None,
    minimum_wages: pd.DataFrame | Wages | None = None,
) -> "Screen":
    """Screen every offer of a market against law, forced-labour indicators and policy.

    Parameters
    ----------
    market
        The offers.
    words
        Phrases that point to a danger: ``word``, ``language`` (en, km) and ``flag``, with
        ``source`` and ``basis`` where known. Without it texts are not read.
    minimum_wages
        ``year``, ``sector`` and ``monthly_usd``. Without it a garment wage is not judged but sent
        to review.

    Returns
    -------
    Screen
        Depends, for each offer, on that offer alone and on open harm reports on its employer.

    Examples
    --------
    >>> market = Market.from_records(
    ...     [{"opportunity_id": "V-1", "kind": "vacancy", "title": "Tailor", "deposit_usd": 50}]
    ... )
    >>> result = screen(market)
    >>> result.verdict[0], result.flags("V-1")[0].code, result.flags("V-1")[0].evidence
    (<Verdict.BLOCK: 'block'>, 'deposit', {'deposit_usd': 50.0})

    References
    ----------
    International Labour Organization, *ILO indicators of forced labour*, Geneva, 2012. One
    indicator may suffice, so each is shown with its evidence and none is added to another.
    """
    wages = wages_of(minimum_wages) if isinstance(minimum_wages, pd.DataFrame) else minimum_wages
    facts = Facts(market, wages)
    read = words if isinstance(words, Words) else Words.from_frame(words)
    found, checks = read.found(market), (*RULE_CHECKS, *wording_checks(read))
    raised = np.empty((len(market), len(checks)), dtype=np.bool_, order="F")
    for column, check in enumerate(RULE_CHECKS):
        raised[:, column] = check.raised(facts)
    for column, flag in enumerate(read.flags, len(RULE_CHECKS)):
        raised[:, column] = found[flag]
    return Screen(facts, checks, _frozen(raised), _frozen(_cleared(market.cleared_flags, checks)))


def _cleared(flags: Objects, checks: tuple[Check, ...]) -> Bools:
    """Return which reviews an officer has cleared, of shape (m, n_checks); never a block."""
    columns = {c.code: i for i, c in enumerate(checks) if c.action is Action.REVIEW}
    cleared = np.zeros((len(flags), len(checks)), dtype=np.bool_, order="F")
    for row, codes in enumerate(flags):
        if codes:
            cleared[row, [columns[code] for code in codes if code in columns]] = True
    return cleared


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array


@lru_cache(maxsize=4)
def wording_checks(words: Words) -> tuple[Check, ...]:
    """Return a check for each flag of a table of words; kept, for a patch screens one offer."""
    return tuple(_wording_check(words, flag) for flag in words.flags)


def _wording_check(words: Words, flag: str) -> Check:
    phrases = [p for finder in words.finders for p in finder.phrases if p.flag == flag]
    return Check(
        code=WORDING + flag,
        action=Action.REVIEW,
        indicator=_indicator_of(flag),
        fields=("description",),
        source="; ".join(sorted({p.source for p in phrases if p.source})) or "table of words",
        basis=phrases[0].basis,
        raised=lambda facts: words.found(facts.market)[flag],
        evidence=lambda facts, row: words.evidence(facts.market, row, flag),
    )


def _indicator_of(flag: str) -> Indicator | None:
    """Return the indicator that the words of a flag point to, or the rule of the same code."""
    by_code = {rule.code: rule.indicator for rule in RULES}
    return WORD_INDICATORS.get(flag, by_code.get(flag))


@dataclass(frozen=True)
class Summary:
    """How many offers are clear, for review and blocked, and how often each flag was raised.

    Parameters
    ----------
    clear, review, block
        Numbers of offers; they add up to the market.
    flags
        Number of offers with each flag, most frequent first; cleared flags are counted too.
    """

    clear: int
    review: int
    block: int
    flags: Mapping[str, int]

    def as_dict(self) -> dict[str, object]:
        """Return the summary as plain values, ready for JSON."""
        verdicts = {"clear": self.clear, "review": self.review, "block": self.block}
        return verdicts | {"flags": dict(self.flags)}


@dataclass(frozen=True, eq=False)
class Screen:
    """What the screen found; built by `screen`. Flags become objects only when asked for.

    Parameters
    ----------
    facts
        The market as the rules saw it.
    checks
        The conditions that were tested, c of them.
    raised
        Which offer raised which flag, of shape (m, c).
    cleared
        Which reviews an officer had cleared, of shape (m, c), raised or not.
    """

    facts: Facts
    checks: tuple[Check, ...]
    raised: Bools
    cleared: Bools

    def __len__(self) -> int:
        return len(self.raised)

    @cached_property
    def severity(self) -> NDArray[np.int8]:
        """Worst open flag of each offer, of shape (m,): 0 clear, 1 review, 2 block."""
        worst = np.zeros(len(self), dtype=np.int8)
        severity = np.array([check.action.severity for check in self.checks], dtype=np.int8)
        for level in sorted(set(severity.tolist())):
            of_level = severity == level
            open_flags = self.raised[:, of_level] & ~self.cleared[:, of_level]
            worst[open_flags.any(axis=1)] = level
        return _frozen(worst)

    @cached_property
    def verdict(self) -> Objects:
        """Verdict on each offer, of shape (m,): its worst flag that is not cleared."""
        return _frozen(_VERDICTS[self.severity])

    def flags(self, opportunity_id: str) -> tuple[Flag, ...]:
        """Return the flags of one offer, the gravest first.

        Raises
        ------
        LookupError
            Where the market has no such offer.
        """
        if (row := self._rows.get(opportunity_id)) is None:
            raise LookupError(f"screen: expected the id of an offer, got {opportunity_id!r}")
        return self.flags_at(row)

    def flags_at(self, row: int, *actions: Action) -> tuple[Flag, ...]:
        """Return the flags of the offer in a row, the gravest first; of some actions alone."""
        raised = np.flatnonzero(self.raised[row]).tolist()
        wanted = [c for c in raised if not actions or self.checks[c].action in actions]
        found = (self._flag(row, column) for column in wanted)
        return tuple(sorted(found, key=lambda flag: -flag.action.severity))

    def counts(self) -> dict[str, int]:
        """Return the number of offers with each flag that was raised, most frequent first."""
        totals = self.raised.sum(axis=0)
        pairs = ((c.code, int(n)) for c, n in zip(self.checks, totals, strict=True) if n)
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def summary(self) -> Summary:
        """Return the number of offers by verdict and by flag."""
        clear, review, block = np.bincount(self.severity, minlength=len(Verdict)).tolist()
        return Summary(clear, review, block, self.counts())

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        return {name: row for row, name in enumerate(self.facts.market.opportunity_id)}

    def _flag(self, row: int, column: int) -> Flag:
        check = self.checks[column]
        evidence = check.evidence(self.facts, row)
        return Flag(
            code=check.code,
            action=check.action,
            indicator=check.indicator,
            field=str(evidence.get("field", check.fields[0])),
            evidence=evidence,
            source=check.source,
            basis=check.basis,
            cleared=bool(self.cleared[row, column]),
        )
