"""The workers of one run, as the environment variable `TF_CONFIG` lists them."""

import json
import os
from dataclasses import dataclass

from keras_f2a.support.errors import InputError, one_line

_EXAMPLE = '{"cluster": {"worker": ["HOST:PORT", …]}, "task": {"type": "worker", "index": 0}}'


@dataclass(frozen=True)
class WorkerGroup:
    """The workers, as `TF_CONFIG` lists them.

    Attributes:
        addresses: `HOST:PORT` of each worker, starting with the chief.
        index: Index of this process among them.
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
    """Return the workers that `TF_CONFIG` lists.

    Raises:
        InputError: It is not set, or it does not describe workers.
    """
    text = os.environ.get("TF_CONFIG", "")
    try:
        return _parse_group(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = f"is {one_line(text)}" if text else "is not set"
        raise InputError(
            f"needs the variable TF_CONFIG, which {problem}; on each worker set it to {_EXAMPLE}, "
            "with its own index",
            setting="strategy",
            value="multi_worker",
        ) from error


def host_and_port(address: str) -> tuple[str, int]:
    """Split an address into host and port.

    Raises:
        ValueError: It is not `HOST:PORT`.
    """
    host, _, port = address.rpartition(":")
    if not host or not 0 < int(port) < 2**16:
        raise ValueError(address)
    return host.strip("[]"), int(port)


def _parse_group(config: dict) -> WorkerGroup:
    cluster, task = config["cluster"], config["task"]
    if not cluster.keys() <= {"chief", "worker"} or task["type"] not in ("chief", "worker"):
        raise ValueError(config)
    chiefs, workers = cluster.get("chief", []), cluster.get("worker", [])
    if not isinstance(chiefs, list) or not isinstance(workers, list):
        raise TypeError(config)
    addresses = (*chiefs, *workers)
    for address in addresses:
        host_and_port(address)
    if not str(task["index"]).isdecimal():
        raise ValueError(config)
    index = int(task["index"]) + (len(chiefs) if task["type"] == "worker" else 0)
    if not 0 <= index < len(addresses) or len(set(addresses)) < len(addresses):
        raise ValueError(config)
    return WorkerGroup(addresses, index)
