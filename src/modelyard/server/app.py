"""create_app(): the web application, and the only list of the rooms' endpoints."""

import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response

import modelyard
from modelyard.server.dependencies import PUBLIC, authenticate
from modelyard.server.deployments.host import PredictorHost
from modelyard.server.description import describe
from modelyard.server.kit.guards import Guards
from modelyard.server.kit.problems import add_handlers
from modelyard.server.pages import add_pages
from modelyard.server.services import AppServices

# Every room in the loop's order, with its routers.
ROOMS = {
    "accounts": ("endpoints", "provider_endpoints", "security_endpoints"),
    "jobs": ("endpoints",),
    "notifications": ("endpoints",),
    "projects": ("endpoints", "member_endpoints", "class_endpoints", "attribute_endpoints", "guideline_endpoints"),
    "images": ("endpoints", "import_endpoints", "change_endpoints", "file_endpoints"),
    "talk": ("endpoints",),
    "features": ("endpoints",),
    "annotations": (
        "endpoints",
        "queue_endpoints",
        "object_endpoints",
        "batch_endpoints",
        "agreement_endpoints",
        "gold_endpoints",
        "review_endpoints",
        "adjudication_endpoints",
        "work_endpoints",
        "state_endpoints",
    ),
    "datasets": ("endpoints",),
    "training": ("endpoints",),
    "evaluations": ("endpoints",),
    "assist": ("endpoints", "detector_endpoints", "smart_endpoints"),
    "deployments": ("endpoints",),
    "webhooks": ("endpoints",),
    "history": ("endpoints",),
}


def create_app(services: AppServices, *, local_token: str | None = None) -> FastAPI:
    """Return the web application over these services.

    Args:
        services: What the process shares.
        local_token: A secret that speaks for the owner of the data directory, for the SDK in the same process.
    """
    app = FastAPI(
        title="Modelyard",
        version=modelyard.__version__,
        lifespan=_lifespan,
        dependencies=[Depends(authenticate)],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.state.local_token = local_token
    add_handlers(app)
    load_events()
    for room, modules in reversed(ROOMS.items()):  # Predictions are asked for most, and routes are tried in turn.
        for module in modules:
            import_module(f"modelyard.server.{room}.{module}").router.add_to(app, prefix="/api/v1")
    _add_basics(app)
    add_pages(app, Path(__file__).parent / "static")
    describe(app)
    app.add_middleware(Guards, hosts=_hosts(services))
    return app


def load_events() -> None:
    """Import every room's subscribers."""
    for room in ROOMS:
        name = f"modelyard.server.{room}.events"
        if importlib.util.find_spec(name):
            import_module(name)


def _add_basics(app: FastAPI) -> None:
    @app.get("/api/v1/health", operation_id="health.get", tags=["server"], openapi_extra=PUBLIC)
    def health() -> dict[str, str]:
        """Say that the server is alive."""
        return {"status": "ok", "version": modelyard.__version__}

    @app.get("/metrics", operation_id="metrics.get", include_in_schema=False)
    def metrics() -> Response:
        """Return counters for Prometheus; it needs an administrator, or a token of one."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/api/v1/openapi.json", operation_id="openapi.get", tags=["server"], include_in_schema=False)
    def openapi(request: Request) -> dict[str, object]:
        """Return the description of this API."""
        described: FastAPI = request.app  # FastAPI keeps endpoints for ever: one that held `app` would keep it, too.
        return described.openapi()


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: AppServices = app.state.services
    if services.predictors is None:
        services.predictors = PredictorHost(services)
        services.predictors.start()
    yield
    app.state.is_stopping = True
    if services.predictors is not None:
        services.predictors.close()


def _hosts(services: AppServices) -> frozenset[str]:
    from urllib.parse import urlsplit

    settings = services.settings
    named = {name.strip().lower() for name in settings.allowed_hosts.split(",") if name.strip()}
    own = {"localhost", "127.0.0.1", "::1", settings.host, urlsplit(settings.effective_url).hostname or ""}
    return frozenset(named | own - {""})
