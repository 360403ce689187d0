"""Load-tests `keras-f2a serve` with good, damaged and hostile photographs.

    python -m benchmarks.http_service [--requests N] [--clients N] [--output FILE]

Every response must match the result of `Corrector` for the same bytes in this process: either the
same bytes, or a rejection. Exits with code 1 if a response differs, the service's memory grows, or
the service does not shut down cleanly.
"""

import argparse
import http.client
import itertools
import json
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from benchmarks.options import at_least
from keras_f2a.correction.corrector import Corrector
from keras_f2a.support.errors import InputError
from tests.faults.bombs import PHOTOGRAPHS
from tests.faults.damage import damaged
from tests.faults.photographs import kind_at, write_photograph
from tests.services.service import metrics, running_service

MAX_GROWTH = 1.05  # of the memory, from the second to the last quarter of the requests
_SAMPLES = 40
_ABANDONED_SHARE = 0.03
"""Fraction of requests whose client disconnects in the middle."""
_SETTINGS: tuple[dict[str, str], ...] = (
    {},
    {"strength": "0.5"},
    {"brightness": "0.4", "warmth": "-0.3"},
    {"rules": "off"},
)


@dataclass(frozen=True)
class Case:
    """A photograph, its query, and the expected bytes of its result, or `None` if rejected."""

    kind: str
    content: bytes
    query: dict[str, str]
    expected: bytes | None


@dataclass
class Report:
    """The results of a load test.

    Attributes:
        requests: Number of requests.
        seconds: Duration in seconds.
        answers: Number of responses for each kind of photograph and status.
        differences: One line for each response that differs from the result of `Corrector`.
        memory: Pairs of the number of finished requests and the bytes of all processes of the
            service.
        restarts: Number of worker processes that had to be replaced.
        exit_code: Exit code of the service.
    """

    requests: int
    seconds: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    memory: list[tuple[int, int]] = field(default_factory=list)
    restarts: int = 0
    exit_code: int | None = None

    @property
    def growth(self) -> float:
        """Mean memory in the last quarter of the requests, divided by that in the second."""
        sizes = np.array([size for _, size in self.memory], float)
        quarter = max(len(sizes) // 4, 1)
        return float(sizes[-quarter:].mean() / sizes[quarter : 2 * quarter].mean())


def main() -> int:
    """Measure, print the results and return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.http_service", description=__doc__)
    parser.add_argument("--requests", type=at_least(1), default=6000, metavar="N")
    parser.add_argument("--clients", type=at_least(1), default=8, metavar="N")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report as JSON")
    options = parser.parse_args()
    report = load(options.requests, options.clients)
    for name, count in sorted(report.answers.items()):
        print(f"{name}: {count:,}")
    for finished, size in report.memory:
        print(f"after {finished:,} requests: {size / 1e6:.0f} MB")
    print(f"{report.requests / report.seconds:.1f} requests/s, {report.restarts} restarts")
    print(f"memory: x {report.growth:.3f} (at most {MAX_GROWTH})")
    print(f"differences: {len(report.differences)}; exit code {report.exit_code}")
    print("\n".join(report.differences[:20]))
    if options.output:
        options.output.write_text(json.dumps(vars(report), indent=2) + "\n", encoding="utf-8")
    return int(report.growth > MAX_GROWTH or bool(report.differences) or report.exit_code != 0)


def load(requests: int, clients: int = 8, *, seed: int = 0, distinct: int = 240) -> Report:
    """Start the service, send it requests, and stop it.

    Args:
        requests: Number of requests.
        clients: Number of concurrent clients.
        seed: Seed for the photographs and their order.
        distinct: Number of different photographs.
    """
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        cases = list(_make_cases(rng, Path(folder), distinct))
    report = Report(requests)
    order = rng.integers(len(cases), size=requests)
    disconnects = rng.random(requests) < _ABANDONED_SHARE
    lock, counter = threading.Lock(), itertools.count(1)
    with running_service("--waiting", str(2 * clients)) as (port, process):
        start = time.perf_counter()

        def send_request(index: int) -> None:
            case = cases[order[index]]
            if disconnects[index]:
                _disconnect(port, case)
                name, difference = "abandoned", None
            else:
                name, difference = _send_request(port, case)
            with lock:
                report.answers[name] += 1
                if difference:
                    report.differences.append(f"request {index}, {case.kind}: {difference}")
                finished = next(counter)
                if finished % max(requests // _SAMPLES, 1) == 0:
                    report.memory.append((finished, _memory(port)[0]))

        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(send_request, range(requests)))
        report.seconds = time.perf_counter() - start
        report.restarts = _memory(port)[1]
        process.send_signal(signal.SIGTERM)
        report.exit_code = process.wait(60)
    return report


def _make_cases(rng: np.random.Generator, folder: Path, count: int) -> Iterator[Case]:
    corrector = Corrector()
    for index in range(count):
        kind = ("good", "good", "good", "damaged", "hostile")[index % 5]
        if kind == "hostile":
            content = PHOTOGRAPHS[index // 5 % len(PHOTOGRAPHS)](rng)
        else:
            photograph = kind_at(index)
            path = write_photograph(folder / f"{index}{photograph.suffix}", rng, photograph)
            content = path.read_bytes()
            if kind == "damaged":
                content = damaged(content, rng)
        query = _SETTINGS[index % len(_SETTINGS)]
        yield Case(kind, content, query, _expected_result(corrector, content, query))


def _expected_result(corrector: Corrector, content: bytes, query: dict[str, str]) -> bytes | None:
    settings = {name: text if name == "rules" else float(text) for name, text in query.items()}
    try:
        return corrector.with_settings(**settings).correct(content)
    except InputError:
        return None


def _send_request(port: int, case: Case) -> tuple[str, str | None]:
    """Return the kind and status of a response, and how it differs from the expected one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("POST", f"/correct?{urlencode(case.query)}", case.content)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    name = f"{case.kind} {response.status}"
    if case.expected is None:
        is_rejected = response.status in (400, 413, 415, 422)
        line = json.loads(content)["error"] if is_rejected else f"status {response.status}"
        return name, None if is_rejected and line and "\n" not in line else line
    is_equal = response.status == 200 and content == case.expected
    return name, None if is_equal else f"status {response.status}, {content[:200]!r}"


def _disconnect(port: int, case: Case) -> None:
    """Send half of a photograph and disconnect."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", "/correct")
    connection.putheader("Content-Length", str(len(case.content) + 1))
    connection.endheaders(case.content[: len(case.content) // 2])
    connection.close()


def _memory(port: int) -> tuple[int, int]:
    """Return the bytes of all processes of the service, and the number of replaced workers."""
    values = metrics(port)
    size = values["process_resident_memory_bytes"] + values["keras_f2a_worker_resident_bytes"]
    return int(size), int(values["keras_f2a_worker_restarts_total"])


if __name__ == "__main__":
    sys.exit(main())
