"""Every notebook runs to its end on the code of this tree, and draws its figures."""

import pytest
from nbformat import NotebookNode

from tests.notebooks.executing import NOTEBOOKS, executed

FIGURES = {
    "01_market": 5,
    "02_retrain": 4,
    "03_policy_value": 3,
    "04_fairness": 3,
    "05_programme": 3,
}


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_every_notebook_is_run_here() -> None:
    assert {path.stem for path in NOTEBOOKS.glob("*.py")} == set(FIGURES)


# pyzmq and jupyter_client tell of sockets and of loops that a kernel leaves behind
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", FIGURES)
def test_a_notebook_draws_its_figures_and_warns_of_nothing(name: str) -> None:
    found = outputs(executed(NOTEBOOKS / f"{name}.py"))
    told = [output.text for output in found if output.get("name") == "stderr"]
    pictures = [output for output in found if "image/png" in output.get("data", {})]
    assert told == []
    assert len(pictures) == FIGURES[name]
