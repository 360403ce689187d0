"""Starts processes that train together on this machine, each with one thread."""

import json
import socket
from contextlib import ExitStack

from tests.faults.processes import Processes

_SECONDS = 240


def free_addresses(count=2):
    """Return unused addresses on this machine."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    addresses = [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]
    for one in sockets:
        one.close()
    return addresses


def environment(addresses, index):
    """Return the additional environment variables of the worker at one of the addresses."""
    task = {"type": "worker", "index": index}
    config = {"cluster": {"worker": addresses}, "task": task}
    threads = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    return threads | quiet | {"TF_CONFIG": json.dumps(config)}


def worker(addresses, index):
    """Return the launcher of the worker at one of the addresses."""
    return Processes(timeout=_SECONDS, environment=environment(addresses, index))


def start(module, *arguments):
    """Start `python -m MODULE ARGUMENTS` in two workers and return them, the chief first."""
    addresses = free_addresses()
    return [worker(addresses, index).started(module, *arguments) for index in range(2)]


def finish(workers):
    """Wait for the workers and return (exit code, output) of each."""
    with ExitStack() as stack:
        for one in workers:
            stack.enter_context(one)
        ended = [one.end() for one in workers]
    return [(one.code, one.output + one.errors) for one in ended]
