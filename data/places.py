"""Finds the place a text means, or says why it cannot."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from data.divisions import divisions
from data.errors import AmbiguousPlace, PlaceNotFound
from data.name_index import (
    LEVEL_DIGITS,
    LEVEL_OF,
    Admission,
    Names,
    common_ancestor,
    nearest,
    unique_misspelling,
)
from data.reference import Reference
from data.spelling import (
    address_parts,
    fold,
    is_vague,
    romanise,
    split_unit,
    western_digits,
)

__all__ = ["AmbiguousPlace", "Gazetteer", "Place", "PlaceNotFound"]

_CODE = re.compile(r"(?:kh-?)?(\d{1,8})(?:\.0+)?", re.IGNORECASE)
_NAMED_LEVELS = ("province", "district", "commune")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer.

    Attributes
    ----------
    code
        Geocode of 2, 4, 6 or 8 digits.
    level
        ``province``, ``district``, ``commune`` or ``village``.
    name_en, name_km
        Official names.
    province
        English name of its province.
    match
        How the text led here: ``code``, ``name`` (or a listed alias), ``romanisation``,
        ``spelling`` (a likely slip of the pen, worth showing to a person).
    """

    code: str
    level: str
    name_en: str
    name_km: str
    province: str
    match: str = "name"

    def __str__(self) -> str:
        """Return the name with its code, level and province."""
        where = "" if self.level == "province" else f" in {self.province}"
        return f"{self.name_en} ({self.code}, {self.level}{where})"


class Gazetteer:
    """Resolves geocodes, names, aliases and misspellings to places.

    Parameters
    ----------
    reference
        The reference tables; ``places`` and ``place_aliases`` are used.

    Examples
    --------
    >>> from data import read_reference
    >>> gazetteer = Gazetteer(read_reference())
    >>> str(gazetteer.resolve("Rattanakiri")), gazetteer.resolve("701").code
    ('Ratanakiri (16, province)', '0701')
    """

    def __init__(self, reference: Reference) -> None:
        places = reference.places
        self._named = {
            code: (name_en, name_km)
            for code, name_en, name_km in zip(
                places["code"], places["name_en"], places["name_km"], strict=True
            )
        }
        aliases = reference.place_aliases
        self._names = Names(
            [
                *((name, code) for code, names in self._named.items() for name in names),
                *zip(aliases["alias"], aliases["code"], strict=True),
            ]
        )

    @cached_property
    def _villages(self) -> dict[str, list[tuple[str, str]]]:
        villages: dict[str, list[tuple[str, str]]] = {}
        for code, name_en, name_km in divisions("village"):
            villages.setdefault(code, []).append((name_en, name_km))
        return villages

    @cached_property
    def _village_names(self) -> Names:
        return Names(
            (name, code)
            for code, villages in self._villages.items()
            for names in villages
            for name in names
        )

    def resolve(self, text: str, level: str | None = None, within: str | None = None) -> Place:
        """Find the one place a text means.

        A name that a province and smaller places share means the province, and inside a province
        one that a district and communes share means the district; a name that a place shares
        only with places in it means that place; any other shared name is refused.
        Villages are found by code, or by name where the level or the text says village.

        Parameters
        ----------
        text
            A geocode, with or without its leading zero; a name in English or Khmer, with or
            without its kind ("Srok", "ខេត្ត"); or an address from small to large or from large
            to small ("Khum Trea, Srok Samraong, Khaet Takeo").
        level
            Level the place must have; any by default.
        within
            Geocode of a place the answer must lie in.

        Returns
        -------
        Place
            The place and how the text led to it.

        Raises
        ------
        PlaceNotFound
            If no place answers; with near ones, and ``vague`` where the text names none.
        AmbiguousPlace
            If several answer; with all of them.
        ValueError
            If ``level`` is not a level or ``within`` is not a geocode.
        """
        if level is not None and level not in LEVEL_DIGITS:
            raise ValueError(f"level must be one of {', '.join(LEVEL_DIGITS)}, got {level!r}")
        scope = "" if within is None else self._scope(within)
        if code := _CODE.fullmatch(western_digits(text).strip()):
            return self._by_code(text, _padded(code[1]), level, scope)
        if is_vague(text):
            raise PlaceNotFound(text, vague=True)
        if codes := Admission(_levels(level), scope).of(self._names.exact.get(fold(text), ())):
            return self._chosen(text, codes, scope, "name")
        return self._by_parts(text, level, scope)

    def place(self, code: str, match: str = "code") -> Place:
        """Return the place of a geocode.

        Parameters
        ----------
        code
            Geocode of 2, 4, 6 or 8 digits.
        match
            How it was found.

        Raises
        ------
        KeyError
            If no place has the code.
        """
        if len(code) == LEVEL_DIGITS["village"]:
            # A code the source gives to several villages stands for both.
            villages = self._villages[code]
            name_en, name_km = (" / ".join(names) for names in zip(*villages, strict=True))
        else:
            name_en, name_km = self._named[code]
        return Place(code, LEVEL_OF[len(code)], name_en, name_km, self._named[code[:2]][0], match)

    def _knows(self, code: str) -> bool:
        return code in (self._villages if len(code) == LEVEL_DIGITS["village"] else self._named)

    def _scope(self, within: str) -> str:
        code = _CODE.fullmatch(western_digits(within).strip())
        if code is None or not self._knows(_padded(code[1])):
            raise ValueError(f"within must be the geocode of a place, got {within!r}")
        return _padded(code[1])

    def _by_code(self, text: str, code: str, level: str | None, scope: str) -> Place:
        if not self._knows(code):
            above = (code[:digits] for digits in (6, 4, 2) if digits < len(code))
            holding = next((upper for upper in above if upper in self._named), None)
            raise PlaceNotFound(text, [self.place(holding)] if holding else [])
        place = self.place(code)
        if level not in (None, place.level) or not code.startswith(scope):
            raise PlaceNotFound(text, [place])
        return place

    def _by_parts(self, text: str, level: str | None, scope: str) -> Place:
        parts = address_parts(text)
        if not parts:
            raise PlaceNotFound(text)
        try:
            return self._by_address(parts, level, scope)
        except LookupError:
            with suppress(LookupError):
                return self._by_address(parts[::-1], level, scope)
            raise

    def _by_address(self, parts: Sequence[str], level: str | None, scope: str) -> Place:
        """Resolve parts that run from small to large, each inside the one after it."""
        for part in parts[:0:-1]:
            scope = self._by_name(part, None, scope).code
        return self._by_name(parts[0], level, scope)

    def _by_name(self, text: str, level: str | None, scope: str) -> Place:
        """Resolve one name: at the level its unit word says, then at any; exactly, then nearly."""
        units, name = split_unit(text)
        for levels in _levels_to_try(level, units):
            names = self._village_names if levels == ("village",) else self._names
            admit = Admission(levels, scope)
            for key, codes, match in (
                (fold(text), names.exact, "name"),
                (fold(name), names.exact, "name"),
                (romanise(name), names.romanised, "romanisation"),
            ):
                if admitted := admit.of(codes.get(key, ())):
                    return self._chosen(text, admitted, scope, match)
            if code := unique_misspelling(name, names, admit):
                return self.place(code, "spelling")
        raise PlaceNotFound(text, self._near(name, level, scope))

    def _chosen(self, text: str, codes: Sequence[str], scope: str, match: str) -> Place:
        """Return the only place directly below the scope, or the one that holds all others."""
        direct = [code for code in codes if len(code) == len(scope) + 2]
        if code := direct[0] if len(direct) == 1 else common_ancestor(codes):
            return self.place(code, match)
        raise AmbiguousPlace(text, [self.place(code, match) for code in sorted(codes)])

    def _near(self, name: str, level: str | None, scope: str) -> list[Place]:
        names = self._village_names if level == "village" else self._names
        near = nearest(name, names, Admission(_levels(level), scope))
        return [self.place(code, "spelling") for code in near]


def _levels(level: str | None) -> tuple[str, ...]:
    return (level,) if level else _NAMED_LEVELS


def _levels_to_try(level: str | None, units: tuple[str, ...]) -> list[tuple[str, ...]]:
    if level or "village" in units:
        return [_levels(level or "village")]
    return [*((unit,) for unit in units), _NAMED_LEVELS]


def _padded(code: str) -> str:
    """Give back the leading zero that spreadsheets drop."""
    return code.zfill(len(code) + len(code) % 2)
