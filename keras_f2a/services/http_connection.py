"""A connection of the HTTP service, which is closed while nothing is asked of it."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


class HttpConnection(H11Protocol):
    """uvicorn's connection, with a time limit for everything that is no request.

    uvicorn itself waits for ever for the first header, for the rest of a header, and for the rest
    of a body that was answered before its end. Each such connection counts as one of those that
    the service has at most. The limit is uvicorn's `timeout_keep_alive`.
    """

    _end: asyncio.TimerHandle | None = None

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
        self._go_on()

    def _limit_idling(self) -> None:
        """Limit the time until a whole header has come; what comes before does not prolong it."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._go_on()
        elif self._end is None:
            self._end = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _go_on(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
