"""Starts Ray on this machine or joins a cluster, and cleans up afterward."""

import logging
import os
import secrets
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.quiet_tensorflow import silenced

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # Ray would log to standard error.
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")

try:
    import ray
except ImportError as error:
    raise InputError("many workers need a package: pip install 'keras_f2a[ray]'") from error

from ray._private import ray_constants
from ray._raylet import AuthenticationTokenLoader, Config  # type: ignore[attr-defined]

from keras_f2a.distributed.agent_ports import preassigned_ports

LOOPBACK = "127.0.0.1"
_DEFAULT_PORT = 6379  # Ray's own default
_OBJECT_STORE_SIZE = 256_000_000  # bytes; processes exchange only names and results, not pixels
_CONNECT_TIMEOUT = 10.0
_SHUTDOWN_TIMEOUT = 5.0
# In characters, because the paths of Ray's sockets in the folder have a maximum length.
_MAX_FOLDER_LENGTH = 30


@contextmanager
def ray_session(
    address: str | None = None,
    *,
    cpus: int | None = None,
) -> Iterator[None]:
    """Run Ray inside the block, or use the session that is already running.

    Args:
        address: Address of a cluster: `auto`, `HOST` or `HOST:PORT`. `None` starts Ray on this
            machine, where it is not reachable from outside, and stops it after the block.
        cpus: Number of workers that a Ray started here can run, by default the number of cores.

    Raises:
        InputError: No cluster answers at the address, or there is no token for it.
        WorkError: Ray does not start on this machine.
    """
    if ray.is_initialized():
        yield
    elif address is None:
        with _temporary_folder() as folder, _temporary_token(), _child_process_cleanup():
            options: dict[str, Any] = {
                "address": "local",
                "_temp_dir": folder,
                "include_dashboard": False,
            }
            options |= {
                "_node_ip_address": LOOPBACK,
                "num_cpus": cpus,
                "object_store_memory": _OBJECT_STORE_SIZE,
            }
            with _single_machine_mode(), preassigned_ports(LOOPBACK):
                _start(options, address)
            _check_loopback()
            yield
    else:
        full_address = _resolve_address(address)
        _check_token(address)
        _start({"address": full_address}, address)
        try:
            yield
        finally:
            ray.shutdown()


def check_workers(workers: int) -> None:
    """Check the number of workers, because Ray would wait forever without any.

    Raises:
        InputError: The number is below 1.
    """
    if workers < 1:
        raise InputError("must be at least 1", setting="workers", value=workers)


def cluster_cpus() -> int:
    """Return the number of cores in the cluster."""
    return max(int(ray.cluster_resources().get("CPU", 1)), 1)


def _start(options: dict, address: str | None) -> None:
    signals = (signal.SIGTERM, signal.SIGINT)
    handlers = {number: signal.getsignal(number) for number in signals}
    try:
        with silenced():
            ray.init(**options, log_to_driver=False, logging_level=logging.ERROR)
    except SystemExit as ended:  # From Ray's own SIGTERM handler.
        ray.shutdown()
        raise KeyboardInterrupt("SIGTERM") from ended
    except Exception as error:  # Ray also raises built-in exceptions.
        ray.shutdown()
        raise _start_error(address, error) from error
    finally:
        for number, handler in handlers.items():
            with suppress(ValueError):  # Outside the main thread, Ray installs no handlers.
                signal.signal(number, handler)


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """Yield a folder for Ray's files and delete it after the block."""
    default = tempfile.gettempdir()
    parent = default if len(default) <= _MAX_FOLDER_LENGTH else "/tmp"
    folder = tempfile.mkdtemp(prefix="keras_f2a-", dir=parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _temporary_token() -> Iterator[None]:
    """Give Ray a temporary token inside the block, unless the user has set one.

    The token is removed after the block. Otherwise, it would look like the user's own token.
    """
    names = ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN")
    original = {name: os.environ[name] for name in names if name in os.environ}
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex())
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)
        os.environ.update(original)
        Config.initialize("")  # Ray caches the mode and the token.
        AuthenticationTokenLoader.instance().reset_cache()


@contextmanager
def _single_machine_mode() -> Iterator[None]:
    """Make Ray assume, inside the block, that this machine is never part of a cluster.

    Otherwise, Ray replaces 127.0.0.1 with the machine's own address and listens on all interfaces.
    """
    original = ray_constants.ENABLE_RAY_CLUSTER
    ray_constants.ENABLE_RAY_CLUSTER = False
    try:
        yield
    finally:
        ray_constants.ENABLE_RAY_CLUSTER = original


def _check_loopback() -> None:
    """Check that Ray listens only locally. Other versions may ignore `_single_machine_mode`."""
    exposed = {node["NodeManagerAddress"] for node in ray.nodes()} - {LOOPBACK}
    if exposed:
        raise WorkError(
            f"Ray listens on {', '.join(exposed)}, where others can reach it; install the "
            "version of Ray that the ray extra names"
        )


@contextmanager
def _child_process_cleanup() -> Iterator[None]:
    """End all processes that were started inside the block once it ends."""
    import psutil  # Installed with Ray.

    this_process = psutil.Process()
    before = set(this_process.children())
    try:
        yield
    finally:
        started = []
        for child in set(this_process.children()) - before:
            with suppress(psutil.Error):
                started += [child, *child.children(recursive=True)]
        ray.shutdown()
        _, alive = psutil.wait_procs(started, timeout=_SHUTDOWN_TIMEOUT)
        for process in alive:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(alive, timeout=_SHUTDOWN_TIMEOUT)


def _resolve_address(address: str) -> str:
    """Return the address with its port. Ray itself would wait forever for one that is silent."""
    import grpc

    if address == "auto":
        return address
    host, _, port_text = address.partition(":")
    try:
        port = int(port_text or _DEFAULT_PORT)
        socket.create_connection((host, port), _CONNECT_TIMEOUT).close()
        if not os.environ.get("RAY_USE_TLS"):
            with grpc.insecure_channel(f"{host}:{port}") as channel:
                grpc.channel_ready_future(channel).result(timeout=_CONNECT_TIMEOUT)
    except grpc.FutureTimeoutError as error:
        reason = f"the program there did not answer within {_CONNECT_TIMEOUT:g} s"
        raise _start_error(address, TimeoutError(reason)) from error
    except (OSError, ValueError, OverflowError) as error:
        raise _start_error(address, error) from error
    return f"{host}:{port}"


def _check_token(address: str) -> None:
    """Require a token, because without one anyone who reaches the ports can run programs."""
    if os.environ.get("RAY_AUTH_MODE"):
        return
    tokens = [os.environ.get(name) for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")]
    # A user without a home folder, as in a container, keeps the `~`.
    file = os.path.expanduser("~/.ray/auth_token")  # noqa: PTH111
    if not any(tokens) and not os.path.isfile(file):  # noqa: PTH113
        raise InputError(
            "a cluster needs Ray's token, because otherwise anyone who reaches its ports can run "
            "programs on its hosts; set RAY_AUTH_MODE=token and the same RAY_AUTH_TOKEN on all "
            "hosts and here, or set RAY_AUTH_MODE=disabled to run without a token",
            setting="address",
            value=address,
        )


def _start_error(address: str | None, error: Exception) -> InputError | WorkError:
    if address is None:
        return WorkError(f"Ray does not start on this machine ({one_line(error)})")
    return InputError(
        f"no Ray cluster answers ({one_line(error)}); start one, or omit this to use only this "
        "machine",
        setting="address",
        value=address,
    )
