"""The employer side answers the same bytes whatever clients exist, and cannot reach them."""

import subprocess
import sys
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

PATHS = (
    "/v1/employers?limit=20",
    "/v1/employers/E-00001",
    "/v1/opportunities?limit=20",
    "/v1/opportunities?limit=5&verdict=review",
    "/v1/opportunities/G-000004",
    "/v1/opportunities/NONE",
)
OWN = ("x-request-id",)

CLIENTS = st.fixed_dictionaries(
    {},
    optional={
        "cohort": st.sampled_from(["malaysia-august", "thailand-may"]),
        "consent_to_match": st.booleans(),
        "sex": st.sampled_from(["female", "male", "other"]),
        "age_years": st.floats(0, 120),
        "home_place": st.sampled_from(["12", "1401", "Prey Veng"]),
        "excluded_livelihoods": st.lists(st.sampled_from(["pigs", "chickens"]), max_size=2),
        "difficulties": st.lists(st.sampled_from(["seeing", "walking"]), max_size=2),
    },
)


def answers(client: TestClient) -> list[tuple[Any, ...]]:
    found = []
    for path in PATHS:
        answer = client.get(path)
        headers = {name: text for name, text in answer.headers.items() if name not in OWN}
        body = answer.text.replace(answer.headers["x-request-id"], "")
        found.append((answer.status_code, headers, body))
    return found


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(client=CLIENTS, asked=st.booleans())
def test_answers_do_not_depend_on_clients(
    world: TestClient, client: dict[str, Any], asked: bool
) -> None:
    before = answers(world)
    made = world.post("/v1/clients", json=client)
    assert made.status_code == 201, made.text
    if asked:
        path = f"/v1/clients/{made.json()['client_id']}/slates"
        assert world.post(path, json={}).status_code == 201
    assert answers(world) == before


def test_the_employer_side_loads_no_client_table() -> None:
    code = (
        "import sys, api.employer.routes\n"
        "bad = {'models.client', 'models.household', 'models.slate'} & set(sys.modules)\n"
        "officer = [name for name in sys.modules if name.startswith('api.officer')]\n"
        "assert not bad and not officer, (bad, officer)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
