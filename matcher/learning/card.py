"""The model card: what a model is, what it rests on, how sure it is, and who let it in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.learning.promotion import Check, Status, Verdict
from matcher.learning.registry import Action, Artefact, Ledger

LIMITS = (
    "It ranks what the gates admit; it never decides what is safe.",
    "Lost to follow-up is neither safe nor failed; what was never seen may differ from what was.",
    "It has seen outcomes only of offers that were made and taken.",
    "Groups with few outcomes have wide intervals: read them, not the middle.",
)
"""What holds of every model of this kind."""


@dataclass(frozen=True)
class Section:
    """One part of a card.

    Parameters
    ----------
    title
        Its heading.
    lines
        Sentences.
    header, rows
        A table below them; empty where there is none.
    """

    title: str
    lines: tuple[str, ...]
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class ModelCard:
    """A card: rendered by pages as it is, by :meth:`markdown` as text.

    Parameters
    ----------
    title
        The model's version.
    sections
        In order.
    """

    title: str
    sections: tuple[Section, ...]

    def markdown(self) -> str:
        """Return the card as Markdown."""
        parts = [f"# {_escaped(self.title)}", *map(_markdown, self.sections)]
        return "\n\n".join(parts) + "\n"


def model_card(
    artefact: Artefact,
    verdict: Verdict | None = None,
    ledger: Ledger | None = None,
    limits: Sequence[str] = (),
) -> ModelCard:
    """Return the card of a stored model.

    Parameters
    ----------
    artefact
        The model.
    verdict
        Of the gate; None where it has not been asked.
    ledger
        Who proposed and approved it.
    limits
        What is known of this model beside what holds of all.
    """
    return ModelCard(
        artefact.version,
        (
            _what(artefact),
            _data(artefact),
            *_judged(verdict),
            _directions(artefact),
            Section("Known limits", (*limits, *LIMITS)),
            _people(artefact, ledger or Ledger()),
        ),
    )


def _what(artefact: Artefact) -> Section:
    told, versions = artefact.manifest.description, artefact.manifest.versions
    libraries = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    return Section(
        "What it is",
        (
            f"{type(artefact.model).__name__} over {len(told.schema)} features: "
            "the chance of being retained and safe, one offer and one client at a time.",
            f"Made {told.created_at} by {told.trained_by}, seed {told.seed}; {libraries}.",
            *(f"{name}: {value:.4g}" for name, value in sorted(told.metrics.items())),
        ),
    )


def _data(artefact: Artefact) -> Section:
    seen = artefact.training
    everyone = max(seen.n + seen.lost, 1)
    widest = 0.98 / max(seen.n, 1) ** 0.5
    return Section(
        "Data",
        (
            f"{seen.n} outcomes; {seen.lost} more ({seen.lost / everyone:.0%}) were lost.",
            f"Placed from {seen.first_placed}; outcomes known up to {seen.last_known}.",
            f"With {seen.n} outcomes a share of one half is known to within {widest:.1%} at best; "
            "the effect of any single feature far less well.",
            f"Data hash {seen.sha256[:16]}.",
        ),
    )


def _judged(verdict: Verdict | None) -> Iterator[Section]:
    if verdict is None:
        yield Section("Verdict", ("The promotion gate has not been asked.",))
        return
    first, last = verdict.period
    yield Section(
        "Verdict",
        (
            f"{'Passed' if verdict.passed else 'Refused'} against "
            f"{verdict.current or 'the expert scorecard'} on {verdict.n} later outcomes, placed "
            f"{first} to {last}; {verdict.lost} more were lost.",
            *(f"Against it: {reason}" for reason in verdict.reasons),
            *_not_shown(verdict),
        ),
    )
    yield Section(
        "Held-out figures, overall and for each group",
        ("Log loss is the difference to the current model; below 0 is better.",),
        ("check", "group", "figure", "interval", "outcomes", "status"),
        tuple(_row(check) for check in verdict.checks if check.value is not None),
    )


def _not_shown(verdict: Verdict) -> Iterator[str]:
    """One line a question: groups too small to tell are named, their figures are in the table."""
    unsure = verdict.of(Status.UNSURE)
    for check in unsure:
        if not check.group:
            yield f"Not shown: {check.message}"
    for name in dict.fromkeys(check.name for check in unsure if check.group):
        small = [check.group for check in unsure if check.group and check.name == name]
        yield f"Not shown, {name}: too few outcomes to tell of {', '.join(small)}."


def _row(check: Check) -> tuple[str, ...]:
    interval = "" if check.low is None else f"{check.low:+.3f} to {check.high:+.3f}"
    return (
        check.name,
        check.group or "all",
        f"{check.value:+.3f}",
        interval,
        str(check.n),
        str(check.status),
    )


def _directions(artefact: Artefact) -> Section:
    words = {1: "more never lowers the chance", -1: "more never raises the chance"}
    declared = artefact.manifest.description.directions
    lines = [f"{name}: {words[way]}." for name, way in declared.items() if way]
    return Section("Directions it keeps", tuple(lines) or ("None is declared.",))


def _people(artefact: Artefact, ledger: Ledger) -> Section:
    steps = [event for event in ledger.events if event.version == artefact.version]
    words = {
        Action.PROPOSED: "Proposed",
        Action.APPROVED: "Approved",
        Action.ROLLED_BACK: "Gone back to",
    }
    lines = [f"{words[event.action]} by {event.by}, {event.at}." for event in steps]
    now = "It is active." if ledger.active == artefact.version else "It is not active."
    return Section("Who let it in", (*lines, now))


def _markdown(section: Section) -> str:
    parts = [f"## {section.title}", "\n".join(f"- {_escaped(line)}" for line in section.lines)]
    if section.header:
        rows: list[Any] = [section.header, ["---"] * len(section.header), *section.rows]
        table = ("| " + " | ".join(map(_escaped, row)) + " |" for row in rows)
        parts.append("\n".join(table))
    return "\n\n".join(parts)


def _escaped(text: str) -> str:
    """Text that can neither end a table's cell nor open a tag."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
