"""Without the extra the engine works, and a batch says in one line what is missing."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_missing_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "import matcher\n"
        "try:\n    import matcher.batch\n"
        "except ModuleNotFoundError as error:\n    print(error)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout == (
        "a batch needs distributed: install the extra 'scale' "
        "(pip install 'livelihood-placement[scale]')\n"
    )


def test_the_engine_does_not_load_dask() -> None:
    code = "import sys, matcher; print('distributed' in sys.modules, 'pyarrow' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.split()[0] == "False"
