"""The service describes itself truly: ids, examples, problem documents."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.officer.slate_schemas import HelpOut, LineOut, ReasonOut, SuggestionOut
from matcher import Help, Line, Reason, Suggestion

METHODS = ("get", "post", "patch", "put", "delete")


@pytest.fixture
def description(empty: TestClient) -> dict[str, Any]:
    return dict(empty.get("/openapi.json").json())


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def test_every_operation_has_an_id_of_its_own_and_words(description: dict[str, Any]) -> None:
    found = list(operations(description))
    ids = [operation["operationId"] for _, _, operation in found]
    assert len(ids) == len(set(ids)) == 45
    assert all(operation["description"] for _, _, operation in found)


def test_every_operation_names_its_problems(description: dict[str, Any]) -> None:
    for path, _, operation in operations(description):
        failing = {s: r for s, r in operation["responses"].items() if s >= "400"}
        assert {"422", "500", "503"} <= failing.keys(), path
        for response in failing.values():
            assert list(response["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in description["components"]["schemas"]


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    schemas = description["components"]["schemas"]
    named = {reference.rsplit("/", 1)[1] for reference in references(description)}
    assert named
    assert named <= schemas.keys()


def test_every_body_has_an_example_that_is_accepted(
    empty: TestClient, description: dict[str, Any]
) -> None:
    schemas = description["components"]["schemas"]
    examples = {
        name: schema["examples"][0] for name, schema in schemas.items() if "examples" in schema
    }
    posted = {
        "EmployerNew": "/v1/employers",
        "OfferNew": "/v1/opportunities",
        "HouseholdNew": "/v1/households",
        "ClientNew": "/v1/clients",
        "SlateNew": "/v1/clients/C-EXAMPLE/slates",
        "PlanNew": "/v1/plans",
    }
    for name, path in posted.items():
        answer = empty.post(path, json=examples[name])
        assert answer.status_code == 201, (name, answer.text)
    changed = {
        "EmployerChange": "/v1/employers/E-SEWING-1",
        "OfferChange": "/v1/opportunities/V-SEWING-1",
        "HouseholdChange": "/v1/households/H-EXAMPLE",
        "ClientChange": "/v1/clients/C-EXAMPLE",
    }
    for name, path in changed.items():
        answer = empty.patch(path, json=examples[name], headers={"If-Match": '"1"'})
        assert answer.status_code == 200, (name, answer.text)
    bodies = {name for name in schemas if name.endswith(("New", "Change"))}
    assert bodies <= examples.keys()


def test_numbers_and_ids_are_bounded(description: dict[str, Any]) -> None:
    for path, _, operation in operations(description):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert parameter["schema"]["maxLength"] <= 64, path
            if parameter["name"] == "limit":
                assert parameter["schema"]["maximum"] == 100


def test_what_is_answered_is_what_the_engine_says() -> None:
    for answered, said in (
        (SuggestionOut, Suggestion),
        (LineOut, Line),
        (HelpOut, Help),
        (ReasonOut, Reason),
    ):
        assert list(answered.model_fields) == [field.name for field in fields(said)]
