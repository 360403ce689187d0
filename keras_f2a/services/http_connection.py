"""A connection of the HTTP service, which is closed if it stays idle."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_SECONDS_OF_A_REST = 20.0
"""Time limit for the rest of a body that was answered early.

Many clients read the answer only after they have sent the body.
"""
_WAITING, _HEADER, _REST = range(3)


class HttpConnection(H11Protocol):
    """uvicorn's connection, with a time limit whenever no request is being handled.

    uvicorn itself waits forever for the first header, for the rest of a header, and for the rest of
    a body that was answered before its end. Each such connection counts toward the service's
    maximum. The limit is uvicorn's `timeout_keep_alive`, first for the first byte of a request and
    then for its whole header. It is `_SECONDS_OF_A_REST` for the rest of a body.
    """

    _end: asyncio.TimerHandle | None = None
    _awaited: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time limit of a new connection."""
        super().connection_made(transport)
        self._limit_idling()

    def data_received(self, data: bytes) -> None:
        """Handle received data and update the time limit."""
        super().data_received(data)
        self._limit_idling()

    def on_response_complete(self) -> None:
        """Continue after a response and update the time limit."""
        super().on_response_complete()
        self._limit_idling()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the time limit of a closed connection."""
        super().connection_lost(exc)
        self._limit(None)

    def _limit_idling(self) -> None:
        """Limit the wait for the next part of a request. Partial data does not extend it."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._limit(None)
        elif self.conn.their_state is h11.SEND_BODY:
            self._limit(_REST)
        else:
            self._limit(_HEADER if self.conn.trailing_data[0] else _WAITING)

    def _limit(self, awaited: int | None) -> None:
        if awaited == self._awaited:
            return
        self._awaited = awaited
        if self._end is not None:
            self._end.cancel()
            self._end = None
        if awaited is not None:
            seconds = _SECONDS_OF_A_REST if awaited == _REST else self.timeout_keep_alive
            self._end = self.loop.call_later(seconds, self.timeout_keep_alive_handler)
