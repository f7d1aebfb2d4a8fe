"""Settings the client wants to avoid, such as living in."""

from collections.abc import Mapping, Sequence

from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    has, unclear = pairs.avoided_settings
    return has, unclear & ~has, ~pairs.profiles.settings_asked[pairs.client]


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    avoided = pairs.profiles.caseload.avoid_settings[pairs.client.item()]
    told = pairs.offers.settings[pairs.offer.item()]
    return {"settings": sorted(told.intersection(avoided or ()))}


GATE = Gate(
    "setting", ("setting_avoided", "setting_unclear", "settings_not_asked"), _failures, _evidence
)
