"""Runs the HTTP service until a signal stops it. Requests in progress are finished."""

import logging
import math
import socket
from contextlib import suppress
from dataclasses import replace
from typing import Any

import uvicorn

from keras_f2a.correction.settings import CorrectionSettings
from keras_f2a.services.http_app import application
from keras_f2a.services.http_connection import HttpConnection
from keras_f2a.services.settings import ServiceSettings
from keras_f2a.services.worker_pool import WorkerPool
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import InputError, one_line

_logger = logging.getLogger(__name__)
_MAX_CONNECTIONS = 500
_IDLE_TIMEOUT = 5
_TIMED_PARTS = 4  # of a request: upload, waiting, correction and download


def serve(
    settings: ServiceSettings | None = None,
    correction: CorrectionSettings | None = None,
    **changes: Any,
) -> None:
    """Correct photographs that arrive over HTTP, until SIGTERM or Ctrl-C.

    Args:
        settings: The service's address and limits; the defaults if `None`.
        correction: The settings of the correction, which a request can override; the defaults if
            `None`.
        **changes: Individual settings, which override those of `settings`.

    Raises:
        InputError: The service cannot listen at the address, a setting is out of range, or the
            model cannot be loaded.
        WorkError: No worker process can be started.
    """
    settings = replace(settings or ServiceSettings(), **changes)
    correction = correction or CorrectionSettings()
    with _listen(settings) as listener:
        pool = WorkerPool(
            correction,
            workers=settings.workers,
            waiting=settings.waiting,
            max_megapixels=settings.max_megapixels,
        )
        for line in pool.workers[0].log:
            _logger.warning(line)
        app = application(pool, settings, correction)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=HttpConnection,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                limit_concurrency=_MAX_CONNECTIONS,
                timeout_keep_alive=_IDLE_TIMEOUT,
                timeout_graceful_shutdown=math.ceil(_TIMED_PARTS * settings.seconds),
            )
        )
        host, port = listener.getsockname()[:2]
        display_host = f"[{host}]" if ":" in host else host
        workers = counted(len(pool.workers), "worker")
        _logger.info(f"listening at http://{display_host}:{port} ({workers})")
        # uvicorn raises the signal that stopped it once more, after everything is closed.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    canceled = app.state.canceled
    _logger.info(
        f"stopped; canceled requests: {canceled}"
        if canceled
        else "stopped; every request that ran was answered"
    )


def _listen(settings: ServiceSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=1024)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Otherwise, data that a client does not read keeps even a closed connection alive.
            limit = math.ceil(settings.seconds * 1000)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, limit)
        return listener
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"cannot listen at {settings.host}, port {settings.port} ({one_line(error)}); choose "
            "another one",
            setting="port",
            value=settings.port,
        ) from error
