"""Which language an answer is in."""

from fastapi import Request

from api.settings import Language

LANGUAGES: tuple[Language, ...] = ("en", "km")


def preferred(header: str, default: Language) -> Language:
    """Return the language an ``Accept-Language`` header prefers, of those spoken here.

    Examples
    --------
    >>> preferred("km-KH,km;q=0.9,en;q=0.8", "en"), preferred("fr, en;q=0.5", "km")
    ('km', 'en')
    >>> preferred("", "km"), preferred("fr;q=junk", "en")
    ('km', 'en')
    """
    best: tuple[float, Language] | None = None
    for part in header[:1000].split(","):
        tag, _, quality = part.partition(";")
        for language in LANGUAGES:
            if tag.strip().lower().split("-")[0] == language:
                weight = _weight(quality)
                if weight > 0 and (best is None or weight > best[0]):
                    best = (weight, language)
    return best[1] if best else default


def _weight(quality: str) -> float:
    try:
        return float(quality.strip().removeprefix("q=")) if quality else 1.0
    except ValueError:
        return 0.0


def language_of(request: Request) -> Language:
    """Return the language to answer `request` in."""
    default: Language = request.app.state.services.settings.language
    return preferred(request.headers.get("accept-language", ""), default)
