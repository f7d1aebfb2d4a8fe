"""The promotion gate: nothing becomes the active model without proof on later outcomes."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from matcher.columns import Floats
from matcher.learning.promotion.comparing import Comparison
from matcher.learning.promotion.held_out import HeldOut
from matcher.learning.promotion.leaks import leak_checks
from matcher.learning.promotion.limits import Limits
from matcher.learning.promotion.monotone import monotone_checks
from matcher.learning.promotion.policies import value_check
from matcher.learning.promotion.verdict import Check, Status, Verdict
from matcher.learning.registry import TRUSTED, Artefact, ArtefactRefused, read

DEFAULT = Limits()


def promotion_gate(
    candidate: Artefact | Path,
    current: Any,
    held_out: HeldOut,
    limits: Limits = DEFAULT,
    seed: int = 0,
    trusted: Collection[str] = TRUSTED,
) -> Verdict:
    """Return whether a candidate may take the current model's place, with every reason.

    Its files are read again whatever was in memory. Refused are files that do not match, leaks, a
    worse model overall or in one group, broken calibration or directions, groups pushed down, and a
    policy value that falls. A group too small to tell is a caution, never a pass in silence.

    Parameters
    ----------
    candidate
        An artefact of the registry, or its folder.
    current
        The active artefact, or anything with ``predict_proba``: the expert scorecard.
    held_out
        Placements later than anything the candidate has seen.
    limits
        What has to be reached.
    seed
        Of bootstraps and cross-fitting.
    trusted
        Types that the candidate may hold.
    """
    folder = candidate.folder if isinstance(candidate, Artefact) else candidate
    version = current.version if isinstance(current, Artefact) else ""
    try:
        artefact = read(folder, held_out.schema, trusted)
    except ArtefactRefused as refused:
        failed = Check("artefact", Status.FAILED, str(refused))
        checks: tuple[Check, ...] = (failed,)
    else:
        model = current.model if isinstance(current, Artefact) else current
        checks = tuple(_checks(artefact, model, held_out, limits, seed))
    known = len(held_out) - held_out.lost
    return Verdict(folder.name, version, checks, known, held_out.lost, held_out.period)


def _checks(
    artefact: Artefact, current: Any, held_out: HeldOut, limits: Limits, seed: int
) -> Iterator[Check]:
    yield Check("artefact", Status.PASSED, "Every byte is as the manifest says.")
    enough = _enough(held_out, limits)
    yield enough
    if enough.status is Status.FAILED:
        return
    known = held_out.known()
    predicted = _chances(artefact.model, known)
    yield from leak_checks(artefact.training, known, predicted, limits)
    yield from Comparison(known, predicted, _chances(current, known), limits, seed).checks()
    told = artefact.manifest.description
    yield from monotone_checks(artefact.model, known.features, told.schema, told.directions)
    yield value_check(artefact.model, current, held_out, limits, seed)


def _enough(held_out: HeldOut, limits: Limits) -> Check:
    known = held_out.outcome[~np.isnan(held_out.outcome)]
    enough = len(known) >= limits.least_n and len(np.unique(known)) == 2
    return Check(
        "outcomes",
        Status.PASSED if enough else Status.FAILED,
        f"{len(known)} held-out outcomes, {int((known == 1).sum())} of them retained and safe; "
        f"expected at least {limits.least_n}, and both kinds.",
        n=len(known),
    )


def _chances(model: Any, held_out: HeldOut) -> Floats:
    return np.asarray(model.predict_proba(held_out.features)[:, 1], dtype=float)
