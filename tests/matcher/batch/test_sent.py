"""An engine that has folded a market can be sent to another process, and need not fold it again."""

import pytest
from distributed.protocol.pickle import dumps, loads

from data import demo, read_reference
from matcher import Caseload, Engine, Market


@pytest.mark.parametrize("compiled", [False, True])
def test_a_sent_engine_answers_alike_and_keeps_what_it_derived(compiled: bool) -> None:
    world = demo.world(clients=12, opportunities=60, seed=5)
    caseload = Caseload.from_records(world.clients)
    market = Market.from_records(world.opportunities, world.as_of)
    engine = Engine(read_reference(), compiled=compiled)
    engine.fold(market)
    expected = engine.suggest(caseload, market, 3) + engine.suggest(caseload.take([0]), market, 3)
    sent, there = loads(dumps((engine, market)))
    assert sent._seen(there) is sent._seen(there) is not engine._seen(market)
    assert [found for found, _ in sent._offers._found.values()] == [there]
    again = sent.suggest(caseload, there, 3) + sent.suggest(caseload.take([0]), there, 3)
    assert again == expected
