"""A connection of the HTTP service, which is closed if it stays idle."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_BODY_TIMEOUT = 20.0
"""Time limit for the rest of a body that was answered early.

Many clients read the answer only after they have sent the body.
"""
_REQUEST, _HEADER, _BODY = range(3)


class HttpConnection(H11Protocol):
    """uvicorn's connection, with a time limit whenever no request is being handled.

    uvicorn itself waits forever for the first header, for the rest of a header, and for the rest of
    a body that was answered before its end. Each such connection counts toward the service's
    maximum. The limit is uvicorn's `timeout_keep_alive`, first for the first byte of a request and
    then for its whole header. It is `_BODY_TIMEOUT` for the rest of a body.
    """

    _timer: asyncio.TimerHandle | None = None
    _timed_part: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time limit of a new connection."""
        super().connection_made(transport)
        self._update_timer()

    def data_received(self, data: bytes) -> None:
        """Handle received data and update the time limit."""
        super().data_received(data)
        self._update_timer()

    def on_response_complete(self) -> None:
        """Continue after a response and update the time limit."""
        super().on_response_complete()
        self._update_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the time limit of a closed connection."""
        super().connection_lost(exc)
        self._set_timer(None)

    def _update_timer(self) -> None:
        """Limit the wait for the next part of a request. Partial data does not extend it."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._set_timer(None)
        elif self.conn.their_state is h11.SEND_BODY:
            self._set_timer(_BODY)
        else:
            self._set_timer(_HEADER if self.conn.trailing_data[0] else _REQUEST)

    def _set_timer(self, part: int | None) -> None:
        if part == self._timed_part:
            return
        self._timed_part = part
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if part is not None:
            seconds = _BODY_TIMEOUT if part == _BODY else self.timeout_keep_alive
            self._timer = self.loop.call_later(seconds, self.timeout_keep_alive_handler)
