"""The workers of one run: who they are, and how they agree before TensorFlow starts.

TensorFlow itself waits for ever for a worker that is missing, and trains with whatever settings
each one has. So every worker first tells the chief, the first one, who it is and what it is about
to train. The chief answers each with its last checkpoint, or all of them with what is wrong.

They talk over the address that `TF_CONFIG` gives the chief, before TensorFlow uses it, and as
TensorFlow does: in plain text, among machines that trust one another.
"""

import json
import os
import socket
import struct
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from keras_f2a.support.errors import InputError, WorkError, one_line

_HEAD = struct.Struct("!Q")
_LARGEST = 2**36  # bytes of a message; a checkpoint at full width has some hundred million
_ASK_AGAIN = 0.5  # seconds
_LONGER_THAN_THE_CHIEF = 10.0  # seconds; what it says of who is missing shall be heard
_CALL = b"keras_f2a\n"


@dataclass(frozen=True)
class WorkerGroup:
    """The workers, as `TF_CONFIG` has them.

    Attributes:
        addresses: `HOST:PORT` of each, the chief's first.
        index: Which of them this process is.
    """

    addresses: tuple[str, ...]
    index: int

    @property
    def is_chief(self) -> bool:
        """Whether this is the worker that writes the run directory."""
        return self.index == 0

    def __len__(self) -> int:
        return len(self.addresses)


def group_from_environment() -> WorkerGroup:
    """Reads `TF_CONFIG`.

    Raises:
        InputError: It is not set or not the description of workers.
    """
    text = os.environ.get("TF_CONFIG", "")
    example = '{"cluster": {"worker": ["HOST:PORT", …]}, "task": {"type": "worker", "index": 0}}'
    try:
        config = json.loads(text)
        cluster, task = config["cluster"], config["task"]
        chiefs = tuple(cluster.get("chief", ()))
        addresses = chiefs + tuple(cluster.get("worker", ()))
        index = int(task["index"]) + (len(chiefs) if task["type"] == "worker" else 0)
        known = task["type"] in ("chief", "worker") and cluster.keys() <= {"chief", "worker"}
        for address in addresses:
            _host_and_port(address)
        if not known or not 0 <= index < len(addresses) or len(set(addresses)) < len(addresses):
            raise ValueError(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"is {text}" if text else "is not set"
        raise InputError(
            f"needs the variable TF_CONFIG, which {problem}; on each worker set it to {example}, "
            "with its own index",
            setting="strategy",
            value="multi_worker",
        ) from error
    return WorkerGroup(addresses, index)


def agree(
    group: WorkerGroup, facts: dict[str, Any], files: dict[str, bytes], *, timeout: float
) -> dict[str, bytes]:
    """Meets the other workers; all of them have the same facts afterwards, and the chief's files.

    Args:
        group: The workers.
        facts: What must be the same everywhere, by its name in messages, as JSON has it.
        files: What the chief hands on; the others' are not looked at.
        timeout: Seconds to wait for the others.

    Returns:
        The chief's files.

    Raises:
        InputError: A worker differs; each of them raises it.
        WorkError: A worker did not come.
    """
    if group.is_chief:
        _receive_all(group, facts, files, timeout)
        return files
    return _call_chief(group, facts, timeout)


def _receive_all(
    group: WorkerGroup, facts: dict[str, Any], files: dict[str, bytes], timeout: float
) -> None:
    deadline = time.monotonic() + timeout
    with ExitStack() as stack:
        server = stack.enter_context(_listening(group.addresses[0]))
        callers: dict[int, socket.socket] = {}
        problems = []
        while len(callers) < len(group) - 1:
            try:
                server.settimeout(max(deadline - time.monotonic(), 0.001))
                caller = stack.enter_context(server.accept()[0])
                caller.settimeout(10.0)
                if _receive(caller, len(_CALL)) != _CALL:
                    continue  # Somebody else.
                hello = json.loads(_receive_message(caller))
                callers[hello["index"]] = caller
                problems += _differences(group, hello, facts)
            except TimeoutError:
                if time.monotonic() < deadline:
                    continue
                missing = [a for i, a in enumerate(group.addresses) if i and i not in callers]
                message = f"workers did not come within {timeout:g} s: {', '.join(missing)}"
                _answer_all(callers, {"missing": message})
                raise WorkError(f"{message}; start all of them, then this again") from None
            except (OSError, ValueError, KeyError, TypeError):
                continue  # A worker that ended while it spoke calls again, or is missed.
        if problems:
            _answer_all(callers, {"problems": problems})
            raise _disagreement(problems)
        _answer_all(callers, {"files": {name: len(files[name]) for name in files}}, files)


def _call_chief(group: WorkerGroup, facts: dict[str, Any], timeout: float) -> dict[str, bytes]:
    chief = group.addresses[0]
    deadline = time.monotonic() + timeout
    while True:
        try:
            with socket.create_connection(_host_and_port(chief), timeout=_ASK_AGAIN) as chief_:
                chief_.settimeout(timeout + _LONGER_THAN_THE_CHIEF)
                chief_.sendall(_CALL)
                _send_message(
                    chief_,
                    json.dumps(
                        {"index": group.index, "workers": len(group), "facts": facts}
                    ).encode(),
                )
                answer = json.loads(_receive_message(chief_))
                files = {name: _receive(chief_, n) for name, n in answer.get("files", {}).items()}
                break
        except (OSError, ValueError) as error:
            if time.monotonic() >= deadline:
                raise WorkError(
                    f"the chief, {chief}, did not answer within {timeout:g} s ({one_line(error)}); "
                    "see what it says, then start all workers again"
                ) from error
            time.sleep(_ASK_AGAIN)
    if "missing" in answer:
        raise WorkError(f"{answer['missing']}; start all of them, then this again")
    if "problems" in answer:
        raise _disagreement(answer["problems"])
    return files


def _differences(group: WorkerGroup, hello: dict, facts: dict[str, Any]) -> list[str]:
    if hello["workers"] != len(group) or not 0 < hello["index"] < len(group):
        return [f"a worker {hello['index']} of {hello['workers']} called one of {len(group)}"]
    worker = group.addresses[hello["index"]]
    return [
        f"{worker} has {name} {hello['facts'].get(name)}, the chief {facts[name]}"
        for name in facts
        if hello["facts"].get(name) != facts[name]
    ]


def _disagreement(problems: list[str]) -> InputError:
    return InputError(
        f"the workers differ ({'; '.join(problems)}); start all of them with the same package, "
        "settings and data",
        setting="strategy",
        value="multi_worker",
    )


def _listening(address: str) -> socket.socket:
    host, port = _host_and_port(address)
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError:
        pass  # The host's name may be one that only the others know it by.
    try:
        return socket.create_server(("", port), backlog=128)
    except OSError as error:
        raise WorkError(
            f"{address}: the chief's address cannot be used ({one_line(error)}); end what uses it, "
            "or choose another port in TF_CONFIG"
        ) from error


def _answer_all(
    callers: dict[int, socket.socket], answer: dict, files: dict[str, bytes] | None = None
) -> None:
    for caller in callers.values():
        with suppress(OSError):  # One that is gone is missed by TensorFlow.
            caller.settimeout(None)
            _send_message(caller, json.dumps(answer).encode())
            for content in (files or {}).values():
                caller.sendall(content)


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _send_message(connection: socket.socket, content: bytes) -> None:
    connection.sendall(_HEAD.pack(len(content)) + content)


def _receive_message(connection: socket.socket) -> bytes:
    return _receive(connection, _HEAD.unpack(_receive(connection, _HEAD.size))[0])


def _receive(connection: socket.socket, count: int) -> bytes:
    if count > _LARGEST:
        raise ValueError("no message of this program")
    content = bytearray()
    while len(content) < count:
        piece = connection.recv(min(count - len(content), 1 << 20))
        if not piece:
            raise ConnectionError("the connection was closed")
        content += piece
    return bytes(content)
