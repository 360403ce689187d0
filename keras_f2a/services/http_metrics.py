"""The metrics of the HTTP service, in the Prometheus text format."""

import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from keras_f2a.services.worker_pool import WorkerPool

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)


class Metrics:
    """The metrics of one service.

    Args:
        pool: The worker processes.

    Attributes:
        requests: Requests by path and status.
        seconds: Seconds that requests to correct took, from the end of their header to the last
            byte of the response.
        uploaded: Bytes of uploads that were received.
        downloaded: Bytes of results that were sent.
    """

    def __init__(self, pool: WorkerPool):
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "keras_f2a_requests",
            "Requests that were answered.",
            ("path", "status"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "keras_f2a_correct_seconds",
            "Seconds from the end of a request's header to the last byte of its answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.uploaded = Counter(
            "keras_f2a_uploaded_bytes", "Bytes of photographs.", registry=self._registry
        )
        self.downloaded = Counter(
            "keras_f2a_downloaded_bytes",
            "Bytes of results that were sent.",
            registry=self._registry,
        )
        self._registry.register(_PoolCollector(pool))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def text(self) -> bytes:
        """Return all metrics in the Prometheus text format; see `CONTENT_TYPE`."""
        return generate_latest(self._registry)


class _PoolCollector(Collector):
    def __init__(self, pool: WorkerPool):
        self._pool = pool

    def collect(self) -> Iterable[Metric]:
        pool = self._pool
        yield GaugeMetricFamily(
            "keras_f2a_places_taken", "Requests that are uploaded, wait or run.", pool.taken
        )
        yield GaugeMetricFamily(
            "keras_f2a_corrections_running", "Photographs that are being corrected.", pool.running
        )
        yield GaugeMetricFamily("keras_f2a_workers", "Processes that correct.", len(pool.workers))
        restarts = sum(worker.restarts for worker in pool.workers)
        yield CounterMetricFamily(
            "keras_f2a_worker_restarts",
            "Processes that a photograph crashed or that took too long.",
            restarts,
        )
        memory = GaugeMetricFamily(
            "keras_f2a_worker_resident_bytes",
            "Memory of a process that corrects.",
            labels=["worker"],
        )
        for index, worker in enumerate(pool.workers):
            if (size := _resident_bytes(worker.process_id)) is not None:
                memory.add_metric([str(index)], size)
        yield memory


def _resident_bytes(process_id: int | None) -> int | None:
    try:
        pages = Path(f"/proc/{process_id}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None
