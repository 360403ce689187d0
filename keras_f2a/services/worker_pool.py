"""Shares a few worker processes among many requests, with bounded places and waiting times."""

import asyncio
import math
import os
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.services.correction_worker import CorrectionResult, CorrectionWorker

_SMOOTHING_FACTOR = 0.1


class BusyError(Exception):
    """Every place is taken.

    Attributes:
        seconds: How long to wait before the next try.
    """

    def __init__(self, seconds: int):
        super().__init__(f"all processes are busy and the queue is full; retry in {seconds} s")
        self.seconds = seconds


class AbandonedError(Exception):
    """The client that wanted the photograph is gone."""


class WorkerPool:
    """Worker processes, which correct one photograph each, and the requests that wait for them.

    Args:
        correction: The settings of the correction.
        workers: How many processes; `None` is one for each core that this process may use.
        waiting: How many requests may wait.
        max_megapixels: The largest photograph that is accepted.

    Attributes:
        workers: The handles of the processes.
        taken: How many places are taken.
        running: How many photographs are being corrected.

    Raises:
        InputError: The model cannot be loaded.
        WorkError: No process can be started.
    """

    def __init__(
        self,
        correction: CorrectionSettings,
        *,
        workers: int | None,
        waiting: int,
        max_megapixels: float,
    ):
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        count = workers or cores or 1
        threads = max((cores or 1) // count, 1)
        start_worker = partial(CorrectionWorker, correction, threads, max_megapixels)
        self._threads = ThreadPoolExecutor(count, "correct")
        futures = [self._threads.submit(start_worker) for _ in range(count)]
        try:
            self.workers = [future.result() for future in futures]
        except BaseException:
            for future in futures:
                if future.exception() is None:
                    future.result().close()
            raise
        self.taken = self.running = 0
        self._capacity = count + waiting
        self._idle: asyncio.LifoQueue[CorrectionWorker] = asyncio.LifoQueue()
        for worker in self.workers:
            self._idle.put_nowait(worker)
        self._average_seconds = 1.0

    @contextmanager
    def reserve_place(self) -> Iterator[None]:
        """Hold a place for the block, from the upload to the end of the download.

        Raises:
            BusyError: All places are taken.
        """
        if self.taken >= self._capacity:
            wait = self._average_seconds * self.taken / len(self.workers)
            raise BusyError(min(math.ceil(wait), 60))
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    async def correct(
        self,
        source: Path,
        *,
        changes: Mapping[str, Any],
        output: OutputSettings,
        seconds: float,
        is_abandoned: Callable[[], Awaitable[bool]],
    ) -> CorrectionResult:
        """Wait for a process and have it correct a photograph into a file next to it.

        Args:
            source: The photograph's file, in a folder of its own. If the request is canceled
                and the folder deleted, the result does not stay there.
            changes: Settings of the correction, which override the pool's.
            output: How it is read and written.
            seconds: How long the wait may take, and after it the correction.
            is_abandoned: Returns whether nobody wants the result anymore.

        Raises:
            BusyError: No process was free in time.
            AbandonedError: Nobody wants the result anymore.
            WorkError: No process can be started.
        """
        try:
            worker = await asyncio.wait_for(self._idle.get(), seconds)
        except TimeoutError:
            raise BusyError(math.ceil(self._average_seconds)) from None
        try:
            if await is_abandoned():
                raise AbandonedError
        except BaseException:
            self._idle.put_nowait(worker)
            raise
        start = time.monotonic()
        self.running += 1
        loop = asyncio.get_running_loop()
        task = partial(_correct, worker, source, changes=changes, output=output, seconds=seconds)
        future = loop.run_in_executor(self._threads, task)
        # This also runs if the request was canceled, because its process is busy until then.
        future.add_done_callback(lambda _: self._release(worker))
        result = await asyncio.shield(future)
        elapsed = time.monotonic() - start
        self._average_seconds += _SMOOTHING_FACTOR * (elapsed - self._average_seconds)
        return result

    def close(self) -> None:
        """End the processes, each after its current photograph."""
        for _ in self._threads.map(CorrectionWorker.close, self.workers):
            pass
        self._threads.shutdown()

    def _release(self, worker: CorrectionWorker) -> None:
        self.running -= 1
        self._idle.put_nowait(worker)


def _correct(worker: CorrectionWorker, source: Path, **options: Any) -> CorrectionResult:
    try:
        return worker.correct(source, None, **options)
    finally:
        if not source.exists():  # The worker creates a missing folder again to write the result.
            shutil.rmtree(source.parent, ignore_errors=True)
