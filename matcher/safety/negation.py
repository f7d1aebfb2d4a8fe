"""Whether a posting denies what it names: *no recruitment fee* is not a recruitment fee.

The guard is narrow on purpose: a denial it misses costs an officer a minute, a danger it takes
for a denial costs more. Only words that can't change the meaning may stand between the denial
and the phrase, and a denial under a condition (*if you do not pay the deposit*) denies nothing.
"""

import re
from typing import Final

ENGLISH: Final = "en"
KHMER: Final = "km"

WINDOW: Final = 120
"""Characters before and after a phrase in which a denial counts."""

_EN_CLAUSE: Final = re.compile(r"[.,;:!?\n\r\x00()•|]|\bbut\b")
_KM_CLAUSE: Final = re.compile(r"[។៕៖,;:!?\n\r\x00()•|]|ប៉ុន្តែ")

_EN_FILLER: Final = (
    r"(?:an?|any|all|the|your|our|their|of|for|to|or|and|we|you|they|it|is|are|be|been|being|"
    r"will|has|have|having|need|needs|needed|must|should|ever|also|hidden|upfront|up-front|"
    r"extra|additional|other|kind|kinds|form|type|sort|amount|pay|pays|paid|charge|charges|"
    r"charged|ask|asks|asked|asking|require|requires|required|take|takes|taken|taking|keep|keeps|"
    r"kept|keeping|hold|holds|held|holding|collect|collects|collected|demand|demands|request|"
    r"requests|accept|accepts|workers?|candidates?|applicants?|employees?|recruitment|agency|"
    r"placement|application|registration|processing|training|medical|money|cash)"
)
_EN_DENIAL: Final = re.compile(
    r"(?<![a-z'])(?P<denial>no|not|never|without|nor|neither|cannot|zero|"
    r"(?:do|does|did|wo|ca|is|are|must|should|would|need)n't|free\s+of|free\s+from)"
    rf"(?:[ \t-]+{_EN_FILLER}){{0,6}}[ \t-]*$"
)
_EN_UNDOES: Final = re.compile(
    r"(?<![a-z])(?:if|unless|until|who|whoever|anyone|those|when|while|no|not|never|cannot|"
    r"only|just|[a-z]+n't)(?![a-z])"
)
_EN_DENIED_AFTER: Final = re.compile(
    r"\s*(?:is|are|was|will\s+be)?\s*[:=–—-]?\s*(?:"
    r"(?:none|nil|n/a|no|zero|never|\$?\s*0(?:\.0+)?\s*(?:\$|usd|riels?|khr)?)\s*(?=[.,;!)\n\x00](?!\d)|$)"
    r"|(?:not|never)\s+(?:be\s+)?(?:required|needed|charged|asked|requested|collected|"
    r"applicable|allowed|permitted|demanded|necessary)(?![a-z])"
    r"|(?:strictly\s+)?(?:prohibited|forbidden|banned)(?![a-z]))"
)

_KM_FILLER: Final = (
    r"(?:ដែល|មាន|ត្រូវការ|ត្រូវ|តម្រូវ|ឱ្យ|អោយ|យក|គិត|បង់|ទាមទារ|ទារ|ចាំបាច់|កាត់|កាន់|រក្សាទុក|"
    r"រក្សា|ទុក|ប្រមូល|ដក|ហូត|ការ|ប្រាក់|លុយ|ថ្លៃ|សេវា|ណាមួយ|ណា|អ្វី|សូម្បី|កម្មករ|និយោជិត|បេក្ខជន|"
    r"អ្នក|របស់|ពី|លើ|ឬ|និង|ទេ)"
)
_KM_DENIAL: Final = re.compile(
    r"(?P<denial>មិន|ពុំ|គ្មាន|ឥត|អត់|កុំ|ហាម)(?:[ \t]?" + _KM_FILLER + r"){0,8}[ \t]?$"
)
_KM_UNDOES: Final = re.compile(r"ប្រសិន|បើ|លុះត្រា|ទាល់តែ|រហូតដល់|អ្នកណា|អ្នកដែល|មិន|ពុំ|គ្មាន|កុំ|ហាម")
_KM_DENIED_AFTER: Final = re.compile(
    r"\s*[៖:=-]?\s*(?:គ្មាន|មិនមាន|អត់មាន|ឥតមាន|មិនយក|មិនគិត|មិនត្រូវការ|មិនតម្រូវ|ត្រូវបានហាមឃាត់)"
    r"(?:ទេ|ឡើយ)?\s*(?=[។៕,;.!)\n\x00]|$)"
)

_CLAUSE: Final = {ENGLISH: _EN_CLAUSE, KHMER: _KM_CLAUSE}
_DENIAL: Final = {ENGLISH: _EN_DENIAL, KHMER: _KM_DENIAL}
_UNDOES: Final = {ENGLISH: _EN_UNDOES, KHMER: _KM_UNDOES}
_DENIED_AFTER: Final = {ENGLISH: _EN_DENIED_AFTER, KHMER: _KM_DENIED_AFTER}


def is_denied(text: str, start: int, end: int, language: str) -> bool:
    """Return whether the phrase at ``text[start:end]`` is denied by the words around it.

    Parameters
    ----------
    text
        Folded text.
    start, end
        Where the phrase stands.
    language
        ``en`` or ``km``: the language of the phrase.

    Examples
    --------
    >>> text = "we never keep your passport"
    >>> is_denied(text, text.index("keep"), len(text), "en")
    True
    """
    if _DENIED_AFTER[language].match(text, end, min(len(text), end + WINDOW)):
        return True
    before = text[max(0, start - WINDOW) : start]
    denial = _DENIAL[language].search(before)
    if denial is None:
        return False
    clause = _CLAUSE[language].split(before[: denial.start("denial")])[-1]
    return _UNDOES[language].search(clause) is None
