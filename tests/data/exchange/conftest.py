import csv
from pathlib import Path

import pytest
import xlsxwriter

from data.reference import Reference, read_reference


@pytest.fixture(scope="session")
def reference() -> Reference:
    return read_reference()


@pytest.fixture
def write_csv(tmp_path):
    def write(rows, name="table.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path):
    """Writes texts as texts, numbers as numbers, dates as date cells, ("=...",) as a formula."""

    def write(rows, name="table.xlsx") -> Path:
        path = tmp_path / name
        book = xlsxwriter.Workbook(str(path))
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Sheet1")
        for r, cells in enumerate(rows):
            for c, value in enumerate(cells):
                if isinstance(value, tuple):
                    sheet.write_formula(r, c, value[0], None, 7)
                elif hasattr(value, "isoformat"):
                    sheet.write_datetime(r, c, value, date)
                elif isinstance(value, int | float):
                    sheet.write_number(r, c, value)
                elif value is not None:
                    sheet.write_string(r, c, value)
        book.close()
        return path

    return write
