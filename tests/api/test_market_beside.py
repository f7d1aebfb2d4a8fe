"""A second process that reads the market hands over what this one would have read."""

from pathlib import Path

import pytest

from api.beside import Beside
from api.db import Database
from api.kernels import KernelsBeside
from api.market_beside import MarketBeside
from api.market_columns import market_columns
from api.services import Services
from matcher import Market
from models import revision
from tests.api.conftest import TODAY, settings_for


def test_what_is_read_beside_is_the_market_and_is_handed_over_once(world_template: Path) -> None:
    database = Database(f"sqlite:///{world_template}")
    beside = MarketBeside(f"sqlite:///{world_template}")
    with database.reading() as session:
        number = revision.current(session)
        here = Market.from_columns(market_columns(session), as_of=TODAY)
    columns = beside.columns(number)
    assert columns is not None
    there = Market.from_columns(columns, as_of=TODAY)
    assert len(there) == len(here) > 0
    for row in range(len(here)):
        assert there.record(row) == here.record(row)
    assert beside.columns(number) is None
    beside.close()
    database.close()


@pytest.mark.parametrize("there", [True, False])
def test_another_revision_and_no_store_are_no_market(
    there: bool, world_template: Path, tmp_path: Path
) -> None:
    beside = MarketBeside(f"sqlite:///{world_template if there else tmp_path / 'none.db'}")
    assert beside.columns(-1) is None
    beside.close()


def test_a_service_whose_market_is_read_beside_has_the_same_one(world_template: Path) -> None:
    settings = settings_for(world_template)
    market = MarketBeside(settings.database_url)
    with_help = Services(settings, None, Beside(market, KernelsBeside()))
    alone = Services(settings, None)
    for services in (with_help, alone):
        services.warm()
    with with_help.database.reading() as session:
        theirs = with_help.markets.current(session, TODAY).market
    with alone.database.reading() as session:
        own = alone.markets.current(session, TODAY).market
    assert [theirs.record(row) for row in range(len(own))] == [
        own.record(row) for row in range(len(own))
    ]
    for services in (with_help, alone):
        services.close()
