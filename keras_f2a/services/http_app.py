"""The HTTP service as an ASGI application: `/correct`, `/healthz` and `/metrics`."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from keras_f2a.correction.flash_share import NO_FLASH_NOTE
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.services.correction_process import (
    NO_SPACE,
    NOT_WRITTEN,
    TOO_LARGE,
    UNSUPPORTED,
    WRONG_INPUT,
    WRONG_SETTING,
)
from keras_f2a.services.correction_worker import CRASHED, TIMED_OUT, CorrectionResult
from keras_f2a.services.http_metrics import CONTENT_TYPE, Metrics
from keras_f2a.services.request_settings import parse_request_settings
from keras_f2a.services.settings import ServiceSettings
from keras_f2a.services.uploads import BodyReader, storage_error, upload_folder
from keras_f2a.services.worker_pool import AbandonedError, BusyError, WorkerPool
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.printable import printable

_logger = logging.getLogger(__name__)

_STATUS = {
    WRONG_SETTING: 400,
    WRONG_INPUT: 422,
    UNSUPPORTED: 415,
    TOO_LARGE: 413,
    CRASHED: 422,
    TIMED_OUT: 504,
}
"""HTTP status of each failure. Every other failure is the service's own, 500."""
_MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".tif": "image/tiff",
}
_CHUNK_BYTES = 1 << 18
_PATHS = _CORRECT, _HEALTH, _METRICS = "/correct", "/healthz", "/metrics"


def application(
    pool: WorkerPool, settings: ServiceSettings, correction: CorrectionSettings
) -> Starlette:
    """Return the application, which closes the pool when it shuts down.

    Its `state.canceled` counts the requests that the server canceled when it stopped.

    Args:
        pool: The worker processes.
        settings: The service's limits.
        correction: The settings of the correction, which a request can override.
    """
    metrics = Metrics(pool)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with suppress(asyncio.CancelledError):  # A second Ctrl-C cancels it.
            yield
        await asyncio.to_thread(pool.close)

    async def check_health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "workers": len(pool.workers)})

    async def export_metrics(_: Request) -> Response:
        return Response(metrics.text(), headers={"content-type": CONTENT_TYPE})

    correct = _CorrectEndpoint(pool, settings, correction=correction, metrics=metrics)
    app = Starlette(
        routes=[
            Route(_CORRECT, correct, methods=["POST"]),
            Route(_HEALTH, check_health),
            Route(_METRICS, export_metrics),
        ],
        exception_handlers={HTTPException: _handle_http_error},
        lifespan=lifespan,
    )
    app.add_middleware(_RequestCounter, metrics=metrics)
    app.state.canceled = 0
    return app


class _CorrectEndpoint:
    """`POST /correct`. A request keeps its place until the last byte of its response."""

    def __init__(
        self,
        pool: WorkerPool,
        settings: ServiceSettings,
        *,
        correction: CorrectionSettings,
        metrics: Metrics,
    ):
        self._pool, self._settings, self._metrics = pool, settings, metrics
        self._correction = correction
        self._output = OutputSettings(max_megapixels=settings.max_megapixels)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = time.monotonic()
        request = Request(scope, receive)
        body = BodyReader(request, self._settings.max_megabytes)
        try:
            try:
                with self._pool.reserve_place():
                    await self._handle(request, body, send)
            except (HTTPException, BusyError, InputError, WorkError) as error:
                await body.discard()
                await _error_response(error)(scope, receive, send)
        except (ClientDisconnect, AbandonedError):
            pass  # No client is left to answer.
        except TimeoutError:
            _logger.warning("a client read its result too slowly; the connection was closed")
        finally:
            self._metrics.uploaded.inc(body.size)
            self._metrics.seconds.observe(time.monotonic() - start)

    async def _handle(self, request: Request, body: BodyReader, send: Send) -> None:
        query = request.query_params.multi_items()
        changes, output = parse_request_settings(query, self._correction, self._output)
        seconds = self._settings.seconds
        with upload_folder() as folder:
            source = folder / "photo"
            await body.save(source, seconds)
            result = await self._pool.correct(
                source,
                changes=changes,
                output=output,
                seconds=seconds,
                is_abandoned=body.is_abandoned,
            )
            response = self._response(result, source)

            async def counted(message: Message) -> None:
                await send(message)
                self._metrics.downloaded.inc(len(message.get("body", b"")))

            async with asyncio.timeout(seconds):
                await response(request.scope, request.receive, counted)

    def _response(self, result: CorrectionResult, source: Path) -> Response:
        for line in result.log:
            _logger.warning(_hide_path(line, source))
        if result.target is None:
            if result.failure in (NO_SPACE, NOT_WRITTEN):
                raise storage_error(result.error)
            error = _hide_path(result.error, source)
            status = _STATUS.get(result.failure, 500)
            if result.failure in (CRASHED, TIMED_OUT):
                _logger.warning(f"{error}; starting another one")
            raise HTTPException(status, error)
        size = result.target.stat().st_size
        headers = {"content-length": str(size), "cache-control": "no-store"}
        note = _hide_path(result.note, source)
        if result.is_left:
            note = f"{note or 'the photograph'}{'; ' if note else ' '}{NO_FLASH_NOTE}"
        if note:
            headers["x-keras-f2a-note"] = note.encode("ascii", "backslashreplace").decode()
        return StreamingResponse(
            _read_chunks(result.target),
            media_type=_MEDIA_TYPES[result.target.suffix],
            headers=headers,
        )


class _RequestCounter:
    """Counts requests by path and status."""

    def __init__(self, app, metrics: Metrics):
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        statuses = []

        async def send_and_record(message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            return await self._app(scope, receive, send_and_record)
        except asyncio.CancelledError:
            scope["app"].state.canceled += 1
            if not statuses:
                line = "the service stopped; send the photograph again later"
                unavailable = HTTPException(503, line, headers={"retry-after": "60"})
                await _error_response(unavailable)(scope, receive, send_and_record)
        finally:
            path = scope["path"] if scope["path"] in _PATHS else "other"
            status = str(statuses[0]) if statuses else "none"
            self._metrics.requests.labels(path, status).inc()


async def _handle_http_error(_: Request, error: Exception) -> Response:
    return _error_response(error)


def _error_response(error: Exception) -> Response:
    """Return the response to a request that failed: one line in JSON."""
    headers = {}
    if isinstance(error, BusyError):
        status, headers = 503, {"retry-after": str(error.seconds)}
    elif isinstance(error, HTTPException):
        status, headers = error.status_code, dict(error.headers or {})
    else:
        status = 400 if isinstance(error, InputError) else 500
    text = error.detail if isinstance(error, HTTPException) else str(error)
    return JSONResponse(
        {"error": printable(text) or HTTPStatus(status).phrase}, status, headers=headers
    )


def _hide_path(line: str, source: Path) -> str:
    """Return a line with "the photograph" instead of the name of its temporary file."""
    return line.replace(printable(source), "the photograph")


def _read_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
