"""A suggestion written out: JSON straight from its numbers and sentences, with nothing between.

A slate of five holds five hundred numbers and a hundred sentences. As objects, each to be looked
at by a general writer, they would cost more than to find the slate.
"""

from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from api.plain_json import Written, dumped
from matcher import Suggestion
from matcher.lines import Blank, Wording, blank_in


class SuggestionText(NamedTuple):
    """A suggestion in JSON.

    Parameters
    ----------
    shown
        All of it.
    contributions, features
        Log-odds and values by feature, in the order of the scorecard.
    """

    shown: Written
    contributions: Written
    features: Written


class _Template(NamedTuple):
    """The line of one feature in JSON, all but its numbers.

    ``name`` and ``head`` come before numbers; each of the others is a tail, ``blank`` with a place
    for the value.
    """

    wording: Wording
    name: str
    head: str
    unknown: str
    special: dict[float, str]
    blank: Blank | None

    def line(self, value: float, told: str, contribution: str) -> str:
        """Return the line of a value, which is told as null where it is not known."""
        tail = self.unknown if told == "null" else self.special.get(value) or self._tail(value)
        return f'{self.head}{told},"contribution":{contribution}{tail}'

    def _tail(self, value: float) -> str:
        return self.blank.filled(value) if self.blank else _tail(self.wording.text(value))


def _tail(text: str) -> str:
    return f',"text":{quoted(text)}}}'


@lru_cache(maxsize=16)
def _templates(wordings: tuple[Wording, ...]) -> tuple[_Template, ...]:
    return tuple(map(_template, wordings))


def _template(wording: Wording) -> _Template:
    told = [f'"{n}":{quoted(getattr(wording, n))}' for n in ("feature", "group", "unit")]
    return _Template(
        wording,
        quoted(wording.feature) + ":",
        "{" + ",".join(told) + ',"value":',
        _tail(wording.unknown),
        {value: _tail(text) for value, text in wording.special.items()},
        _blank(wording),
    )


def _blank(wording: Wording) -> Blank | None:
    """The tail with a place for the value, where numbers as it writes them need no escape."""
    blank = blank_in(wording.sentence)
    if blank is None:
        return None
    before, after = quoted(blank.before), quoted(blank.after)
    return Blank(',"text":' + before[:-1], blank.spec, after[1:] + "}")


def suggestion_text(suggestion: Suggestion) -> SuggestionText:
    """Return a suggestion written out, with the parts of it that are kept by themselves."""
    lines, said = suggestion.reasons, suggestion
    templates = _templates(tuple(lines.wordings))
    values, contributions = _numbers(lines.values), _numbers(lines.contributions)
    names = [template.name for template in templates]
    added = "{" + ",".join(map(str.__add__, names, contributions)) + "}"
    features = "{" + ",".join(map(str.__add__, names, values)) + "}"
    reasons = ",".join(
        [templates[i].line(lines.values[i], values[i], contributions[i]) for i in lines.order]
    )
    score, base, r90, r180, low, high, income, net, minutes, spread = _numbers(
        [said.score, said.base, said.retention_90d, said.retention_180d, *said.interval,
         said.income_usd, said.net_income_usd, said.travel_minutes, said.diversification]
    )  # fmt: skip
    shown = (
        f'{{"opportunity_id":{quoted(said.opportunity_id)},"steps":[{_listed(said.steps)}],'
        f'"kind":{quoted(said.kind)},"title":{quoted(said.title)},'
        f'"livelihood":{_text(said.livelihood)},"employer":{_text(said.employer)},'
        f'"place":{_text(said.place)},"score":{score},"base":{base},"contributions":{added},'
        f'"retention_90d":{r90},"retention_180d":{r180},"interval":[{low},{high}],'
        f'"reasons":[{reasons}],"certain":{quoted(said.certain)},"hoped":{quoted(said.hoped)},'
        f'"cautions":[{_listed(said.cautions)}],"income_usd":{income},"net_income_usd":{net},'
        f'"travel_minutes":{minutes},"climate":{dumped(said.climate).decode()},'
        f'"diversification":{spread}}}'
    )
    return SuggestionText(*(Written(text.encode()) for text in (shown, added, features)))


def _numbers(values: object) -> list[str]:
    """Numbers as JSON; null where there is none."""
    return dumped(values)[1:-1].decode().split(",")


def _text(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _listed(texts: tuple[str, ...]) -> str:
    return ",".join(map(quoted, texts))
