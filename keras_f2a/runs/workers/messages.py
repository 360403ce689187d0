"""Messages between workers and chief: a line of JSON, followed by the files after an answer.

Nothing from the network is trusted. Every reader checks types and bounds, and raises one of
`PROTOCOL_ERRORS` for anything else that a stranger sends.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, cast

MAX_LINE_LENGTH = 2**20  # bytes
PROTOCOL_ERRORS = (OSError, EOFError, ValueError, RecursionError)
"""Exceptions that reading raises if the other side is a stranger or falls silent."""
_MAX_FILE_SIZE = 2**36  # bytes; a checkpoint at full width has a few hundred million
_CHUNK_SIZE = 2**20
_PROGRESS_TIMEOUT = 60.0
_PROGRAM = "keras_f2a"


@dataclass(frozen=True)
class Hello:
    """What a worker tells the chief about itself.

    Attributes:
        index: Index of the worker. The chief, worker 0, sends no such message.
        workers: Number of workers that it knows of.
        facts: Values that must be the same everywhere, by their names in messages.
    """

    index: int
    workers: int
    facts: dict[str, Any]


@dataclass(frozen=True)
class Response:
    """The chief's answer, which uses one of the three fields.

    Attributes:
        missing: Why the group is not complete.
        problems: What differs between workers.
        files: The sizes of the files that follow, by name.
    """

    missing: str = ""
    problems: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)


async def send(
    writer: asyncio.StreamWriter,
    message: Hello | Response,
    files: Mapping[str, bytes] | None = None,
) -> None:
    """Send a message, and the content of the files that it names.

    Raises:
        OSError: The other side is gone, or accepts no data for a minute.
    """
    writer.write(json.dumps({"program": _PROGRAM, **asdict(message)}).encode() + b"\n")
    for content in (files or {}).values():
        for start in range(0, len(content), _CHUNK_SIZE):
            writer.write(content[start : start + _CHUNK_SIZE])
            await asyncio.wait_for(writer.drain(), _PROGRESS_TIMEOUT)
    await asyncio.wait_for(writer.drain(), _PROGRESS_TIMEOUT)


async def receive_hello(reader: asyncio.StreamReader) -> Hello:
    """Read what a caller says about itself, or raise one of `PROTOCOL_ERRORS`."""
    message = await _receive(reader)
    index, workers, facts = map(message.get, ("index", "workers", "facts"))
    hello = Hello(cast(int, index), cast(int, workers), cast(dict, facts))
    are_integers = type(hello.index) is int and type(hello.workers) is int
    if not are_integers or not 0 < hello.index < hello.workers or not isinstance(hello.facts, dict):
        raise ValueError("no worker")
    return hello


async def receive_response(
    reader: asyncio.StreamReader, timeout: float
) -> tuple[Response, dict[str, bytes]]:
    """Read the chief's answer and the files that follow, or raise one of `PROTOCOL_ERRORS`.

    Args:
        reader: The connection.
        timeout: Seconds until the answer begins.
    """
    message = await asyncio.wait_for(_receive(reader), timeout)
    missing, problems, files = map(message.get, ("missing", "problems", "files"))
    response = Response(cast(str, missing), cast(list, problems), cast(dict, files))
    if (
        not isinstance(response.missing, str)
        or not isinstance(response.problems, list)
        or not all(isinstance(problem, str) for problem in response.problems)
        or not isinstance(response.files, dict)
        or not all(
            type(size) is int and 0 <= size <= _MAX_FILE_SIZE for size in response.files.values()
        )
    ):
        raise ValueError("no answer")
    return response, {name: await _read(reader, size) for name, size in response.files.items()}


async def _receive(reader: asyncio.StreamReader) -> dict[str, Any]:
    message = json.loads(await reader.readline())
    if not isinstance(message, dict) or message.get("program") != _PROGRAM:
        raise ValueError("somebody else")
    return message


async def _read(reader: asyncio.StreamReader, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        read = reader.read(min(size - len(content), _CHUNK_SIZE))
        chunk = await asyncio.wait_for(read, _PROGRESS_TIMEOUT)
        if not chunk:
            raise EOFError("the connection was closed")
        content += chunk
    return bytes(content)
