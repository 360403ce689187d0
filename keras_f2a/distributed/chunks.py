"""Distributes chunks of an archive to workers with Ray Data and tolerates killed workers."""

import json
import logging
import warnings
from collections.abc import Iterator, Sequence

from keras_f2a.distributed.archive_worker import ArchiveJob, ArchiveWorker, ChunkResult
from keras_f2a.distributed.ray_session import ray
from keras_f2a.support.errors import WorkError, one_line

Chunk = tuple[int, list[str], list[str]]
"""(index of the source, names, names whose PNG alternative is another photograph's target)."""
MAX_ATTEMPTS = 3
"""How many times a chunk is tried if its workers are killed."""


def correct_chunks(
    chunks: Sequence[Chunk], job: ArchiveJob, workers: int, *, worker: type = ArchiveWorker
) -> Iterator[tuple[Chunk, ChunkResult | None]]:
    """Yield each chunk with its result, in the order in which they finish.

    Args:
        chunks: The chunks to correct. The chunk of a killed worker is submitted again.
        job: The job that all workers share.
        workers: Number of processes, each with one core.
        worker: Class that each process creates with the job and calls with its chunks.

    Yields:
        Each chunk with its result. The result is `None` for chunks whose workers were killed
        `MAX_ATTEMPTS` times. These come last.

    Raises:
        WorkError: No worker can start, or the cluster is lost.
    """
    _silence_ray()
    rows = [{"chunk": index, "photos": json.dumps(chunk)} for index, chunk in enumerate(chunks)]
    with warnings.catch_warnings():
        # Ray 2.64 removes this way to set the number of retries, but Ray's version is pinned.
        warnings.filterwarnings("ignore", "`ray_remote_args` is deprecated")
        # With one chunk in a block, workers get them one by one, and each result comes at once.
        dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
            worker,
            fn_constructor_args=[job],
            compute=ray.data.ActorPoolStrategy(
                size=min(workers, len(rows)), max_tasks_in_flight_per_actor=2
            ),
            num_cpus=1,
            max_restarts=-1,
            max_task_retries=MAX_ATTEMPTS - 1,
        )
    pending = set(range(len(chunks)))
    try:
        for row in dataset.iter_rows():
            pending.remove(row["chunk"])
            yield chunks[row["chunk"]], ChunkResult(*json.loads(row["result"]))
    except ray.exceptions.RayError as error:
        raise WorkError(
            f"the workers stopped ({_cause(error)}); finished results are kept, so fix this and "
            "repeat the call"
        ) from error
    yield from ((chunks[index], None) for index in sorted(pending))


def _silence_ray() -> None:
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_errored_blocks = -1  # Do not stop for lost chunks.
    for name in ("ray.data", "ray"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _cause(error: Exception) -> str:
    """Return the message in the last line of a remote traceback."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return one_line(lines[-1].partition("Error: ")[2] or lines[-1]) if lines else one_line(error)
