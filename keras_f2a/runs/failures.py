"""Reports whatever ends a run in one line, which says what is kept and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import tensorflow as tf

from keras_f2a.runs.checkpoint import averaged_weights, save_generator
from keras_f2a.runs.preparation import PreparedRun
from keras_f2a.support.errors import LostWorkerError, WorkError, one_line

_LOST_WORKER_ERRORS = (
    tf.errors.UnavailableError,
    tf.errors.InternalError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
)
# What TensorFlow raises for an error while it reads pairs from disk.
_READ_ERRORS = (tf.errors.InvalidArgumentError, tf.errors.UnknownError)


@contextmanager
def failures_in_one_line(run: PreparedRun) -> Iterator[None]:
    """Turn Ctrl-C and failures of machines, disks or files into a `WorkError`."""
    path = run.directory.path
    try:
        with _save_generator_on_interrupt(run):
            yield
    except OSError as error:
        raise WorkError(
            f"{path}: {one_line(error)}; the last checkpoint is kept, so fix this and repeat the "
            "call"
        ) from error
    except _LOST_WORKER_ERRORS as error:
        if run.group is None:
            raise
        raise LostWorkerError(
            f"{path}: another worker was lost; the last checkpoint is kept, so start all workers "
            "again"
        ) from error
    except _READ_ERRORS as error:
        if run.data.failure is None:
            raise
        raise WorkError(
            f"{path}: {run.data.failure}; the last checkpoint is kept, so fix this and repeat the "
            "call"
        ) from error
    except tf.errors.ResourceExhaustedError as error:
        raise WorkError(
            f"{path}: TensorFlow ran out of memory or disk space; the last checkpoint is kept, so "
            "make room and repeat the call, or choose a smaller `batch_size` or `crop_size` and "
            "another `run_dir`"
        ) from error


@contextmanager
def _save_generator_on_interrupt(run: PreparedRun) -> Iterator[None]:
    path = run.directory.interrupted_generator
    try:
        yield
    except KeyboardInterrupt as interrupt:
        # Before the first step there is no average yet.
        has_trained = run.model.optimizer.iterations.numpy() > 0
        averaged = averaged_weights(run.model) if has_trained else nullcontext()
        with averaged, run.directory.replacing(path) as temporary:
            save_generator(run.model, temporary)
        raise WorkError(
            f"stopped by {str(interrupt) or 'Ctrl-C'}; the current generator was saved as {path}; "
            "run the same call again to resume after the last finished epoch"
        ) from None
