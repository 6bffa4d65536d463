"""Errors over HTTP: one place that turns every exception into problem+json (RFC 9457)."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import IntegrityError, OperationalError
from starlette.exceptions import HTTPException as StarletteHTTPException
from uuid_utils.compat import uuid7

from modelyard.errors import Conflict, Invalid, NotFound, ProductError, Unavailable

log = structlog.get_logger()


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """An error as RFC 9457 has it; `type` is a page that explains it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldProblem] | None = Field(None, description="Every fault of a request of the wrong form.")


class AlreadyExists(Conflict):
    """Something with these values exists already, or was changed at the same moment. Look again and retry."""


class Busy(Unavailable):
    """The database is busy. Nothing was changed; try again in a moment."""


class NoSuchAddress(NotFound):
    """There is nothing at this address."""


class RequestInvalid(Invalid):
    """The request does not have the form that is expected here."""


def problems(*errors: type[ProductError]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of an endpoint that raises these errors."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        text = (error.__doc__ or "").strip().splitlines()[0]
        content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
        entry = by_status.setdefault(
            error.status, {"description": "", "content": {"application/problem+json": content}}
        )
        entry["description"] = f"{entry['description']} {error.code()}: {text}".strip()
        shown = {"type": f"/problems/{error.code()}", "title": text, "status": error.status, "detail": text}
        entry["content"]["application/problem+json"]["examples"][error.code()] = {"value": shown}
    return by_status


def problem_response(request: Request, error: ProductError) -> JSONResponse:
    """Return the response that tells about `error`."""
    title = (type(error).__doc__ or "").strip().splitlines()[0]
    body: dict[str, Any] = {
        "type": f"/problems/{error.code()}",
        "title": title,
        "status": error.status,
        "detail": error.detail,
        "instance": request.url.path,
    }
    body |= {key: value for key, value in error.context.items() if _is_plain(value)}
    headers = {"Retry-After": str(error.context.get("retry_after_s", 1))} if error.status in (429, 503) else {}
    return JSONResponse(body, status_code=error.status, media_type="application/problem+json", headers=headers)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool | list | dict | None)


def add_handlers(app: FastAPI) -> None:
    """Make every error of the application a problem."""

    @app.exception_handler(ProductError)
    def _product(request: Request, error: ProductError) -> JSONResponse:
        return problem_response(request, error)

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [
            {"pointer": "/" + "/".join(str(part) for part in fault["loc"] if part != "body"), "detail": fault["msg"]}
            for fault in error.errors()
        ]
        text = "; ".join(f"{fault['pointer'].lstrip('/') or 'body'}: {fault['detail']}" for fault in faults[:5])
        return problem_response(request, RequestInvalid(f"The request is not valid: {text}.", errors=faults))

    @app.exception_handler(StarletteHTTPException)
    def _http(request: Request, error: StarletteHTTPException) -> JSONResponse:
        known = NoSuchAddress() if error.status_code == 404 else RequestInvalid(f"{error.detail}.")
        response = problem_response(request, known)
        response.status_code = error.status_code
        return response

    @app.exception_handler(IntegrityError)
    def _integrity(request: Request, error: IntegrityError) -> JSONResponse:
        log.warning("integrity_error", path=request.url.path, error=str(error.orig))
        return problem_response(request, AlreadyExists())

    @app.exception_handler(OperationalError)
    def _operational(request: Request, error: OperationalError) -> JSONResponse:
        log.error("operational_error", path=request.url.path, error=str(error.orig))
        return problem_response(request, Busy())

    @app.exception_handler(Exception)
    def _bug(request: Request, error: Exception) -> JSONResponse:
        correlation_id = str(uuid7())
        log.error("bug", correlation_id=correlation_id, path=request.url.path, exc_info=error)
        return problem_response(
            request, ProductError(f"Something went wrong on our side. Quote {correlation_id} when you report it.")
        )
