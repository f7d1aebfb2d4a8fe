"""`placement simulate` prints a table a manager can read, and the same as values."""

import inspect
import json

from typer.testing import CliRunner

from api.cli import app
from api.cli.simulating import simulate
from matcher.simulation import TERMS

SMALL = ["simulate", "--seeds", "2", "--clients", "60", "--opportunities", "600"]


def test_every_policy_and_the_ceiling_are_told() -> None:
    done = CliRunner().invoke(app, [*SMALL, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    policies = {run["policy"] for run in told["runs"]}
    assert policies == {
        "first-come", "slates", "plan", "arrivals", "arrivals-learning", "hindsight"
    }  # fmt: skip
    assert len(told["runs"]) == 12
    for run in told["runs"]:
        assert run["retained"] <= 1 - run["unplaced"]
    assert set(told["gains"]["documented"]) == {"retained", "worst_group"}


def test_an_unknown_world_is_refused() -> None:
    refused = CliRunner().invoke(app, ["simulate", "--world", "paradise"])
    assert refused.exit_code == 1
    assert "documented" in refused.stderr


def test_the_sizes_are_those_of_the_documented_programme() -> None:
    sizes = {one.name: one.default for one in inspect.signature(simulate).parameters.values()}
    assert (sizes["clients"], sizes["opportunities"]) == (TERMS.clients, TERMS.offers)
