"""Completes the description of the API: examples, problems, scopes and tags, from one place for every operation."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from modelyard.errors import ProductError, Unauthenticated
from modelyard.server.accounts.actor import COOKIE, ScopeMissing
from modelyard.server.accounts.membership import RoleMissing
from modelyard.server.accounts.roles import NEEDS, PERMISSIONS, grant_of
from modelyard.server.kit.problems import Problem, RequestInvalid, problems
from modelyard.server.samples import sample

_JSON = "application/json"
_DROPPED = ("HTTPValidationError", "ValidationError")  # FastAPI's own; every error of ours is a `Problem`.
_SAFE = ("get", "head", "options")
_TAGS = {
    "accounts": "Signing in, invitations, API tokens and people.",
    "jobs": "Background work: progress, cancelling, running again.",
    "notifications": "What concerns oneself: mentions, replies, work that came; and what one wants to be told of.",
    "projects": "Projects and where they stand in the loop.",
    "members": "Who belongs to a project, in which role, and what each role may do.",
    "classes": "A project's classes: adding, renaming, merging, and taking that back.",
    "guidelines": "How a project and its classes are labelled, in versions, with good and bad examples.",
    "attributes": "What else is known of objects and images: kinds, choices, and where values are checked.",
    "images": "Pictures: the grid, its filters and counts, the files.",
    "issues": "What people say about images: threads pinned to a place, mentions, resolving.",
    "imports": "Bringing pictures in, in pieces, with a report.",
    "features": "What the backbone sees: similar pictures, and which backbone it is.",
    "annotations": "Labels with their revisions, one by one and many at once.",
    "queue": "What is labelled next, handed out under leases.",
    "batches": "Pictures that are labelled together: by whom, how many labels each, in which order, until when.",
    "gold": "Pictures with known answers, and how people do on them.",
    "reviews": "A second look at what was labelled in batches: accepted, corrected, or sent back with a reason.",
    "work": "Who did how much and how it went, how classes fare, and who is where.",
    "agreement": "How far people agree who labelled the same pictures, and in which they differ.",
    "versions": "Frozen dataset versions, their contents and differences.",
    "datasets": "Exports.",
    "runs": "Training.",
    "models": "Trained networks.",
    "evaluations": "Reports and comparisons of models.",
    "assist": "Suggestions and labels that look wrong.",
    "detectors": "Detectors that people bring as files, and the objects that they suggest.",
    "deployments": "Models at an address, their predictions.",
    "webhooks": "Addresses outside that are told what happens, and the log of what they were sent.",
    "history": "What happened: every change with who, when, before and after; searched and written out.",
    "server": "The server itself.",
}


def describe(app: FastAPI) -> None:
    """Have `app.openapi()` return the complete description."""
    plain = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain())
        found: dict[str, Any] = app.openapi_schema or {}
        return found

    app.openapi = complete  # type: ignore[method-assign]  # the way FastAPI documents


def _complete(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _DROPPED:
        schemas.pop(name, None)
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update({**schema.pop("$defs", {}), "Problem": schema})
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token, my_…"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "A signed-in browser."},
    }
    document["security"] = [{"token": []}, {"cookie": []}]
    used = {tag for _, _, operation in _operations(document) for tag in operation["tags"]}
    document["tags"] = [{"name": name, "description": text} for name, text in _TAGS.items() if name in used]
    for method, path, operation in _operations(document):
        _complete_operation(operation, method, path, schemas)


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _complete_operation(operation: dict[str, Any], method: str, path: str, schemas: dict[str, Any]) -> None:
    text = operation["description"]
    operation["summary"] = text.split("\n")[0].rstrip(".")
    general: list[type[ProductError]] = []
    if operation.get("security") == []:
        operation["description"] = f"{text}\n\nOpen to everybody."
    else:
        scope = operation.pop("x-scope", None) or ("read" if method in _SAFE else "write")
        operation["description"] = f"{text}\n\nAn API token needs the scope `{scope}`.{_for_whom(operation)}"
        general += [Unauthenticated, ScopeMissing]
        if NEEDS.get(operation["operationId"]) in PERMISSIONS:
            general.append(RoleMissing)
    if operation["responses"].pop("422", None) or operation.get("requestBody") or operation.get("parameters"):
        general.append(RequestInvalid)
    for body in _contents(operation.get("requestBody", {})):
        _add_example(body, schemas)
    for status, answer in list(operation["responses"].items()):
        if status.startswith("2"):
            for content in _contents(answer):
                _add_example(content, schemas)
    _add_problems(operation, path, general)


def _for_whom(operation: dict[str, Any]) -> str:
    grant = grant_of(NEEDS.get(operation["operationId"]))
    return "" if grant is None or grant.role == "viewer" else f" It takes the role {grant.role}, or a higher one."


def _contents(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (content for kind, content in part.get("content", {}).items() if kind == _JSON)


def _add_example(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    if "example" not in content and "examples" not in content:
        content["example"] = sample(content.get("schema", {}), schemas)


def _add_problems(operation: dict[str, Any], path: str, general: list[type[ProductError]]) -> None:
    responses = operation["responses"]
    for status, answer in problems(*general).items():
        known = responses.setdefault(str(status), {"description": ""})
        known["description"] = f"{known['description']} {answer['description']}".strip()
        for kind, content in answer["content"].items():
            held = known.setdefault("content", {}).setdefault(kind, {"schema": content["schema"], "examples": {}})
            held["examples"] = {**held.get("examples", {}), **content["examples"]}
    operation["responses"] = dict(sorted(responses.items()))
    for answer in operation["responses"].values():
        for example in answer.get("content", {}).get("application/problem+json", {}).get("examples", {}).values():
            example["value"] = {**example["value"], "instance": path}
