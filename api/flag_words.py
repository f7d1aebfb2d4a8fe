"""The safety screen's flags in words: short ones of this package, full ones of the engine's."""

from api.phrases import say, table
from api.settings import Language
from matcher.phrases import Phrases
from matcher.safety import Flag

WORDING = "wording_"
UNKNOWN = "_unknown"


def flag_name(code: str, language: Language) -> str:
    """Return a flag's short name.

    Examples
    --------
    >>> flag_name("deposit", "en"), flag_name("deposit_unknown", "en")
    ('the worker leaves a deposit', 'not told: deposit')
    """
    words = table()[language]
    if code.startswith(WORDING):
        inner = flag_name(code.removeprefix(WORDING), language)
        return say("flag.wording", language, flag=inner)
    if f"flag.{code}" in words:
        return words[f"flag.{code}"]
    topic = words.get(f"topic.{code.removesuffix(UNKNOWN)}")
    if code.endswith(UNKNOWN) and topic:
        return say("flag.unknown", language, topic=topic)
    return code.replace("_", " ")


def flag_message(flag: Flag, sentences: Phrases, language: Language) -> str:
    """Return a flag as a sentence with the facts it rests on.

    Parameters
    ----------
    flag
        The flag.
    sentences
        The engine's, of the reference tables.
    language
        Language of the sentence.
    """
    key = f"flag.{flag.code}"
    if key in sentences:
        return sentences.say(key, language, flag.evidence)
    return flag_name(flag.code, language)
