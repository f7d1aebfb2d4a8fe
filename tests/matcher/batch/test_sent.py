"""An engine that has folded a market can be sent to another process, and need not fold it again."""

from pathlib import Path

import numpy as np
import pytest

from data import demo, read_reference
from matcher import Caseload, Engine, Market

pytest.importorskip("distributed")

from matcher.batch.sending import ALIGNED_BYTES, packed, unpacked


@pytest.mark.parametrize("compiled", [False, True])
def test_a_sent_engine_answers_alike_and_keeps_what_it_derived(compiled: bool) -> None:
    world = demo.world(clients=12, opportunities=60, seed=5)
    caseload = Caseload.from_records(world.clients)
    market = Market.from_records(world.opportunities, world.as_of)
    engine = Engine(read_reference(), compiled=compiled)
    engine.fold(market)
    expected = engine.suggest(caseload, market, 3) + engine.suggest(caseload.take([0]), market, 3)
    sent, there = unpacked(b"".join(packed((engine, market))))
    assert sent._seen(there) is sent._seen(there) is not engine._seen(market)
    assert [found for found, _ in sent._offers._found.values()] == [there]
    again = sent.suggest(caseload, there, 3) + sent.suggest(caseload.take([0]), there, 3)
    assert again == expected


def test_sent_clients_rank_alike_and_carry_nothing_else() -> None:
    world = demo.world(clients=40, opportunities=60, seed=5)
    caseload = Caseload.from_records(world.clients)
    market = Market.from_records(world.opportunities, world.as_of)
    engine = Engine(read_reference(), compiled=True)
    sent = b"".join(packed(engine.clients(caseload)))
    assert len(sent) < 2_000 * len(caseload)  # without the reference tables
    expected, found = (
        engine.rank(caseload, market, 3),
        engine.ranker(market).rank(unpacked(sent), 3),
    )
    np.testing.assert_array_equal(found.ids, expected.ids)
    np.testing.assert_array_equal(found.scores, expected.scores)


@pytest.mark.parametrize("in_a_file", [False, True])
def test_sent_arrays_are_what_they_were_so_that_no_kernel_is_compiled_anew(
    in_a_file: bool, tmp_path: Path
) -> None:
    fixed = np.arange(5, dtype=np.float32)
    fixed.setflags(write=False)
    arrays = [np.arange(7), np.zeros((0, 3)), fixed, np.arange(3, dtype=np.int8)]
    content = b"".join(packed(arrays))
    path = tmp_path / "world"
    path.write_bytes(content)
    sent = unpacked(path if in_a_file else content)
    for mine, theirs in zip(arrays, sent, strict=True):
        np.testing.assert_array_equal(theirs, mine)
        assert (theirs.dtype, theirs.flags.writeable) == (mine.dtype, mine.flags.writeable)
        assert theirs.flags.aligned
        if in_a_file and theirs.size:
            assert theirs.ctypes.data % ALIGNED_BYTES == 0
    sent[0][0] = 99
    assert path.read_bytes() == content
