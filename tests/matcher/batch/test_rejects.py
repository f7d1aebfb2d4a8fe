"""Bad rows are told, each with its row, field, value and what was expected; good rows go on."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import demo
from matcher.batch import Batch, BatchRefused, ParquetRows, run

Make = Callable[..., Batch]
Open = Callable[[], Any]


def rejects(out: Path) -> list[dict[str, str]]:
    with (out / "rejects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_bad_rows_go_to_the_reject_file_and_the_good_ones_on(
    make_batch: Make, here: Open, world: demo.World, tmp_path: Path
) -> None:
    clients = [dict(record) for record in world.clients[:60]]
    clients[3]["age_years"] = 190.0
    clients[25]["home_place"] = "ភ្នំពេញ"
    clients[25]["transport"] = "balloon"
    clients[41]["client_id"] = clients[7]["client_id"]
    offers = [dict(record) for record in world.opportunities[:50]]
    offers[9]["kind"] = "adventure"
    summary = run(make_batch(clients, offers), tmp_path / "out", here)
    assert (summary.clients, summary.opportunities, summary.rejected) == (57, 49, 4)
    found = [(r["table"], r["row"], r["field"], r["value"]) for r in rejects(tmp_path / "out")]
    assert found == [
        ("opportunities", "9", "kind", '"adventure"'),
        ("clients", "3", "age_years", "190.0"),
        ("clients", "25", "home_place", '"ភ្នំពេញ"'),
        ("clients", "25", "transport", '"balloon"'),
        ("clients", "41", "client_id", f'"{clients[7]["client_id"]}"'),
    ]
    expected = [r["expected"] for r in rejects(tmp_path / "out")]
    assert expected[1] == "a number from 0 to 120"
    assert expected[-1] == "a value of its own: row 7 has the same"
    given = pq.read_table(tmp_path / "out" / "parts")["client_id"].to_pylist()
    assert clients[3]["client_id"] not in given


def test_a_value_of_another_type_is_a_bad_row(make_batch: Make, here: Open, tmp_path: Path) -> None:
    path = tmp_path / "clients.parquet"
    columns = {
        "client_id": ["C-1", "C-2"],
        "age_years": ["twenty", None],
        "experience": ["{", "{}"],
    }
    pq.write_table(pa.table(columns), path)
    batch = make_batch()
    object.__setattr__(batch, "clients", ParquetRows(path))
    assert run(batch, tmp_path / "out", here).clients == 1
    assert [r["field"] for r in rejects(tmp_path / "out")] == ["age_years", "experience"]


def test_no_good_opportunity_is_refused(
    make_batch: Make, here: Open, world: demo.World, tmp_path: Path
) -> None:
    bad = [{**world.opportunities[0], "kind": "adventure"}]
    with pytest.raises(BatchRefused, match="no row is good"):
        run(make_batch(opportunities=bad), tmp_path / "out", here)


def test_a_column_that_no_record_has_is_refused(make_batch: Make, tmp_path: Path) -> None:
    path = tmp_path / "clients.parquet"
    pq.write_table(pa.table({"client_id": ["C-1"], "age_year": [20]}), path)
    batch = make_batch()
    with pytest.raises(BatchRefused, match=r"'age_year'; did you mean age_years\?"):
        Batch(batch.reference, ParquetRows(path), batch.opportunities, batch.as_of)


def test_a_file_that_is_not_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clients.parquet"
    path.write_text("client_id\nC-1\n")
    with pytest.raises(BatchRefused, match="expected a Parquet file"):
        ParquetRows(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BatchRefused, match="found none"):
        ParquetRows(tmp_path)


def test_a_folder_of_files_is_read_in_order_of_name(folder: Path, tmp_path: Path) -> None:
    whole = pq.read_table(folder / "clients.parquet")
    pq.write_table(whole.slice(0, 150), tmp_path / "a.parquet")
    pq.write_table(whole.slice(150), tmp_path / "b.parquet")
    rows = ParquetRows(tmp_path)
    assert len(rows) == whole.num_rows
    assert rows.ids("client_id").to_pylist() == whole["client_id"].to_pylist()
    assert pa.Table.from_batches(rows.batches()).equals(whole)
