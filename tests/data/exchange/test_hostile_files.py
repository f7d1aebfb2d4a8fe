"""Ten files that break importers, and more of their kind: a clear word each, nothing written."""

import datetime as dt
import io
import re
import zipfile

import pytest
import xlsxwriter

from data.exchange import ImportRefused, read_oscar, read_vacancies

HEADER = ["kind", "title", "posted_on", "monthly_wage_usd", "places"]
GOOD = ["vacancy", "Tailor", "2026-08-19", "210", "Takeo"]
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def refusal(path, reference, mapping="template"):
    with pytest.raises(ImportRefused) as caught:
        read_vacancies(path, mapping, reference)
    return str(caught.value)


def problem(path, reference, mapping="template"):
    found = read_vacancies(path, mapping, reference)
    assert found.accepted == ()
    (one,) = found.problems
    return one


def workbook_with(sheet_xml, **parts):
    """A minimal XLSX around the XML of its only sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("Opportunities")
    book.close()
    made = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = sheet_xml if name == "xl/worksheets/sheet1.xml" else old.read(name)
            new.writestr(name, parts.pop(name, content))
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()


def sheet_xml(rows, head=""):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{XML}<worksheet xmlns="{space}">{head}<sheetData>{rows}</sheetData></worksheet>'


def saved(tmp_path, content, name="table.xlsx"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# 1. wrong encoding


def test_a_legacy_encoding_is_refused_naming_the_byte_and_the_row(tmp_path, reference):
    path = saved(tmp_path, "kind,title\nvacancy,Tailor\nvacancy,Café".encode("latin-1"), "a.csv")
    message = refusal(path, reference)
    assert "0xE9" in message
    assert "row 3" in message
    assert "UTF-8" in message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_with_its_mark_is_read(encoding, tmp_path, reference):
    path = saved(tmp_path, "kind,title\r\nvacancy,ជាងកាត់ដេរ\r\n".encode(encoding), "a.csv")
    (record,) = read_vacancies(path, "template", reference).accepted
    assert record["title"] == "ជាងកាត់ដេរ"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32"])
def test_unmarked_utf_16_and_utf_32_are_refused(encoding, tmp_path, reference):
    path = saved(tmp_path, "kind,title\nvacancy,Tailor".encode(encoding), "a.csv")
    assert "save it as" in refusal(path, reference)


# 2. dropped zeros


def test_dropped_zeros_of_geocodes_are_given_back(write_csv, write_xlsx, reference):
    rows = [["kind", "title", "places"], ["vacancy", "Tailor", "10201"], ["vacancy", "Cook", "7"]]
    for path in (write_csv(rows), write_xlsx([rows[0], ["vacancy", "Tailor", 10201], rows[2]])):
        found = read_vacancies(path, "template", reference)
        assert [record["places"] for record in found.accepted] == [["010201"], ["07"]]


# 3. formulas


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "-2+3+cmd|' /C calc'!A0", "+cmd|x", "=HYPERLINK()"]
)
def test_a_text_that_would_run_is_refused(text, write_csv, reference):
    path = write_csv([["kind", "title"], ["vacancy", text]])
    one = problem(path, reference)
    assert (one.row, one.column, one.value) == (2, "title", text)
    assert "formula" in one.rule


def test_a_formula_cell_is_reported_and_its_stored_value_not_trusted(write_xlsx, reference):
    path = write_xlsx([["kind", "title", "seats"], ["vacancy", "Tailor", ("=3+4",)]])
    one = problem(path, reference)
    assert (one.row, one.column) == (2, "seats")
    assert "formula" in one.rule


@pytest.mark.parametrize("text", ["+855 12 345 678", "- cook rice", "-", "'=1+1", "--"])
def test_harmless_signs_are_text(text, write_csv, reference):
    path = write_csv([["kind", "title", "description"], ["vacancy", "Tailor", text]])
    (record,) = read_vacancies(path, "template", reference).accepted
    assert record["description"] == text.removeprefix("'")


# 4. 1e9 rows claimed


@pytest.mark.parametrize(
    "xml",
    [
        sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', '<dimension ref="A1:E1000000000"/>'),
        sheet_xml('<row r="1000000000"><c r="A1000000000"><v>1</v></c></row>'),
        sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B999999999"/></row>'),
        sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'),
        sheet_xml('<row r="1"><c r="A99999999999999999999"><v>1</v></c></row>'),
        sheet_xml('<row r="1"><c r="A1"/></row><row r="99999"><c r="SQ99999"><v>1</v></c></row>'),
    ],
)
def test_a_sheet_that_claims_a_billion_rows_is_refused_before_it_is_built(xml, tmp_path, reference):
    path = saved(tmp_path, workbook_with(xml))
    assert re.search("claims cells|no cell|too far apart", refusal(path, reference))


# 5. dates as serials


def test_a_serial_in_a_csv_is_refused_with_the_date_it_may_mean(write_csv, reference):
    path = write_csv([HEADER, ["vacancy", "Tailor", "44792", "210", "Takeo"]])
    one = problem(path, reference)
    assert (one.row, one.column, one.value) == (2, "posted_on", "44792")
    assert "2022-08-19" in one.rule


def test_a_date_cell_of_a_workbook_is_read(write_xlsx, reference):
    path = write_xlsx([HEADER, ["vacancy", "Tailor", dt.date(2022, 8, 19), 210, "Takeo"]])
    (record,) = read_vacancies(path, "template", reference).accepted
    assert record["posted_on"] == dt.date(2022, 8, 19)


# 6. duplicate ids


def test_an_id_in_two_rows_is_a_problem_that_names_both(write_csv, reference):
    rows = [["opportunity_id", "kind", "title"], ["V-1", "vacancy", "Tailor"]]
    path = write_csv([*rows, ["v-1 ", "vacancy", "Cook"]])
    one = problem(path, reference)
    assert (one.row, one.value) == (3, "v-1")
    assert "row 2" in one.rule


# 7. Khmer digits


def test_khmer_digits_are_read(write_csv, reference):
    path = write_csv([HEADER, ["vacancy", "Tailor", "២០២៦-០៨-១៩", "២១០", "១២"]])
    (record,) = read_vacancies(path, "template", reference).accepted
    assert record["posted_on"] == dt.date(2026, 8, 19)
    assert record["monthly_wage_usd"] == 210
    assert record["places"] == ["12"]


# 8. empty


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_refused(content, tmp_path, reference):
    assert "empty" in refusal(saved(tmp_path, content, "a.csv"), reference)


def test_an_empty_sheet_is_refused(tmp_path, reference):
    assert "empty" in refusal(saved(tmp_path, workbook_with(sheet_xml(""))), reference)


# 9. binary


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.csv", "zero byte"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.xlsx", "not one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", "password"),
        (b"PK\x03\x04" + b"\0" * 50, "a.xlsx", "damaged"),
    ],
)
def test_binary_files_are_refused(content, name, said, tmp_path, reference):
    assert said in refusal(saved(tmp_path, content, name), reference)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path, reference):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "not an .xlsx" in refusal(saved(tmp_path, out.getvalue()), reference)


# 10. zip bomb


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path, reference):
    content = workbook_with(sheet_xml(""), **{"xl/media/big.bin": b"\0" * 30_000_000})
    assert "zip bomb" in refusal(saved(tmp_path, content), reference)


def test_a_zip_bomb_that_lies_in_its_directory_is_refused(tmp_path, reference):
    bomb = sheet_xml(" " * 3_000_000)
    content = bytearray(workbook_with(bomb))
    size = len(bomb.encode()).to_bytes(4, "little")
    assert content.count(size) == 2  # local header and directory
    message = refusal(saved(tmp_path, bytes(content).replace(size, b"\x10\0\0\0")), reference)
    assert re.search("zip bomb|damaged|not valid XML", message)


def test_a_text_that_is_repeated_beyond_reason_is_refused(tmp_path, reference):
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 9501))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = "".join(str(n) for n in range(6000))
    shared = f'{XML}<sst xmlns="{space}"><si><t>{text}</t></si></sst>'
    content = workbook_with(sheet_xml(cells), **{"xl/sharedStrings.xml": shared})
    assert "repeat" in refusal(saved(tmp_path, content), reference)


@pytest.mark.parametrize(
    "xml",
    [
        f'{XML}<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>',
        sheet_xml("").encode("utf-16"),
        sheet_xml("").replace("UTF-8", "latin-1"),
        "<worksheet><sheetData>",
        "",
    ],
)
def test_odd_xml_is_refused(xml, tmp_path, reference):
    assert refusal(saved(tmp_path, workbook_with(xml)), reference)


# and their relatives


def test_a_header_that_names_a_column_twice_or_not_at_all_is_refused(write_csv, reference):
    path = write_csv([["title", "Title ", "", "kind"], ["a", "b", "c", "vacancy"]])
    with pytest.raises(ImportRefused) as caught:
        read_vacancies(path, "template", reference)
    assert [p.rule for p in caught.value.problems] == [
        "column names must differ; column 1 has this name too",
        "column 3 has no name; name it or remove it",
    ]


def test_a_misspelt_or_missing_column_is_refused_with_a_suggestion(write_csv, reference):
    path = write_csv([["kind", "titel"], ["vacancy", "Tailor"]])
    with pytest.raises(ImportRefused) as caught:
        read_vacancies(path, "template", reference)
    rules = {p.column: p.rule for p in caught.value.problems}
    assert rules["title"] == "this column must be there"
    assert "did you mean 'title'?" in rules["titel"]


def test_ragged_rows_are_problems(tmp_path, reference):
    path = saved(tmp_path, "kind,title\nvacancy,Tailor,extra\nvacancy\nvacancy,Cook,,\n", "a.csv")
    found = read_vacancies(path, "template", reference, skip_bad=True)
    assert [(p.row, p.rule) for p in found.problems] == [
        (2, "the header has 2 columns, this row has 3"),
        (3, "the header has 2 columns, this row has 1"),
    ]
    assert [record["title"] for record in found.accepted] == ["Cook"]


@pytest.mark.parametrize("content", ['kind,title\nvacancy,"Tailor\n', 'kind,title\n"a"b,c\n'])
def test_broken_quotes_are_refused(content, tmp_path, reference):
    assert "not valid CSV" in refusal(saved(tmp_path, content, "a.csv"), reference)


def test_a_cell_longer_than_a_spreadsheet_allows_is_refused(tmp_path, reference):
    path = saved(tmp_path, "kind,title\nvacancy," + "x" * 40_000, "a.csv")
    assert "field larger" in refusal(path, reference)


def test_a_control_character_is_a_problem(tmp_path, reference):
    path = saved(tmp_path, "kind,title\nvacancy,Tai\x07lor\n", "a.csv")
    assert problem(path, reference).rule == "text without control characters"


def test_a_folder_a_device_and_a_missing_file_are_refused(tmp_path, reference):
    for path in (tmp_path, "/dev/zero", tmp_path / "no.csv", "a\0b.csv"):
        assert refusal(path, reference)


def test_row_numbers_are_those_a_spreadsheet_shows(tmp_path, reference):
    text = 'kind,title,seats\nvacancy,"two\nlines",1\n\n,,\nvacancy,Cook,many\n'
    one = problem(saved(tmp_path, text, "a.csv"), reference)
    assert (one.row, one.column) == (5, "seats")


def test_a_client_file_is_refused_as_one_of_vacancies_and_the_other_way_round(write_csv, reference):
    path = write_csv([["kind", "title"], ["vacancy", "Tailor"]])
    with pytest.raises(ImportRefused, match="none of the columns"):
        read_oscar(path, reference, dt.date(2026, 11, 23))
    assert "client" in refusal(path, reference, "oscar")
