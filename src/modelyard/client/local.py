"""The server in this process, over a data directory: same application, same addresses, no port."""

import asyncio
import threading
from pathlib import Path

import httpx

from modelyard.client.connection import Connection


class LoopTransport(httpx.BaseTransport):
    """Hands requests to an ASGI application that runs on an event loop of its own thread."""

    def __init__(self, app: object) -> None:
        self._inner = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="modelyard-local", daemon=True)
        self._thread.start()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return the whole answer."""
        return asyncio.run_coroutine_threadsafe(self._handle(request), self._loop).result()

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        outgoing = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        response = await self._inner.handle_async_request(outgoing)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        content = b"".join([part async for part in response.stream])
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    def close(self) -> None:
        """Stop the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()


def connect_local(data: Path) -> Connection:
    """Open a data directory (made if it is missing) and run its jobs in this process; raises `DataInUse`."""
    from contextlib import ExitStack

    from modelyard.server.accounts.service import ensure_local_owner
    from modelyard.server.app import create_app
    from modelyard.server.deployments.host import PredictorHost
    from modelyard.server.kit.logs import configure
    from modelyard.server.kit.tokens import new_token
    from modelyard.server.locking import hold
    from modelyard.server.services import open_services
    from modelyard.server.settings import Settings
    from modelyard.server.worker import build_worker

    settings = Settings(data=data, host="localhost")
    configure("error")
    stack = ExitStack()
    stack.enter_context(hold(data, url=""))
    try:
        services = open_services(settings)
        stack.callback(services.close)
        ensure_local_owner(services.db)
        token = new_token("local_")
        worker = build_worker(services, name="worker-1")
        worker.start()
        stack.callback(worker.stop)
        services.predictors = PredictorHost(services)  # The application's own start-up is not run here.
        services.predictors.start()
        transport = LoopTransport(create_app(services, local_token=token))
    except BaseException:
        stack.close()
        raise
    http = httpx.Client(
        transport=transport, base_url="http://localhost", headers={"Authorization": f"Bearer {token}"}, timeout=3600
    )
    return Connection(http, on_close=stack.close)


def backup(data: Path, target: Path) -> int:
    """Copy a data directory into one file; return its size in bytes."""
    from modelyard.server import backup as tool

    return tool.backup(data, target)


def restore(source: Path, data: Path) -> None:
    """Unpack a backup into an empty data directory."""
    from modelyard.server import backup as tool

    tool.restore(source, data)
