import datetime as dt

import pytest

from data import demo
from matcher import Caseload, Engine, Market
from matcher.simulation import WORLDS, Simulator, WorldName


@pytest.fixture(scope="session")
def simulator(engine: Engine) -> Simulator:
    drawn = demo.world(clients=200, opportunities=800, seed=5, as_of=dt.date(2026, 9, 1))
    caseload = Caseload.from_records(drawn.clients)
    market = Market.from_records(drawn.opportunities, drawn.as_of)
    return Simulator(engine, caseload, market, WORLDS[WorldName.DOCUMENTED], seed=3)
