"""Hands chunks of an archive to workers, on Ray Data, and survives workers that are killed."""

import json
import logging
import warnings
from collections.abc import Iterator, Sequence

from keras_f2a.distributed.archive_worker import ArchiveJob, ArchiveWorker, ChunkResult
from keras_f2a.distributed.ray_session import ray
from keras_f2a.support.errors import WorkError, one_line

Chunk = tuple[int, list[str], list[str]]
"""(index of the source, names, those of them whose PNG is another photograph's)."""
TIMES_TRIED = 3
"""How often a chunk is begun whose workers are killed."""


def correct_chunks(
    chunks: Sequence[Chunk], job: ArchiveJob, workers: int, *, worker: type = ArchiveWorker
) -> Iterator[tuple[Chunk, ChunkResult | None]]:
    """Give each chunk with its result, in the order in which they are done.

    Args:
        chunks: What is to be corrected; what a killed worker had begun is given out again.
        job: What all workers share.
        workers: How many processes, each with one core.
        worker: What each of them makes of the job and calls with its chunks.

    Yields:
        Each chunk with what became of it; the last ones with `None`: those whose workers were
        killed `TIMES_TRIED` times.

    Raises:
        WorkError: No worker can start, or the cluster is lost.
    """
    _be_quiet()
    rows = [{"chunk": number, "photos": json.dumps(chunk)} for number, chunk in enumerate(chunks)]
    with warnings.catch_warnings():
        # How often to try is passed in a way that Ray 2.64 will have no longer; it is pinned.
        warnings.filterwarnings("ignore", "`ray_remote_args` is deprecated")
        # One block each: a worker is given one after the other, and its result is seen at once.
        dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
            worker,
            fn_constructor_args=[job],
            compute=ray.data.ActorPoolStrategy(
                size=min(workers, len(rows)), max_tasks_in_flight_per_actor=2
            ),
            num_cpus=1,
            max_restarts=-1,
            max_task_retries=TIMES_TRIED - 1,
        )
    waiting = set(range(len(chunks)))
    try:
        for row in dataset.iter_rows():
            waiting.remove(row["chunk"])
            yield chunks[row["chunk"]], ChunkResult(*json.loads(row["result"]))
    except ray.exceptions.RayError as error:
        raise WorkError(
            f"the workers stopped ({_cause(error)}); finished results are kept: fix this and "
            "repeat the call"
        ) from error
    yield from ((chunks[number], None) for number in sorted(waiting))


def _be_quiet() -> None:
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_errored_blocks = -1  # A lost chunk is no reason to stop.
    for name in ("ray.data", "ray"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _cause(error: Exception) -> str:
    """Return the last line of a remote traceback says what it was."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return one_line(lines[-1].partition("Error: ")[2] or lines[-1]) if lines else one_line(error)
