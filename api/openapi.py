"""The description of the service, with the problem document among its schemas."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import Problem

TEMPLATE = "#/components/schemas/{model}"


def describe(app: FastAPI) -> None:
    """Let `app` describe itself with the schema its errors follow."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                separate_input_output_schemas=False,
            )
            problem = Problem.model_json_schema(ref_template=TEMPLATE)
            schemas = schema["components"]["schemas"]
            schemas.update(problem.pop("$defs"))
            schemas["Problem"] = problem
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
