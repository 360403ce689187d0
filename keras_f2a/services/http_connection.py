"""A connection of the HTTP service, which is closed while nothing is asked of it."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_SECONDS_OF_A_REST = 20.0
"""For what is left of a body that was answered already: many clients read the answer last."""
_WAITING, _HEADER, _REST = range(3)


class HttpConnection(H11Protocol):
    """uvicorn's connection, with a time limit for everything that is no request.

    uvicorn itself waits for ever for the first header, for the rest of a header, and for the rest
    of a body that was answered before its end. Each such connection counts as one of those that
    the service has at most. The limit is uvicorn's `timeout_keep_alive`, first for the first byte
    of a request and then for its whole header, and `_SECONDS_OF_A_REST` for the rest of a body.
    """

    _end: asyncio.TimerHandle | None = None
    _awaited: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new connection."""
        super().connection_made(transport)
        self._limit_idling()

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        super().data_received(data)
        self._limit_idling()

    def on_response_complete(self) -> None:
        """Go on after an answer."""
        super().on_response_complete()
        self._limit_idling()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._limit(None)

    def _limit_idling(self) -> None:
        """Limit the time for what is awaited; a part of it that comes does not prolong it."""
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
