"""The description of the API is complete: texts, tags, problems, and examples that the API would take or send."""

import json
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter

from modelyard.server.app import create_app
from modelyard.server.services import open_services
from modelyard.server.settings import Settings

PROBLEM = "application/problem+json"
Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Any], list[APIRoute]]]:
    services = open_services(Settings(data=tmp_path_factory.mktemp("data")))
    app = create_app(services)
    yield app.openapi(), [route for route in app.routes if isinstance(route, APIRoute)]
    services.close()


@pytest.fixture
def operations(described: tuple[dict[str, Any], list[APIRoute]]) -> list[Operation]:
    return [(m, path, found) for path, methods in described[0]["paths"].items() for m, found in methods.items()]


def test_every_operation_says_what_it_does_and_belongs_somewhere(
    described: tuple[dict[str, Any], list[APIRoute]], operations: list[Operation]
) -> None:
    tags = {tag["name"] for tag in described[0]["tags"] if tag["description"]}
    names = [found["operationId"] for _, _, found in operations]
    assert len(names) == len(set(names)) > 90
    for _, _, found in operations:
        assert found["summary"] and not found["summary"].endswith("."), found["operationId"]
        assert len(found["description"]) > len(found["summary"]), found["operationId"]
        assert found["tags"] and set(found["tags"]) <= tags, found["operationId"]


def test_every_operation_documents_its_problems_with_examples(operations: list[Operation]) -> None:
    for _, path, found in operations:
        bad = {status: answer for status, answer in found["responses"].items() if status[0] in "45"}
        is_open = found.get("security") == []
        assert is_open or {"401", "403"} <= set(bad), found["operationId"]
        assert "422" in bad or ("{" not in path and "requestBody" not in found), found["operationId"]
        for status, answer in bad.items():
            assert answer["description"] and set(answer["content"]) == {PROBLEM}, found["operationId"]
            for code, example in answer["content"][PROBLEM]["examples"].items():
                assert example["value"]["type"] == f"/problems/{code}"
                assert str(example["value"]["status"]) == status


def test_what_can_be_missing_is_documented_as_missing(operations: list[Operation]) -> None:
    lacking = [found["operationId"] for _, path, found in operations if "{" in path and "404" not in found["responses"]]
    assert lacking == []


def test_every_json_body_and_answer_has_an_example(operations: list[Operation]) -> None:
    for _, _, found in operations:
        parts = [found.get("requestBody", {}), *(a for s, a in found["responses"].items() if s.startswith("2"))]
        for part in parts:
            content = part.get("content", {}).get("application/json")
            assert content is None or "example" in content or "examples" in content, found["operationId"]


def test_examples_of_answers_are_what_the_server_would_send(
    described: tuple[dict[str, Any], list[APIRoute]],
) -> None:
    for route, found in paired(*described):
        for status, answer in found["responses"].items():
            example = answer.get("content", {}).get("application/json", {}).get("example")
            model = route.responses.get(int(status), {}).get("model", route.response_model)
            if status.startswith("2") and model is not None and example is not None:
                TypeAdapter(model).validate_json(json.dumps(example))


def test_examples_of_bodies_are_what_the_server_would_take(described: tuple[dict[str, Any], list[APIRoute]]) -> None:
    for route, found in paired(*described):
        content = found.get("requestBody", {}).get("content", {}).get("application/json")
        bodies = [hint for name, hint in get_type_hints(route.endpoint).items() if name != "return" and is_model(hint)]
        if content is not None and bodies:
            bodies[0].model_validate_json(json.dumps(content["example"]))


def test_a_field_that_nobody_knows_is_refused_wherever_something_is_sent(
    described: tuple[dict[str, Any], list[APIRoute]],
) -> None:
    sent = {hint for route in described[1] for name, hint in get_type_hints(route.endpoint).items() if name != "return"}
    lenient = {hint.__name__ for model in filter(is_model, sent) for hint in (model, *parts(model)) if accepts(hint)}
    assert lenient == set()


def accepts(model: type[BaseModel]) -> bool:
    return model.model_config.get("extra") != "forbid"


def parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield every model inside a model."""
    for field in model.model_fields.values():
        for hint in (field.annotation, *get_args(field.annotation)):
            if is_model(hint):
                yield hint
                yield from parts(hint)


def is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def paired(document: dict[str, Any], routes: list[APIRoute]) -> Iterator[tuple[APIRoute, dict[str, Any]]]:
    for route in routes:
        if route.include_in_schema:
            for method in route.methods:
                yield route, document["paths"][route.path_format][method.lower()]
