"""Forwards the package's log lines from workers to the process that started them.

Ray itself can show the workers' output, but it would include lines from Ray and TensorFlow.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import QueueHandler

from ray.util.queue import Queue

from keras_f2a.distributed.ray_session import ray

_PACKAGE = logging.getLogger("keras_f2a")


@contextmanager
def forwarded_lines() -> Iterator[Queue]:
    """Yield a queue and log the records that workers send through it, inside the block."""
    queue = Queue(actor_options={"num_cpus": 0})
    thread = threading.Thread(target=_log, args=(queue,), name="worker lines", daemon=True)
    thread.start()
    try:
        yield queue
    finally:
        with suppress(ray.exceptions.RayError):  # The cluster may be gone.
            queue.put(None)
            thread.join()
            queue.shutdown()


def forward_lines(queue: Queue) -> None:
    """Send this worker's log records of the package through the queue of `forwarded_lines`."""
    _PACKAGE.setLevel(logging.INFO)
    _PACKAGE.addHandler(QueueHandler(queue))
    _PACKAGE.propagate = False


def _log(queue: Queue) -> None:
    with suppress(ray.exceptions.RayError):
        while (record := queue.get()) is not None:
            logger = logging.getLogger(record.name)
            if logger.isEnabledFor(record.levelno):
                logger.handle(record)
