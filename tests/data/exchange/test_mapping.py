import pytest

from data.exchange import ImportRefused, load_mapping
from data.exchange.fields import OPPORTUNITY_FIELDS
from data.exchange.mapping import parse_mapping

COLUMN = '[[column]]\nname = "Job"\nfield = "title"\n'


def rules(text):
    with pytest.raises(ImportRefused) as caught:
        parse_mapping(text, "mine")
    return [f"{p.column}: {p.rule}" for p in caught.value.problems]


@pytest.mark.parametrize("name", ["camhr", "template", "oscar"])
def test_the_shipped_mappings_load(name):
    assert load_mapping(name).name == name


def test_the_template_has_every_field_of_an_opportunity():
    assert [c.field for c in load_mapping("template").columns] == list(OPPORTUNITY_FIELDS)


def test_a_mapping_is_loaded_by_path(tmp_path):
    path = tmp_path / "board.toml"
    path.write_text(COLUMN, encoding="utf-8")
    assert load_mapping(path).name == "board"
    assert load_mapping(str(path)).columns[0].field == "title"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colunm = 1", "mapping: no such key (did you mean 'column'?)"),
        (
            "[[column]]\nname = 'Job'\nfeild = 'title'",
            "column: no such key (did you mean 'field'?)",
        ),
        ("[[column]]\nname = 'Job'\nfield = 'titel'", "column 'Job': no such field"),
        (COLUMN + "reads = 'txt'", "column 'Job'.reads: one of"),
        (COLUMN + "required = 'yes'", "column.required: a bool"),
        (COLUMN + "formats = ['%q']", "column 'Job'.formats: the directive %q is not read"),
        (COLUMN + "formats = ['%d/%m']", "column 'Job'.formats: a date format needs %Y"),
        (COLUMN + COLUMN, "column: each column is named once"),
        ("ignore = ['job']\n" + COLUMN, "column: each column is named once"),
        ("[[column]]\nnames = ['a', 'b']\nfield = 'seats'", "column 'a': this reader takes one"),
        (COLUMN + "[constants]\nkind = 'job'", "constants.kind: one of vacancy"),
        (
            COLUMN + "[constants]\nkidn = 'vacancy'",
            "constants: no such field (did you mean 'kind'?)",
        ),
        (
            "[[column]]\nname = 'S'\nfield = 'sector'\n[column.table]\nA = 'farm'",
            "column 'S'.table: one of agriculture",
        ),
        ("record = 'people'\n" + COLUMN, "record: one of opportunity, client"),
        ("name = 'x'", "column: at least one [[column]]"),
        ("column = [1]", "column: a table of keys and values"),
    ],
)
def test_mistakes_are_named(text, said):
    assert any(said in rule for rule in rules(text)), rules(text)


def test_toml_that_does_not_parse_and_names_that_do_not_exist_are_refused(tmp_path):
    with pytest.raises(ImportRefused, match="not valid TOML"):
        parse_mapping("= =", "mine")
    with pytest.raises(ImportRefused, match="did you mean 'camhr'"):
        load_mapping("camrh")
    with pytest.raises(ImportRefused, match="cannot be read"):
        load_mapping(tmp_path / "no.toml")
