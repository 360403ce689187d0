"""Corrects an archive of photographs with many workers on Ray."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from keras_f2a.correction.folders import Failure
from keras_f2a.correction.job import stopped_note
from keras_f2a.correction.photo_task import png_of, result_name
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings, changed_settings
from keras_f2a.distributed.archive_plan import (
    ArchivePlan,
    Listing,
    find_sources,
    list_sequentially,
    plan_archive,
)
from keras_f2a.distributed.archive_progress import ArchiveProgress
from keras_f2a.distributed.archive_worker import ArchiveJob, ChunkResult
from keras_f2a.distributed.chunks import MAX_ATTEMPTS, Chunk, correct_chunks
from keras_f2a.distributed.failure_report import write_report
from keras_f2a.distributed.locations import absolute_location, is_remote
from keras_f2a.distributed.model_copies import check_model, copied_files, settings_for_copies
from keras_f2a.distributed.ray_session import check_workers, cluster_cpus, ray, ray_session
from keras_f2a.distributed.stores import open_folder
from keras_f2a.distributed.target_probe import check_probe, written_probe
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import WorkError, one_line
from keras_f2a.support.folders import writable_folder
from keras_f2a.support.printable import printable

MAX_CHUNK_SIZE = 64
"""Maximum number of photographs in a task. If its worker is killed, the task is repeated."""
CHUNKS_PER_BATCH = 16_384
"""Number of tasks that Ray gets at a time, up to a million photographs. Bounds its memory."""
_MIN_CHUNKS_PER_WORKER = 16  # at least, so that all workers finish at about the same time
_logger = logging.getLogger(__name__)


@dataclass
class ArchiveOutcome:
    """The result of correcting an archive.

    Attributes:
        corrected: How many photographs this call corrected.
        finished: How many photographs already had a result.
        failures: Path and reason of each photograph that was not corrected.
        not_tried: How many photographs remained when a disk was full.
        left: How many photographs were left almost unchanged, because they show no flash.
        report: Location of `failures.csv`, or `None` if it could not be written.
        seconds: Duration in seconds, including the listing.
    """

    corrected: int = 0
    finished: int = 0
    failures: list[Failure] = field(default_factory=list)
    not_tried: int = 0
    left: int = 0
    report: str | None = None
    seconds: float = 0.0


def correct_archive(
    sources: str | os.PathLike | Sequence[str | os.PathLike],
    output: str | os.PathLike,
    *,
    workers: int | None = None,
    address: str | None = None,
    settings: CorrectionSettings | None = None,
    output_settings: OutputSettings | None = None,
    **changes: Any,
) -> ArchiveOutcome:
    """Correct all photographs in folders and their subfolders, with single-threaded workers.

    The output mirrors the folder structure. Finished photographs are skipped, so the same call
    resumes a stopped job. A photograph that cannot be corrected is reported and does not stop the
    others. If a worker is killed, its photographs are corrected again. A full disk ends the work.

    Args:
        sources: Folders and photographs, or one of them. Either paths, which must be the same on
            all machines, or URLs of stores that fsspec supports, for example
            `"s3://bucket/photos"`.
        output: The folder for the results, outside the sources, a path or a URL.
        workers: Number of worker processes, by default the number of cores.
        address: Address of the Ray cluster. See `keras_f2a.distributed.ray_session.ray_session`.
        settings: How to correct. The workers do not need access to the model's file.
        output_settings: How to read photographs and write results. With `force`, finished
            photographs are corrected again and their results replaced.
        **changes: Values of either settings by name, for example ``strength=0.5, force=True``.

    Returns:
        The counts and the failures. `failures.csv` in the output lists the failures too.

    Raises:
        InputError: Sources, output, model, workers or address are not usable.
        WorkError: The job could not be finished. Finished results are kept.
    """
    start_time = time.monotonic()
    if workers is not None:
        check_workers(workers)
    if isinstance(sources, str | os.PathLike):
        sources = [sources]
    output = absolute_location(str(output))
    plan_sources = find_sources([absolute_location(str(source)) for source in sources], output)
    open_folder(output)
    settings, output_settings = changed_settings(changes, settings, output_settings)
    check_model(settings)  # Raises errors in the settings here instead of in the workers.
    with ExitStack() as session:
        with written_probe(output) if is_remote(output) else nullcontext() as probe:
            session.enter_context(ray_session(address, cpus=workers))
            if probe is not None:
                _in_another_process(check_probe, output, probe)
        plan = plan_archive(
            plan_sources, output, force=output_settings.force, list_folders=_list_folders
        )
        if not is_remote(output):
            writable_folder(output, "output")
        job = ArchiveJob(
            sources=tuple(plan.sources),
            output=output,
            model=copied_files(settings.model),
            settings=settings_for_copies(settings),
            output_settings=output_settings,
        )
        run = _Run(plan, job, workers or cluster_cpus())
        run.correct()
    run.outcome.report = _write_report(output, run.outcome.failures)
    run.outcome.seconds = time.monotonic() - start_time
    return run.outcome


def _write_report(output: str, failures: list[Failure]) -> str | None:
    try:
        return write_report(output, failures)
    except (WorkError, OSError) as error:  # A full disk should not hide the counts.
        _logger.error(one_line(error))
        return None


class _Run:
    """Runs a job and counts its results."""

    def __init__(self, plan: ArchivePlan, job: ArchiveJob, workers: int):
        self._plan, self._job, self._workers = plan, job, workers
        self.outcome = ArchiveOutcome(finished=plan.finished, failures=list(plan.failures))
        for note in plan.ignored.notes():
            _logger.info(note)
        for failure in plan.failures:
            _log_failure(failure)
        _logger.info(
            f"{counted(plan.left, 'photograph')} for {counted(workers, 'worker')}, "
            f"{plan.finished:,} finished before"
        )

    def correct(self) -> None:
        """Submit all chunks, thousands at a time, until they are done or a disk is full."""
        size = self._plan.left // (self._workers * _MIN_CHUNKS_PER_WORKER)
        chunks = self._chunks(min(max(size, 1), MAX_CHUNK_SIZE))
        self._progress = ArchiveProgress(self._plan.left)
        done = 0
        try:
            while batch := list(islice(chunks, CHUNKS_PER_BATCH)):
                for attempted, full in self._correct_chunks(batch):
                    done += attempted
                    if full:
                        self.outcome.not_tried = self._plan.left - done
                        if note := stopped_note(self.outcome.not_tried):
                            _logger.warning(note)
                        return
        finally:
            self._progress.close()

    def _chunks(self, size: int) -> Iterator[Chunk]:
        taken = self._plan.taken
        for source, names in self._plan.chunks(size):
            without_png = [n for n in names if taken and png_of(result_name(n)) in taken]
            yield source, names, without_png

    def _correct_chunks(self, chunks: list[Chunk]) -> Iterator[tuple[int, bool]]:
        """Yield how many photographs were tried and whether a disk is full, chunk by chunk."""
        lost = []
        for chunk, result in correct_chunks(chunks, self._job, self._workers):
            if result is None:
                lost.append(chunk)
            else:
                yield self._record(result), result.full
        # Retry each photograph alone, so that the one that crashes its worker affects no others.
        for source, names, without_png in lost:
            for name in names:
                single = (source, [name], without_png)
                for _, result in correct_chunks([single], self._job, 1):
                    result = result or ChunkResult(0, [self._crash_failure(source, name)])
                    yield self._record(result), result.full

    def _record(self, result: ChunkResult) -> int:
        self.outcome.corrected += result.corrected
        self.outcome.left += result.left
        for path, reason in result.failures:
            self.outcome.failures.append((path, reason))
            _log_failure((path, reason))
        for note in result.notes:
            _logger.warning(note)
        self._progress.count(result.corrected, len(result.failures))
        return result.corrected + len(result.failures)

    def _crash_failure(self, source: int, name: str) -> Failure:
        path = self._plan.sources[source].shown(name)
        return path, f"its worker crashed {MAX_ATTEMPTS} times"


def _log_failure(failure: Failure) -> None:
    path, reason = failure
    _logger.warning(f"skipped {printable(path)}: {reason}")


def _in_another_process(function: Callable, *arguments: Any) -> None:
    """Call a function in a process like a worker's, and raise the exception that it raises."""
    try:
        ray.get(ray.remote(num_cpus=0)(function).remote(*arguments))
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None


def _list_folders(locations: list[str]) -> list[Listing]:
    """List folders. Separate processes list stores in parallel, so that their memory is freed."""
    task = ray.remote(num_cpus=0)(list_sequentially)
    pending = {location: task.remote([location]) for location in filter(is_remote, locations)}
    listings = []
    try:
        for location in locations:
            if location in pending:
                listings.append(ray.get(pending[location])[0])
            else:
                listings.append(list_sequentially([location])[0])
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    return listings
