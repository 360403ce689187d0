"""Streams the photograph of a request into a file, up to a size limit."""

import asyncio
import logging
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from keras_f2a.support.errors import one_line

_logger = logging.getLogger(__name__)
_FORM_TYPE = "multipart/form-data"
_MAX_DISCARDED_BYTES, _DISCARD_TIMEOUT = 64_000_000, 2.0


@contextmanager
def upload_folder() -> Iterator[Path]:
    """Yield a temporary folder for a photograph and its result.

    Raises:
        HTTPException: The folder cannot be created (507).
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix="keras_f2a-", ignore_cleanup_errors=True)
    except OSError as error:
        raise storage_error(error) from error
    with folder as name:
        yield Path(name)


def storage_error(reason: Exception | str) -> HTTPException:
    """Return the error for a photograph that the disk cannot store, and log the reason."""
    _logger.warning(f"a photograph cannot be stored ({one_line(reason)})")
    return HTTPException(507, "the service cannot store the photograph; send it again later")


class BodyReader:
    """Reads the body of a request and counts its bytes.

    Args:
        request: The request, whose body has not been read yet.
        max_megabytes: The largest body that is accepted.

    Attributes:
        size: How many bytes have arrived.
    """

    def __init__(self, request: Request, max_megabytes: float):
        self._receive = request.receive
        self._request = Request(request.scope, self._receive_and_count)
        self._max_megabytes = max_megabytes
        self._has_more = True
        self.size = 0

    async def save(self, target: Path, seconds: float) -> None:
        """Write the photograph to a file: the body, or the one file of a form.

        Args:
            target: The file.
            seconds: How long it may take.

        Raises:
            HTTPException: It is too large (413), too slow (408), encoded (415) or missing (400), or
                cannot be stored (507).
            ClientDisconnect: The client is gone.
        """
        headers = self._request.headers
        if headers.get("content-encoding", "identity") != "identity":
            raise HTTPException(415, "send the photograph without Content-Encoding")
        declared_size = headers.get("content-length", "")
        if declared_size.isdecimal() and int(declared_size) > self._max_megabytes * 1e6:
            raise self._too_large()
        is_form = headers.get("content-type", "").lower().startswith(_FORM_TYPE)
        try:
            async with asyncio.timeout(seconds):
                await (self._save_form(target) if is_form else self._save_body(target))
        except TimeoutError:
            raise HTTPException(
                408, f"the photograph did not arrive within {seconds:g} s"
            ) from None
        except OSError as error:
            raise storage_error(error) from error
        if target.stat().st_size == 0:
            raise HTTPException(
                400,
                "received no photograph; send its file as the body: curl --data-binary @photo.jpg",
            )

    async def discard(self) -> None:
        """Read the rest for a while, because a client that still sends would miss the answer."""
        end = time.monotonic() + _DISCARD_TIMEOUT
        with suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_TIMEOUT):
                remaining = _MAX_DISCARDED_BYTES
                while self._has_more and remaining > 0 and time.monotonic() < end:
                    message = await self._read()
                    remaining -= len(message.get("body", b""))

    async def is_abandoned(self) -> bool:
        """Return whether the client is gone."""
        return await self._request.is_disconnected()

    async def _save_body(self, target: Path) -> None:
        with target.open("wb") as file:
            async for chunk in self._request.stream():
                file.write(chunk)

    async def _save_form(self, target: Path) -> None:
        async with self._request.form(max_files=1, max_fields=1) as form:
            fields = form.multi_items()
            files = [value for _, value in fields if isinstance(value, UploadFile)]
            if len(fields) != 1 or not files:
                raise HTTPException(
                    400,
                    "a form must contain one file and nothing else; put settings into the URL: "
                    "/correct?strength=0.5",
                )
            await asyncio.to_thread(_copy, files[0], target)

    async def _receive_and_count(self) -> Message:
        message = await self._read()
        self.size += len(message.get("body", b""))
        if self.size > self._max_megabytes * 1e6:
            raise self._too_large()
        return message

    async def _read(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect" and self._has_more:
            self._has_more = False
            raise ClientDisconnect
        self._has_more = self._has_more and bool(message.get("more_body", False))
        return message

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"the upload is larger than {self._max_megabytes:g} MB")


def _copy(upload: UploadFile, target: Path) -> None:
    with target.open("wb") as file:
        shutil.copyfileobj(upload.file, file)
