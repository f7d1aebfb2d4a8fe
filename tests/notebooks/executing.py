"""Notebooks run from their percent format: by the tests, and into ``var/notebooks`` for reading.

``python -m tests.notebooks.executing var/notebooks``
"""

import os
import sys
from pathlib import Path

import jupytext
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
SECONDS_A_CELL = 300


def executed(path: Path) -> NotebookNode:
    """Return a notebook run on the code of this tree, with its outputs."""
    notebook = jupytext.read(path)
    folder = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(
        notebook, timeout=SECONDS_A_CELL, kernel_name="python3", resources=folder
    )
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    return notebook


def main(folder: Path) -> None:
    """Run every notebook and write it with its figures."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(NOTEBOOKS.glob("*.py")):
        jupytext.write(executed(path), folder / f"{path.stem}.ipynb")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
