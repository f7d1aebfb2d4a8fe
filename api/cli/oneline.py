"""Refusals on one clear line: never a stack trace."""

import traceback
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, SQLAlchemyError

from api.cli.desk import LANGUAGE
from api.errors import failure_details
from api.failures import Failure, InvalidValues, NotOffered, PlanConflict
from api.phrases import say
from api.settings import Language, UnknownSettings
from data import InvalidTable
from data.exchange import ImportRefused
from matcher import InvalidRecords


def told(error: Exception, language: Language | None = None) -> str:
    """Return what went wrong, in one line of words; in those of the command unless told others."""
    language = language or LANGUAGE.get()
    if isinstance(error, Failure):
        return _failure(error, language)
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in error.errors()
        )
    if isinstance(error, ImportRefused | InvalidTable | InvalidRecords | UnknownSettings):
        return " ".join(str(error).split("\n"))
    if isinstance(error, SQLAlchemyError):
        return _database(error, language)
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror or type(error).__name__}{where}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).parent.name}/{Path(last.filename).name}:{last.lineno}"
    return say("cli.unexpected", language, kind=type(error).__name__, place=place)


def _failure(failure: Failure, language: Language) -> str:
    facts = failure.facts()
    if "what" in facts:
        facts["what"] = say(f"thing.{facts['what']}", language)
    sentence = say(f"detail.{failure.code}", language, **facts)
    details = failure_details(failure, language)
    if isinstance(failure, InvalidValues):
        sentence += " " + "; ".join(
            f"{error['field']}: {error['rule']}"
            + (f" ({', '.join(error['candidates'])})" if error["candidates"] else "")
            for error in details["errors"]
        )
    if isinstance(failure, NotOffered):
        sentence += " " + " ".join(reason["message"] for reason in details["reasons"])
    if isinstance(failure, PlanConflict):
        sentence += " " + " ".join(conflict["message"] for conflict in details["conflicts"])
    return sentence


def _database(error: SQLAlchemyError, language: Language) -> str:
    origin = getattr(error, "orig", None)
    if isinstance(error, IntegrityError):
        return say("cli.store_refused", language, reason=origin)
    if isinstance(error, OperationalError | DatabaseError):
        return say("cli.store_unusable", language, reason=origin)
    return say("cli.store_unusable", language, reason=type(error).__name__)
