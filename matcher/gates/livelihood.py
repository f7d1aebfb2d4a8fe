"""Excluded livelihoods: the client's own choice, under any name or group."""

from collections.abc import Mapping, Sequence

from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    profiles, offers = pairs.profiles, pairs.offers
    no_work_known = (offers.livelihood < 0) & (offers.occupations[1] < 0)
    excludes = profiles.excludes_work[pairs.client]
    return (
        pairs.excluded_work,
        profiles.unclear_exclusion[pairs.client],
        excludes & no_work_known[pairs.offer],
        ~profiles.livelihoods_asked[pairs.client],
    )


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    words = pairs.profiles.caseload.excluded_livelihoods[pairs.client.item()] or ()
    meant = {said: pairs.offers.meant_by(said) for said in words}
    offer = pairs.offer.item()
    return {
        "words": [said for said, mask in meant.items() if mask is not None and mask[offer]],
        "unclear": [said for said, mask in meant.items() if mask is None],
    }


GATE = Gate(
    "livelihood",
    ("livelihood_excluded", "exclusion_unclear", "livelihood_unknown", "livelihoods_not_asked"),
    _failures,
    _evidence,
)
