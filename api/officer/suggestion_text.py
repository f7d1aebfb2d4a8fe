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

    ``head`` comes before numbers; each of the others is a tail, ``blank`` with a place for the
    value.
    """

    wording: Wording
    head: str
    unknown: str
    special: dict[float, str]
    blank: Blank | None

    def tail(self, value: float) -> str:
        """Return what follows the numbers of a line, for a value that is known."""
        own = self.special.get(value)
        if own is not None:
            return own
        return self.blank.filled(value) if self.blank else _tail(self.wording.text(value))


class _Form(NamedTuple):
    """How suggestions under one scorecard are written.

    ``by_feature`` is an object with a place for the number of each feature.
    """

    templates: tuple[_Template, ...]
    by_feature: str


def _tail(text: str) -> str:
    return f',"text":{quoted(text)}}}'


@lru_cache(maxsize=16)
def _form(wordings: tuple[Wording, ...]) -> _Form:
    places = [quoted(wording.feature).replace("%", "%%") + ":%s" for wording in wordings]
    return _Form(tuple(map(_template, wordings)), "{" + ",".join(places) + "}")


def _template(wording: Wording) -> _Template:
    told = [f'"{n}":{quoted(getattr(wording, n))}' for n in ("feature", "group", "unit")]
    return _Template(
        wording,
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
    form, n = _form(tuple(lines.wordings)), len(lines.wordings)
    numbers = _numbers(
        [*lines.values, *lines.contributions,
         said.score, said.base, said.retention_90d, said.retention_180d, *said.interval,
         said.income_usd, said.net_income_usd, said.travel_minutes, said.diversification]
    )  # fmt: skip
    values, contributions = numbers[:n], numbers[n : 2 * n]
    score, base, r90, r180, low, high, income, net, minutes, spread = numbers[2 * n :]
    features, added = form.by_feature % tuple(values), form.by_feature % tuple(contributions)
    told = [
        f'{one.head}{number},"contribution":{part}'
        f"{one.unknown if number == 'null' else one.tail(value)}"
        for one, value, number, part in zip(
            form.templates, lines.values, values, contributions, strict=True
        )
    ]
    reasons = ",".join([told[i] for i in lines.order])
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


def _numbers(values: list[float | None]) -> list[str]:
    """Numbers as JSON; null where there is none."""
    return dumped(values)[1:-1].decode().split(",")


def _text(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _listed(texts: tuple[str, ...]) -> str:
    return ",".join(map(quoted, texts))
