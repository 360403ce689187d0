"""Starts processes that train together on this machine, one thread each."""

import json
import os
import socket
import subprocess
import sys


def free_addresses(count=2):
    """Addresses on this machine that nobody uses."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    addresses = [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]
    for one in sockets:
        one.close()
    return addresses


def environment(addresses, index):
    task = {"type": "worker", "index": index}
    config = {"cluster": {"worker": addresses}, "task": task}
    threads = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    return os.environ | threads | quiet | {"TF_CONFIG": json.dumps(config)}


def start(module, *arguments, count=2):
    """Starts `python -m MODULE ARGUMENTS` as each worker; the chief is the first."""
    addresses = free_addresses(count)
    return [
        subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            env=environment(addresses, index),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for index in range(count)
    ]


def finish(workers, timeout=240):
    """(exit code, output) of each worker."""
    try:
        outputs = [worker.communicate(timeout=timeout)[0] for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return [(worker.returncode, out) for worker, out in zip(workers, outputs, strict=True)]
