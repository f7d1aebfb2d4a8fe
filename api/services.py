"""Everything one process shares, built from its settings and from nothing else."""

import datetime as dt
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from threading import RLock
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.answering import AnsweringModel
from api.beside import Beside
from api.db import Database
from api.failures import NotReady
from api.lexicon import Lexicon
from api.market_cache import MarketCache
from api.settings import Settings
from data import Gazetteer, read_reference
from data.reference import Reference
from matcher import Engine, Market
from matcher.vocabulary import VACANCY

Memory = TypeVar("Memory")

_ANY_MARKET = Market.from_records([{"opportunity_id": "-", "kind": VACANCY, "title": "-"}])
"""Kernels are loaded on any market."""


class Services:
    """The composition: store, reference tables, engine, the market in memory.

    Each part is built when first asked for, once, whichever thread asks.

    Parameters
    ----------
    settings
        The settings of this process.
    compiled
        Whether scores come from compiled kernels, as in :class:`matcher.Engine`: a process that
        answers many requests is worth their loading, a single command is not.
    beside
        What other processes do meanwhile, where any do; who began it ends it.
    """

    def __init__(
        self,
        settings: Settings,
        compiled: bool | None = False,
        beside: Beside | None = None,
    ) -> None:
        self.settings = settings
        self._beside = beside
        self._compiled = compiled
        self.database = Database(settings.database_url, settings.busy_seconds)
        self._building = RLock()
        self._memories: dict[type[Any], Any] = {}
        self._answering = AnsweringModel(
            settings.models_folder, lambda: self.expert, lambda: self.reference, compiled
        )

    @cached_property
    def reference(self) -> Reference:
        """The reference tables, with the imported ones where there are any."""
        with self._building:
            folder = self.settings.reference_folder
            return read_reference(folder if folder.is_dir() else None)

    @cached_property
    def expert(self) -> Engine:
        """The engine under the expert scorecard: it screens, whatever model ranks."""
        with self._building:
            return Engine(self.reference, compiled=self._compiled)

    @property
    def engine(self) -> Engine:
        """The engine under the model that is active now.

        Raises
        ------
        NotReady
            Where the files of the active model are not as they were.
        """
        return self._answering.current().engine

    @property
    def answering_reference(self) -> Reference:
        """The reference tables with the scorecard of the model that is active now.

        Raises
        ------
        NotReady
            Where the files of the active model are not as they were.
        """
        return self._answering.current().reference

    @cached_property
    def lexicon(self) -> Lexicon:
        """What the words of an intake form mean."""
        with self._building:
            knowledge = self.expert.knowledge
            return Lexicon(
                Gazetteer(self.reference),
                knowledge.livelihoods,
                knowledge.skills,
                self.reference.adaptations["adaptation"],
            )

    @cached_property
    def markets(self) -> MarketCache:
        """The market's columns, as of the newest revision."""
        with self._building:
            return MarketCache(self.expert, self._beside.market if self._beside else None)

    def memory(self, kind: type[Memory]) -> Memory:
        """Return what a part of the service keeps in memory between requests, made once."""
        with self._building:
            found: Memory = self._memories.setdefault(kind, kind())
            return found

    def today(self) -> dt.date:
        """Return the day offers are judged on: the one set, else the clock's."""
        return self.settings.today or dt.date.today()

    def warm(self) -> None:
        """Build what a request needs, the market among it, so that the first is not slow."""
        with _uncollected():
            _ = self.lexicon
            if self.database.path is None or self.database.path.exists():
                with suppress(SQLAlchemyError, NotReady), self.database.reading() as session:
                    self._warm(session)

    def _warm(self, session: Session) -> None:
        if self._beside:  # load kernels while the market is read
            self.engine.warm_scores(_ANY_MARKET)
        market = self.markets.current(session, self.today()).market
        self.engine.warm_scores(market)
        if self._beside:
            self._beside.kernels.wait()
        self.engine.warm_slates(market)

    def close(self) -> None:
        """Let the database go."""
        self.database.close()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage while a market is built: millions of cells come, and all stay.

    What stands at the end is never looked at again, which makes every later search shorter.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if searching:
            gc.enable()
