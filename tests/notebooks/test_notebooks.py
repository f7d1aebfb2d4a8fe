"""Every notebook runs to its end on the code of this tree, and draws its figures."""

import os
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
FIGURES = {
    "01_market": 5,
    "02_retrain": 4,
    "03_policy_value": 3,
    "04_fairness": 3,
    "05_programme": 3,
}
SECONDS_A_CELL = 300


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_every_notebook_is_run_here() -> None:
    assert {path.stem for path in NOTEBOOKS.glob("*.py")} == set(FIGURES)


# pyzmq and jupyter_client tell of sockets and of loops that a kernel leaves behind
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", FIGURES)
def test_a_notebook_draws_its_figures_and_warns_of_nothing(name: str) -> None:
    notebook = jupytext.read(NOTEBOOKS / f"{name}.py")
    folder = {"metadata": {"path": str(NOTEBOOKS)}}
    client = NotebookClient(
        notebook, timeout=SECONDS_A_CELL, kernel_name="python3", resources=folder
    )
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    found = outputs(notebook)
    told = [output.text for output in found if output.get("name") == "stderr"]
    pictures = [output for output in found if "image/png" in output.get("data", {})]
    assert told == []
    assert len(pictures) == FIGURES[name]
