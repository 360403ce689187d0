"""Starts Ray on this machine, or joins a cluster, and leaves nothing behind."""

import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.quiet_tensorflow import silenced

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # Its notes would go to standard error.
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")

try:
    import ray
except ImportError as error:
    raise InputError("many workers need a package: pip install 'keras_f2a[ray]'") from error

_LOOPBACK = "127.0.0.1"
_PORT = 6379  # Ray's own default
_OBJECT_STORE = 256_000_000  # bytes; what workers are given are names and results, no pixels
_SECONDS_TO_ANSWER = 10.0


@contextmanager
def ray_session(
    address: str | None = None,
    *,
    cpus: int | None = None,
    gpus: int | None = None,
    workers_are_heard: bool = False,
) -> Iterator[None]:
    """Ray runs inside the block; within an outer session it is that one's.

    Args:
        address: The cluster's, `auto`, `HOST` or `HOST:PORT`; `None` starts Ray on this machine,
            where nothing outside can reach it, and stops it at the block's end.
        cpus: How many workers a started Ray has room for; as many as cores by default.
        gpus: How many GPUs a started Ray may use; all by default.
        workers_are_heard: Whether what workers print is shown.

    Raises:
        InputError: There is no cluster at the address.
    """
    if ray.is_initialized():
        yield
        return
    options: dict[str, Any] = {"address": "local", "include_dashboard": False}
    options["_node_ip_address"] = _LOOPBACK
    options |= {"num_cpus": cpus, "num_gpus": gpus, "object_store_memory": _OBJECT_STORE}
    if address is not None:
        options = {"address": _checked(address)}
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with silenced():
            ray.init(**options, log_to_driver=workers_are_heard, logging_level=logging.ERROR)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise _no_cluster(address, error) from error
    try:
        for number, handler in handlers.items():
            signal.signal(number, handler)  # Ray has put its own in their place.
        yield
    finally:
        ray.shutdown()


def cluster_cpus() -> int:
    """How many cores the cluster has."""
    return max(int(ray.cluster_resources().get("CPU", 1)), 1)


def _checked(address: str) -> str:
    """The whole address. Ray itself would ask one that is silent for ever."""
    if address == "auto":
        return address
    host, _, port = address.partition(":")
    try:
        whole = (host, int(port or _PORT))
        socket.create_connection(whole, _SECONDS_TO_ANSWER).close()
    except (OSError, ValueError, OverflowError) as error:
        raise _no_cluster(address, error) from error
    return f"{host}:{whole[1]}"


def _no_cluster(address: str | None, error: Exception) -> InputError:
    if address is None:
        return InputError(f"Ray does not start on this machine ({one_line(error)})")
    return InputError(
        f"no Ray cluster answers ({one_line(error)}); start one, or leave this out to work on this "
        "machine alone",
        setting="address",
        value=address,
    )
