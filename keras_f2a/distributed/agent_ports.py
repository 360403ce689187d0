"""Lets Ray start on a busy machine, where its agents take long to import their modules.

A Ray node exits if its agents have not written their ports to files within 15 seconds, and no
setting changes this time (Ray's issue 65983). So this module chooses and writes the ports first.
"""

import inspect
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from ray import _raylet as compiled
from ray._private import services

_raylet: Any = compiled  # The compiled module has no type hints.

_PORT_FILES = {
    "metrics_agent_port": _raylet.METRICS_AGENT_PORT_NAME,
    "metrics_export_port": _raylet.METRICS_EXPORT_PORT_NAME,
    "dashboard_agent_listen_port": _raylet.DASHBOARD_AGENT_LISTEN_PORT_NAME,
    "runtime_env_agent_port": _raylet.RUNTIME_ENV_AGENT_PORT_NAME,
}
_TIMEOUTS = {
    "RAY_agent_register_timeout_ms": "300000",
    "RAY_raylet_start_wait_time_s": "120",
    "RAY_worker_register_timeout_seconds": "300",
}


@contextmanager
def preassigned_ports(address: str) -> Iterator[None]:
    """Choose the agents' ports for a Ray node that starts inside the block.

    Args:
        address: The address that the agents listen on.
    """
    start_raylet = services.start_raylet

    def start_with_ports(*arguments: Any, **options: Any) -> Any:
        bound = inspect.signature(start_raylet).bind(*arguments, **options).arguments
        for name, port in zip(_PORT_FILES, _free_ports(len(_PORT_FILES), address), strict=True):
            _raylet.persist_port(bound["session_dir"], bound["node_id"], _PORT_FILES[name], port)
            bound[name] = port
        return start_raylet(**bound)

    for name, value in _TIMEOUTS.items():
        os.environ.setdefault(name, value)
    services.start_raylet = start_with_ports
    try:
        yield
    finally:
        services.start_raylet = start_raylet


def _free_ports(count: int, address: str) -> list[int]:
    with ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server((address, 0))) for _ in range(count)]
        return [server.getsockname()[1] for server in servers]
