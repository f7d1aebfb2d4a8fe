"""Places in words."""

from api.services import Services
from api.settings import Language


def place_name(services: Services, code: str | None, language: Language) -> str | None:
    """Return a place's name, and its province's where that is another; None where not known."""
    if code is None:
        return None
    gazetteer = services.lexicon.gazetteer
    place, province = gazetteer.place(code), gazetteer.place(code[:2])
    names = [p.name_km if language == "km" else p.name_en for p in (place, province)]
    return ", ".join(dict.fromkeys(names))
