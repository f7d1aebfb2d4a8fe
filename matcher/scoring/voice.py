"""The officer's language: phrases with their values, and names."""

from matcher.knowledge import Knowledge


class Voice:
    """Says things in one language.

    Parameters
    ----------
    knowledge
        The phrases and names.
    language
        ``en`` or ``km``.
    """

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        self._knowledge = knowledge
        self.language = language
        self._addresses: dict[int, str] = {}

    def say(self, key: str, **values: object) -> str:
        """Return a phrase."""
        return self._knowledge.phrases.say(key, self.language, values)

    def sentence(self, key: str) -> str:
        """Return a phrase with places for its values."""
        return self._knowledge.phrases.sentence(key, self.language)

    def knows(self, key: str) -> bool:
        """Tell whether there is such a phrase."""
        return key in self._knowledge.phrases

    def name_of(self, kind: str, code: str) -> str:
        """Return the name of a document, a setting or a place."""
        return self._knowledge.name_of(kind, code, self.language)

    def address(self, place: int) -> str | None:
        """Return the names of a place and its province; None where the place is not known."""
        if place < 0:
            return None
        known = self._addresses.get(place)
        if known is None:
            code = str(self._knowledge.geography.codes[place])
            levels = dict.fromkeys(self.name_of("places", part) for part in (code, code[:2]))
            known = self._addresses[place] = ", ".join(levels)
        return known
