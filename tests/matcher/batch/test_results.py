"""What a batch writes: the engine's answers, for every client once."""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.batch import Batch, BatchRefused, Summary, as_arrow, local_cluster, run
from matcher.batch.columnar import as_records
from matcher.batch.job import CLIENT_BYTES, MEMORY_MB, MOST_PAIRS

Make = Callable[..., Batch]
Open = Callable[[], Any]


def test_the_parts_hold_what_the_engine_ranks(ran: tuple[Path, Summary], world: demo.World) -> None:
    caseload = Caseload.from_records(world.clients)
    market = Market.from_records(world.opportunities, world.as_of)
    ranking = Engine(read_reference()).rank(caseload, market, 5)
    found = pq.read_table(ran[0] / "parts").to_pandas()
    row, position = np.nonzero(ranking.ids >= 0)
    assert found["client_id"].tolist() == caseload.client_id[row].tolist()
    assert found["position"].tolist() == (position + 1).tolist()
    expected = market.opportunity_id[ranking.ids[row, position]]
    assert found["opportunity_id"].tolist() == expected.tolist()
    assert np.allclose(found["score"], ranking.scores[row, position], rtol=0, atol=1e-9)
    assert found["retention_90d"].between(found["retention_180d"], 1).all()


def test_the_summary_counts_what_lies_in_the_folder(ran: tuple[Path, Summary]) -> None:
    out, summary = ran
    parts = sorted((out / "parts").iterdir())
    per_client = pq.read_table(out / "parts").to_pandas().groupby("client_id").size()
    assert [path.name for path in parts[:2]] == ["part-000000.parquet", "part-000001.parquet"]
    assert summary.blocks == len(parts) == 11
    assert (summary.clients, summary.opportunities, summary.rejected) == (210, 300, 0)
    assert summary.full == (per_client == 5).sum()
    assert summary.without == 210 - len(per_client)
    assert summary.pairs_per_second > 0


def test_full_slates_are_the_officer_s(
    make_batch: Make, here: Open, world: demo.World, tmp_path: Path
) -> None:
    clients = list(world.clients[:30])
    run(make_batch(clients, slates=True, k=3, language="km"), tmp_path / "out", here)
    found = pq.read_table(tmp_path / "out" / "parts").to_pylist()
    market = Market.from_records(world.opportunities, world.as_of)
    caseload = Caseload.from_records(clients)
    slates = Engine(read_reference()).suggest(caseload, market, 3, "km")
    expected = [(slate.client_id, s) for slate in slates for s in slate.suggestions]
    assert [(row["client_id"], row["opportunity_id"]) for row in found] == [
        (client_id, s.opportunity_id) for client_id, s in expected
    ]
    for row, (_, suggestion) in zip(found, expected, strict=True):
        assert tuple(row["steps"]) == suggestion.steps
        assert (row["low"], row["high"]) == pytest.approx(suggestion.interval, abs=1e-9)
        told = {line["text"]: line["contribution"] for line in row["reasons"]}
        assert row["base"] + sum(told.values()) == pytest.approx(row["score"], abs=1e-6)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_bytes_do_not_depend_on_the_number_of_workers(
    workers: int, make_batch: Make, ran: tuple[Path, Summary], contents: Any, tmp_path: Path
) -> None:
    run(make_batch(), tmp_path / "out", lambda: local_cluster(workers))
    assert contents(tmp_path / "out") == contents(ran[0])


def test_no_clients_are_no_results(make_batch: Make, here: Open, tmp_path: Path) -> None:
    summary = run(make_batch(clients=[]), tmp_path / "out", here)
    assert (summary.clients, summary.blocks) == (0, 0)


@pytest.mark.parametrize("name", ["clients", "opportunities"])
def test_records_come_back_from_arrow_as_they_were(name: str, world: demo.World) -> None:
    table: Any = {"clients": Caseload, "opportunities": Market}[name]
    records = getattr(world, name)[:50]
    back = as_records(as_arrow(records, table), table)
    known = [{k: v for k, v in record.items() if v is not None} for record in back]
    assert known == [{k: v for k, v in r.items() if v is not None} for r in records]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([{"6111": 2.0, "6122": None}]),
        pa.array([json.dumps({"6111": 2})]),
        pa.array([[("6111", 2.0)]], pa.map_(pa.string(), pa.float64())),
    ],
    ids=["struct", "json", "map"],
)
def test_amounts_are_read_however_they_are_stored(column: pa.Array) -> None:
    rows = pa.table({"client_id": ["C-1"], "experience": column})
    assert as_records(rows, Caseload)[0]["experience"] == {"6111": 2}


def test_the_last_blocks_are_smaller(make_batch: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.batch.job.LEAST_CLIENTS", 4)
    sizes = make_batch().block_sizes  # of 210 clients in blocks of 20
    assert sizes == [20] * 8 + [16, 11, 7, 5, 4, 4, 3]
    assert make_batch(clients=[]).block_sizes == []


def test_smaller_last_blocks_hold_the_same_rows_and_are_continued_alike(
    make_batch: Make,
    here: Open,
    ran: tuple[Path, Summary],
    contents: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("matcher.batch.job.LEAST_CLIENTS", 4)
    out = tmp_path / "out"
    assert run(make_batch(), out, lambda: local_cluster(2)).blocks == 15
    assert pq.read_table(out / "parts").equals(pq.read_table(ran[0] / "parts"))
    before = contents(out)
    for lost in ("parts/part-000003.parquet", "parts/part-000011.parquet", "rejects.csv"):
        (out / lost).unlink()
    assert run(make_batch(), out, here).blocks_done_before == 13
    assert contents(out) == before


def test_a_block_fits_the_memory_and_is_done_soon(make_batch: Make) -> None:
    class Many:
        def __init__(self, inner: Any) -> None:
            self.name, self.schema = inner.name, inner.schema

        def __len__(self) -> int:
            return 5_000_000

    batch = make_batch()
    assert batch.block_rows * CLIENT_BYTES <= MEMORY_MB * 1_000_000
    wide = dataclasses.replace(batch, opportunities=Many(batch.opportunities))
    assert wide.block_rows * 5_000_000 <= MOST_PAIRS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": 0}, "k: expected at least 1, got 0"),
        ({"memory_mb": 10}, "memory: expected at least 136 MB, got 10"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    change: dict[str, Any], message: str, make_batch: Make
) -> None:
    with pytest.raises(BatchRefused, match=message):
        make_batch(**change)


def test_the_day_is_part_of_what_is_asked(make_batch: Make) -> None:
    later = make_batch(as_of=dt.date(2026, 12, 1)).manifest()
    differing = {name for name, value in make_batch().manifest().items() if later[name] != value}
    assert differing == {"as_of"}
