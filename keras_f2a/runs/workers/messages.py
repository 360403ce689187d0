"""Messages between workers and chief: a line of JSON, followed by the files after an answer.

Nothing from the network is trusted. Every reader checks types and bounds, and raises one of
`NO_MESSAGE` for anything else that a stranger sends.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, cast

LONGEST_LINE = 2**20  # bytes
NO_MESSAGE = (OSError, EOFError, ValueError, RecursionError)
"""Exceptions that reading raises if the other side is a stranger or falls silent."""
_LARGEST_FILE = 2**36  # bytes; a checkpoint at full width has a few hundred million
_PIECE = 2**20
_SECONDS_WITHOUT_PROGRESS = 60.0
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
class Answer:
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
    writer: asyncio.StreamWriter, message: Hello | Answer, files: Mapping[str, bytes] | None = None
) -> None:
    """Send a message, and the content of the files that it names.

    Raises:
        OSError: The other side is gone, or accepts no data for a minute.
    """
    writer.write(json.dumps({"program": _PROGRAM, **asdict(message)}).encode() + b"\n")
    for content in (files or {}).values():
        for start in range(0, len(content), _PIECE):
            writer.write(content[start : start + _PIECE])
            await asyncio.wait_for(writer.drain(), _SECONDS_WITHOUT_PROGRESS)
    await asyncio.wait_for(writer.drain(), _SECONDS_WITHOUT_PROGRESS)


async def receive_hello(reader: asyncio.StreamReader) -> Hello:
    """Read what a caller says about itself, or raise one of `NO_MESSAGE`."""
    said = await _receive(reader)
    index, workers, facts = map(said.get, ("index", "workers", "facts"))
    hello = Hello(cast(int, index), cast(int, workers), cast(dict, facts))
    whole = type(hello.index) is int and type(hello.workers) is int
    if not whole or not 0 < hello.index < hello.workers or not isinstance(hello.facts, dict):
        raise ValueError("no worker")
    return hello


async def receive_answer(
    reader: asyncio.StreamReader, patience: float
) -> tuple[Answer, dict[str, bytes]]:
    """Read the chief's answer and the files that follow, or raise one of `NO_MESSAGE`.

    Args:
        reader: The connection.
        patience: Seconds until the answer begins.
    """
    said = await asyncio.wait_for(_receive(reader), patience)
    missing, problems, files = map(said.get, ("missing", "problems", "files"))
    answer = Answer(cast(str, missing), cast(list, problems), cast(dict, files))
    if (
        not isinstance(answer.missing, str)
        or not isinstance(answer.problems, list)
        or not all(isinstance(problem, str) for problem in answer.problems)
        or not isinstance(answer.files, dict)
        or not all(type(n) is int and 0 <= n <= _LARGEST_FILE for n in answer.files.values())
    ):
        raise ValueError("no answer")
    return answer, {name: await _read(reader, size) for name, size in answer.files.items()}


async def _receive(reader: asyncio.StreamReader) -> dict[str, Any]:
    said = json.loads(await reader.readline())
    if not isinstance(said, dict) or said.get("program") != _PROGRAM:
        raise ValueError("somebody else")
    return said


async def _read(reader: asyncio.StreamReader, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        piece = reader.read(min(size - len(content), _PIECE))
        received = await asyncio.wait_for(piece, _SECONDS_WITHOUT_PROGRESS)
        if not received:
            raise EOFError("the connection was closed")
        content += received
    return bytes(content)
