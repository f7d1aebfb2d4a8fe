"""Spellings of Cambodian place names: folding, romanisation, units, vague words."""

import re
import unicodedata

from data.place_words import COUNTRY, OFFICIAL_WORDS, ORDINAL, UNITS, VAGUE

_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_NEITHER_LETTER_NOR_DIGIT = re.compile("[^a-z0-9\u1780-\u17d3\u17dc\u17dd]+")
_KHMER_DIGITS = {0x17E0 + digit: str(digit) for digit in range(10)}
_WRITTEN_ALIKE = {
    "œ": "oe",
    "ឬ": "ឫ",  # both stand for the first syllable of "bamboo" in place names
    "\u17d2\u178f": "\u17d2\u178a",  # subscript TA and DA look the same
    "ឱ្យ": "អោយ",
    "\u17a3": "\u17a2",
    "\u17a4": "\u17a2\u17b6",
}

_KHMER_UNITS = tuple(unit for unit in UNITS if unit > "z")
_LEADING = r"(?:khaet|khett?|srok|khan|krong|khum|sangkat|phum)\s|" + "|".join(_KHMER_UNITS)
_BEFORE_UNIT = re.compile(rf"\s+(?={_LEADING})", re.IGNORECASE)
_STREET = re.compile(
    r"#|no\b|st\b|street\b|road\b|rd\b|house\b|building\b|floor\b|group\b|blvd\b|ផ្ទះ|ផ្លូវ|ក្រុមទី|លេខ",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[,;/|\n\u104a\u17d4]+|\s-\s")


def fold(text: str) -> str:
    """Reduce a name to what its spellings share: no case, space, mark or punctuation.

    Parameters
    ----------
    text
        A name in Latin or Khmer letters.

    Examples
    --------
    >>> fold("Kâmpóng  Chhnăng"), fold("Rolea B'ier")
    ('kampongchhnang', 'roleabier')
    """
    return "".join(words(text))


def romanise(text: str) -> str:
    """Fold a name after writing its common words as the official romanisation does.

    Parameters
    ----------
    text
        A name in Latin letters, words apart.

    Examples
    --------
    >>> romanise("Koh Thom") == romanise("Kaoh Thum")
    True
    """
    return "".join(OFFICIAL_WORDS.get(word, word) for word in words(text) if word != ORDINAL)


def words(text: str) -> list[str]:
    """Split a name into folded words.

    Parameters
    ----------
    text
        A name in Latin or Khmer letters.
    """
    plain = unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text)))
    plain = plain.casefold().translate(_KHMER_DIGITS)
    for written, alike in _WRITTEN_ALIKE.items():
        plain = plain.replace(written, alike)
    plain = re.sub("['’`\u200b\u200c\u200d]", "", plain)
    return _NEITHER_LETTER_NOR_DIGIT.sub(" ", plain).split()


def western_digits(text: str) -> str:
    """Write Khmer digits as Western ones.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> western_digits("១៤០១")
    '1401'
    """
    return text.translate(_KHMER_DIGITS)


def split_unit(text: str) -> tuple[tuple[str, ...], str]:
    """Take the kind of place off a name.

    Parameters
    ----------
    text
        A name that may begin or end with the word for its kind.

    Returns
    -------
    tuple
        The levels the word stands for, likeliest first and empty without one, and the name.

    Examples
    --------
    >>> split_unit("Srok Bati"), split_unit("Takeo Province"), split_unit("ឃុំចំបក់")
    ((('district',), 'Bati'), (('province',), 'Takeo'), (('commune',), 'ចំបក់'))
    """
    text = text.strip(" .:")
    for unit in _KHMER_UNITS:
        if text.startswith(unit) and len(text) > len(unit):
            return UNITS[unit], text.removeprefix(unit).strip(" .:")
    first, _, rest = text.partition(" ")
    if rest and (levels := UNITS.get(fold(first))):
        return levels, rest.strip().removeprefix("of ")
    rest, _, last = text.rpartition(" ")
    if rest and (levels := UNITS.get(fold(last))):
        return levels, rest.strip()
    return (), text


def address_parts(text: str) -> list[str]:
    """Split an address into its places, as written; the country is left out.

    Parameters
    ----------
    text
        Such as ``"Khum Trea, Srok Samraong, Khaet Takeo"``.

    Examples
    --------
    >>> address_parts("ឃុំចំបក់ ស្រុកបាទី ខេត្តតាកែវ")
    ['ឃុំចំបក់', 'ស្រុកបាទី', 'ខេត្តតាកែវ']
    """
    pieces = [
        piece for part in _SEPARATORS.split(text) for piece in _BEFORE_UNIT.split(part.strip())
    ]
    return [
        piece
        for piece in pieces
        if fold(piece) and fold(piece) not in _COUNTRY and not _STREET.match(piece)
    ]


def is_vague(text: str) -> bool:
    """Tell whether a text names no particular place.

    Parameters
    ----------
    text
        What stands where a place was expected.

    Examples
    --------
    >>> is_vague("Provinces"), is_vague("~"), is_vague("Kep")
    (True, True, False)
    """
    folded = fold(text)
    return not folded or folded in _VAGUE or folded in _COUNTRY


_COUNTRY = frozenset(map(fold, COUNTRY))
_VAGUE = frozenset(map(fold, VAGUE))
