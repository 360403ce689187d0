"""Lets the workers of a run agree before TensorFlow starts.

TensorFlow itself waits forever for a missing worker, and trains with whatever settings each worker
has. So every worker first tells the chief, worker 0, who it is and what it is about to train. The
chief answers all of them with its files, such as the last checkpoint, or with what is wrong.

They use the chief's address in `TF_CONFIG` before TensorFlow does. Like TensorFlow, they talk in
plain text, among machines that trust one another. Any other caller is not taken for a worker and
does not block one.
"""

import asyncio
import json
import socket
import time
from contextlib import suppress
from typing import Any

from keras_f2a.runs.workers.group import WorkerGroup, host_and_port
from keras_f2a.runs.workers.messages import (
    MAX_LINE_LENGTH,
    PROTOCOL_ERRORS,
    Hello,
    Response,
    receive_hello,
    receive_response,
    send,
)
from keras_f2a.support.errors import InputError, WorkError, one_line

_RETRY_DELAY = 0.5  # seconds
_HANDSHAKE_TIMEOUT = 10.0
_EXTRA_TIMEOUT = 10.0  # seconds, to hear which workers the chief is missing


def agree(
    group: WorkerGroup, facts: dict[str, Any], files: dict[str, bytes], *, timeout: float
) -> dict[str, bytes]:
    """Meet the other workers, check that all have the same facts, and share the chief's files.

    Args:
        group: The workers.
        facts: JSON values that must be the same everywhere, by their names in messages.
        files: Files that the chief hands on. Those of the others are ignored.
        timeout: Seconds to wait for the others.

    Returns:
        The chief's files.

    Raises:
        InputError: A worker differs. Every worker raises it.
        WorkError: A worker did not come, or the chief's address cannot be used.
    """
    facts = json.loads(json.dumps(facts))  # As the others will read them.
    if group.is_chief:
        asyncio.run(_serve_workers(group, facts, files, timeout))
        return files
    return asyncio.run(_call_chief(group, facts, timeout))


class _Connections:
    """The workers that have called the chief and are still connected."""

    def __init__(self, group: WorkerGroup, facts: dict[str, Any]):
        self._group, self._facts = group, facts
        self.writers: dict[int, asyncio.StreamWriter] = {}
        self._differences: dict[int, list[str]] = {}
        self.complete = asyncio.Event()

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keep a caller while it stays connected. If a worker calls again, the new call counts."""
        index = -1
        try:
            hello = await asyncio.wait_for(receive_hello(reader), _HANDSHAKE_TIMEOUT)
            index = hello.index
            self.writers[index] = writer
            self._differences[index] = self._find_differences(hello)
            wrong_group_size = hello.workers != len(self._group)
            if wrong_group_size or len(self.writers) == len(self._group) - 1:
                self.complete.set()
            await reader.read(1)  # Wait until it disconnects.
        except (*PROTOCOL_ERRORS, asyncio.CancelledError):  # Canceled when the meeting is over.
            pass
        finally:
            if not self.complete.is_set() or self.writers.get(index) is not writer:
                if self.writers.get(index) is writer:
                    del self.writers[index], self._differences[index]
                writer.close()

    @property
    def problems(self) -> list[str]:
        """How the workers differ from the chief."""
        return [line for lines in self._differences.values() for line in lines]

    @property
    def missing(self) -> list[str]:
        """The addresses of the workers that have not called."""
        addresses = enumerate(self._group.addresses)
        return [address for i, address in addresses if i and i not in self.writers]

    async def respond(self, response: Response, files: dict[str, bytes] | None = None) -> None:
        """Send all of them the same response, in parallel, and hang up."""
        writers = self.writers.values()
        await asyncio.gather(*(self._send_response(writer, response, files) for writer in writers))

    async def _send_response(self, writer, response, files) -> None:
        with suppress(OSError):  # TensorFlow will notice a worker that is gone.
            try:
                await send(writer, response, files)
            finally:
                writer.close()
            await writer.wait_closed()

    def _find_differences(self, hello: Hello) -> list[str]:
        if hello.workers != len(self._group):
            count = len(self._group)
            return [f"worker {hello.index} of {hello.workers} called the chief of {count} workers"]
        worker = self._group.addresses[hello.index]
        return [
            f"{worker} has {name} {hello.facts.get(name)}, but the chief has {fact}"
            for name, fact in self._facts.items()
            if hello.facts.get(name) != fact
        ]


async def _serve_workers(
    group: WorkerGroup, facts: dict[str, Any], files: dict[str, bytes], timeout: float
) -> None:
    if len(group) == 1:
        return
    connections = _Connections(group, facts)
    listener = _open_socket(group.addresses[0])
    server = await asyncio.start_server(connections.greet, sock=listener, limit=MAX_LINE_LENGTH)
    try:
        await asyncio.wait_for(connections.complete.wait(), timeout)
    except TimeoutError:
        message = f"workers did not connect within {timeout:g} s: {', '.join(connections.missing)}"
        await connections.respond(Response(missing=message))
        raise WorkError(f"{message}; start all of them, then this one again") from None
    finally:
        server.close()
    if connections.problems:
        problems = connections.problems
        await connections.respond(Response(problems=problems))
        raise _disagreement(problems)
    await connections.respond(Response(files={name: len(files[name]) for name in files}), files)


async def _call_chief(group: WorkerGroup, facts: dict[str, Any], timeout: float):
    chief = group.addresses[0]
    deadline = time.monotonic() + timeout
    while True:
        try:
            response, files = await _request_files(group, facts, timeout + _EXTRA_TIMEOUT)
            break
        except PROTOCOL_ERRORS as error:
            if time.monotonic() >= deadline:
                raise WorkError(
                    f"the chief, {chief}, did not answer within {timeout:g} s ({one_line(error)}); "
                    "check its output, then start all workers again"
                ) from error
            await asyncio.sleep(_RETRY_DELAY)
    if response.missing:
        raise WorkError(f"{response.missing}; start all of them, then this one again")
    if response.problems:
        raise _disagreement(response.problems)
    return files


async def _request_files(
    group: WorkerGroup, facts: dict[str, Any], timeout: float
) -> tuple[Response, dict[str, bytes]]:
    host, port = host_and_port(group.addresses[0])
    connecting = asyncio.open_connection(host, port, limit=MAX_LINE_LENGTH)
    reader, writer = await asyncio.wait_for(connecting, _HANDSHAKE_TIMEOUT)
    try:
        await send(writer, Hello(group.index, len(group), facts))
        return await receive_response(reader, timeout)
    finally:
        writer.close()


def _disagreement(problems: list[str]) -> InputError:
    return InputError(
        f"the workers differ ({'; '.join(problems)}); start all of them with the same package, "
        "settings and data",
        setting="strategy",
        value="multi_worker",
    )


def _open_socket(address: str) -> socket.socket:
    host, port = host_and_port(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError:
        pass  # Perhaps only the other machines know this host by that name.
    try:
        return socket.create_server(("", port), family=family, backlog=128)
    except OSError as error:
        raise WorkError(
            f"{address}: the chief's address cannot be used ({one_line(error)}); stop the "
            "program that uses it, or choose another port in TF_CONFIG"
        ) from error
