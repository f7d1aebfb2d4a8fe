"""Types of the fields on the wire: bounds and words as the database has them."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import core_schema

from models import constraints, vocabulary


@dataclass(frozen=True)
class OneOf:
    """Admits the words of a tuple of :mod:`models.vocabulary` and no other.

    Parameters
    ----------
    words
        The words.
    """

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return the schema of a literal."""
        return core_schema.literal_schema(list(self.words))


Sex = Annotated[str, OneOf(vocabulary.SEX)]
Transport = Annotated[str, OneOf(vocabulary.TRANSPORT)]
Schooling = Annotated[str, OneOf(vocabulary.SCHOOLING)]
IdPoor = Annotated[str, OneOf(vocabulary.IDPOOR)]
GenderOnly = Annotated[str, OneOf(vocabulary.GENDER_ONLY)]
Kind = Annotated[str, OneOf(vocabulary.KIND)]
SuggestionKind = Annotated[str, OneOf(vocabulary.SUGGESTION_KIND)]
Sector = Annotated[str, OneOf(vocabulary.SECTOR)]
Setting = Annotated[str, OneOf(vocabulary.SETTING)]
Document = Annotated[str, OneOf(vocabulary.DOCUMENT)]
Difficulty = Annotated[str, OneOf(vocabulary.DIFFICULTY)]
Verdict = Annotated[str, OneOf(("clear", "review", "block"))]
Action = Annotated[str, OneOf(("note", "review", "block"))]


def _printable(text: str) -> str:
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
        raise ValueError("text without control characters expected")
    return text


Text = Annotated[
    str,
    Field(min_length=1, max_length=constraints.TEXT_LENGTH),
    AfterValidator(_printable),
]
Title = Annotated[Text, Field(max_length=constraints.TITLE_LENGTH)]
Word = Annotated[Text, Field(max_length=200)]
Name = Annotated[Text, Field(max_length=2 * constraints.WORD_LENGTH)]
Note = Annotated[Text, Field(max_length=2000)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
IscoCode = Annotated[str, Field(pattern=r"^[0-9]{1,4}$")]
Words = Annotated[list[Word], Field(max_length=100)]
Usd = Annotated[float, Field(ge=0, le=1e5)]
Usd1M = Annotated[float, Field(ge=0, le=1e6)]
Usd10M = Annotated[float, Field(ge=0, le=1e7)]
DayHours = Annotated[float, Field(ge=0, le=24)]
WeekHours = Annotated[float, Field(ge=0, le=168)]
Multiple = Annotated[float, Field(ge=0, le=10)]
Years = Annotated[float, Field(ge=0, le=120)]
Count = Annotated[int, Field(ge=0, le=2**63 - 1)]


class Body(BaseModel):
    """Base of what is sent and answered: unknown fields refused, no infinities."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)
