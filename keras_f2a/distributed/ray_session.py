"""Starts Ray on this machine, or joins a cluster, and leaves nothing behind."""

import logging
import os
import secrets
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.quiet_tensorflow import silenced

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # Its notes would go to standard error.
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")

try:
    import ray
except ImportError as error:
    raise InputError("many workers need a package: pip install 'keras_f2a[ray]'") from error

from ray._private import ray_constants
from ray._raylet import AuthenticationTokenLoader, Config  # type: ignore[attr-defined]

from keras_f2a.distributed.agent_ports import chosen_beforehand

LOOPBACK = "127.0.0.1"
_PORT = 6379  # Ray's own default
_OBJECT_STORE = 256_000_000  # bytes; what workers are given are names and results, no pixels
_SECONDS_TO_ANSWER = 10.0
_SECONDS_TO_END = 5.0
_LONGEST_FOLDER = 30  # characters; Ray's sockets lie below it, and their names have a limit


@contextmanager
def ray_session(
    address: str | None = None,
    *,
    cpus: int | None = None,
) -> Iterator[None]:
    """Run Ray inside the block; within an outer session it is that one's.

    Args:
        address: The cluster's, `auto`, `HOST` or `HOST:PORT`; `None` starts Ray on this machine,
            where nothing outside can reach it, and stops it at the block's end.
        cpus: How many workers a started Ray has room for; as many as cores by default.

    Raises:
        InputError: There is no cluster at the address, or it is open to everybody.
        WorkError: Ray does not start on this machine.
    """
    if ray.is_initialized():
        yield
    elif address is None:
        with _folder() as folder, _token_of_its_own(), _ended_with_the_block():
            options: dict[str, Any] = {
                "address": "local",
                "_temp_dir": folder,
                "include_dashboard": False,
            }
            options |= {
                "_node_ip_address": LOOPBACK,
                "num_cpus": cpus,
                "object_store_memory": _OBJECT_STORE,
            }
            with _for_one_machine(), chosen_beforehand(LOOPBACK):
                _start(options, address)
            _check_loopback()
            yield
    else:
        whole = _answering(address)
        _check_token(address)
        _start({"address": whole}, address)
        try:
            yield
        finally:
            ray.shutdown()


def check_workers(workers: int) -> None:
    """Check that there is a worker; Ray would wait for work without any to do it.

    Raises:
        InputError: There is none.
    """
    if workers < 1:
        raise InputError("must be at least 1", setting="workers", value=workers)


def cluster_cpus() -> int:
    """Return how many cores the cluster has."""
    return max(int(ray.cluster_resources().get("CPU", 1)), 1)


def _start(options: dict, address: str | None) -> None:
    numbers = (signal.SIGTERM, signal.SIGINT)
    handlers = {number: signal.getsignal(number) for number in numbers}
    try:
        with silenced():
            ray.init(**options, log_to_driver=False, logging_level=logging.ERROR)
    except SystemExit as ended:  # Of Ray's own handler of SIGTERM.
        ray.shutdown()
        raise KeyboardInterrupt("SIGTERM") from ended
    except Exception as error:  # Ray raises plain ones too.
        ray.shutdown()
        raise _not_started(address, error) from error
    finally:
        for number, handler in handlers.items():
            with suppress(ValueError):  # Outside of the main thread Ray has put none in place.
                signal.signal(number, handler)


@contextmanager
def _folder() -> Iterator[str]:
    """Yield a folder for what Ray writes, gone after the block."""
    usual = tempfile.gettempdir()
    parent = usual if len(usual) <= _LONGEST_FOLDER else "/tmp"
    folder = tempfile.mkdtemp(prefix="keras_f2a-", dir=parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _token_of_its_own() -> Iterator[None]:
    """Give Ray a token inside the block, unless the user has named one; it is forgotten after it.

    What is left in the environment would pass for the user's own token.
    """
    names = ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN")
    earlier = {name: os.environ[name] for name in names if name in os.environ}
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex())
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)
        os.environ.update(earlier)
        Config.initialize("")  # Ray keeps the mode and the token too.
        AuthenticationTokenLoader.instance().reset_cache()


@contextmanager
def _for_one_machine() -> Iterator[None]:
    """Let Ray take this machine, inside the block, for one that is never part of a cluster.

    Else it replaces 127.0.0.1 by the machine's own address, and listens on all interfaces.
    """
    earlier = ray_constants.ENABLE_RAY_CLUSTER
    ray_constants.ENABLE_RAY_CLUSTER = False
    try:
        yield
    finally:
        ray_constants.ENABLE_RAY_CLUSTER = earlier


def _check_loopback() -> None:
    """Check that Ray does as `_for_one_machine` says, which another version might not."""
    open_to_others = {node["NodeManagerAddress"] for node in ray.nodes()} - {LOOPBACK}
    if open_to_others:
        raise WorkError(
            f"Ray listens on {', '.join(open_to_others)}, where others can reach it; install the "
            "version of Ray that the ray extra names"
        )


@contextmanager
def _ended_with_the_block() -> Iterator[None]:
    """End all processes that were started inside the block, when it ends."""
    import psutil  # Ray brings it.

    me = psutil.Process()
    before = set(me.children())
    try:
        yield
    finally:
        started = []
        for child in set(me.children()) - before:
            with suppress(psutil.Error):
                started += [child, *child.children(recursive=True)]
        ray.shutdown()
        _, left = psutil.wait_procs(started, timeout=_SECONDS_TO_END)
        for process in left:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(left, timeout=_SECONDS_TO_END)


def _answering(address: str) -> str:
    """Return the whole address. Ray itself would ask one that is silent for ever."""
    import grpc

    if address == "auto":
        return address
    host, _, port = address.partition(":")
    try:
        whole = (host, int(port or _PORT))
        socket.create_connection(whole, _SECONDS_TO_ANSWER).close()
        if not os.environ.get("RAY_USE_TLS"):
            with grpc.insecure_channel(f"{host}:{whole[1]}") as channel:
                grpc.channel_ready_future(channel).result(timeout=_SECONDS_TO_ANSWER)
    except grpc.FutureTimeoutError as error:
        silent = f"what listens there says nothing for {_SECONDS_TO_ANSWER:g} s"
        raise _not_started(address, TimeoutError(silent)) from error
    except (OSError, ValueError, OverflowError) as error:
        raise _not_started(address, error) from error
    return f"{host}:{whole[1]}"


def _check_token(address: str) -> None:
    """Ask for a token: without one, anyone who reaches the ports can run programs."""
    if os.environ.get("RAY_AUTH_MODE"):
        return
    named = [os.environ.get(name) for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")]
    if not any(named) and not Path("~/.ray/auth_token").expanduser().is_file():
        raise InputError(
            "a cluster needs Ray's token; without it, anyone who reaches its ports can run "
            "programs on its hosts: set RAY_AUTH_MODE=token and the same RAY_AUTH_TOKEN on all "
            "hosts and here, or RAY_AUTH_MODE=disabled to go without",
            setting="address",
            value=address,
        )


def _not_started(address: str | None, error: Exception) -> InputError | WorkError:
    if address is None:
        return WorkError(f"Ray does not start on this machine ({one_line(error)})")
    return InputError(
        f"no Ray cluster answers ({one_line(error)}); start one, or leave this out to work on this "
        "machine alone",
        setting="address",
        value=address,
    )
