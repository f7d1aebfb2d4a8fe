"""Documents and licences that the offer requires."""

from collections.abc import Mapping, Sequence

from matcher.gates.gate import Bools, Gate
from matcher.pairs import Pairs


def _failures(pairs: Pairs) -> Sequence[Bools]:
    lacks = pairs.profiles.lacks_documents(pairs.offers.required_documents)
    missing = lacks[pairs.client, pairs.offers.document_set[pairs.offer]]
    known = pairs.profiles.documents_known[pairs.client]
    return missing & known, missing & ~known


def _evidence(pairs: Pairs) -> Mapping[str, object]:
    held = pairs.profiles.caseload.documents[pairs.client.item()] or ()
    needed = pairs.offers.market.required_documents[pairs.offer.item()] or ()
    return {"documents": [name for name in needed if name not in held]}


GATE = Gate("documents", ("document_missing", "documents_unknown"), _failures, _evidence)
