"""Creates, locks and checks the run directory that this process writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from keras_f2a.runs.run_directory import CHECKPOINTS, RunDirectory
from keras_f2a.runs.run_lock import locked
from keras_f2a.runs.workers.group import WorkerGroup
from keras_f2a.runs.workers.handover import ScratchRunDirectory
from keras_f2a.support.folders import writable_folder


@contextmanager
def own_directory(run_dir: str, final: str, group: WorkerGroup | None) -> Iterator[RunDirectory]:
    """Open a run directory and lock it against other processes while the block runs.

    Of several workers, only the chief writes it. The others take part in everything that the chief
    does, even in writing files, but keep nothing.

    Args:
        run_dir: The directory, created if missing.
        final: Which generator the run should leave, `"last"` or `"best"`.
        group: The workers of a `multi_worker` run.

    Raises:
        InputError: The directory cannot be written, another process trains in it, or a file in it
            is damaged.
    """
    if group is not None and not group.is_chief:
        yield ScratchRunDirectory()
        return
    folder = writable_folder(run_dir, "run_dir")
    writable_folder(folder / CHECKPOINTS, "run_dir")
    with locked(folder):
        directory = RunDirectory(run_dir)
        directory.check_files(final)
        yield directory
