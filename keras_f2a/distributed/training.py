"""Trains a run with many workers on Ray Train, which restarts them if one is lost."""

import logging
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from keras_f2a.distributed.ray_session import check_workers, ray, ray_session
from keras_f2a.distributed.worker_lines import forward_lines, forwarded_lines
from keras_f2a.runs.own_directory import own_directory
from keras_f2a.runs.recorded_settings import settings_from
from keras_f2a.runs.run_data import load_run_data
from keras_f2a.runs.run_directory import RunDirectory
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.runs.training_result import read_outcome
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import InputError, WorkError, one_line

RESTARTS = 10
"""How many times the workers of a run are restarted before it fails."""
_logger = logging.getLogger(__name__)


def train_with_workers(
    settings: TrainingSettings,
    workers: int,
    *,
    gpus_per_worker: int = 0,
    address: str | None = None,
) -> str:
    """Train like `keras_f2a.runs.train`, with several processes, and continue if one is lost.

    The run directory is the same as for a run with one process. With several machines, the run
    directory and the data must have the same paths on all of them.

    Args:
        settings: The settings. `strategy` is always set to `"multi_worker"`.
        workers: Number of processes. Each gets an equal share of every batch.
        gpus_per_worker: Number of GPUs for each process. With 0, each trains on one CPU core.
        address: Address of the Ray cluster. See `keras_f2a.distributed.ray_session.ray_session`.

    Returns:
        The run directory.

    Raises:
        InputError: Settings, data, run directory or address are not usable.
        WorkError: The run could not be finished. Its last checkpoint is kept.
    """
    settings = settings.changed(strategy="multi_worker").resolved()
    folders = {"run_dir": settings.run_dir, "data": settings.pairs.data}
    absolute_paths = {
        name: str(Path(path).absolute()) for name, path in folders.items() if path is not None
    }
    settings = settings.changed(**absolute_paths)
    _check(settings, workers, gpus_per_worker)
    gpus = workers * gpus_per_worker
    with ray_session(address, cpus=workers):
        _check_resources(workers, gpus)
        _logger.info(f"training with {counted(workers, 'worker')} in {settings.run_dir}")
        _fit(settings, workers, gpus_per_worker)
        result = read_outcome(settings, RunDirectory(settings.run_dir))
        if result is not None:
            _logger.info("\n".join(result.closing_lines()))
    return settings.run_dir


def _fit(settings: TrainingSettings, workers: int, gpus_per_worker: int) -> None:
    os.environ.setdefault("RAY_TRAIN_V2_ENABLED", "1")
    from ray import train
    from ray.train.tensorflow import TensorflowTrainer

    logging.getLogger("ray.train").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as storage, forwarded_lines() as lines:
        trainer = TensorflowTrainer(
            _train_worker,
            train_loop_config={
                "settings": settings.as_dict(),
                "gpus": gpus_per_worker,
                "lines": lines,
                "folder": str(Path.cwd()),
            },
            scaling_config=train.ScalingConfig(
                num_workers=workers,
                use_gpu=gpus_per_worker > 0,
                resources_per_worker={"CPU": 1, "GPU": gpus_per_worker},
            ),
            run_config=train.RunConfig(
                storage_path=storage, failure_config=train.FailureConfig(max_failures=RESTARTS)
            ),
        )
        try:
            trainer.fit()
        except Exception as error:  # Ray wraps the workers' exceptions in its own types.
            raise _find_cause(error) from error


def _check(settings: TrainingSettings, workers: int, gpus_per_worker: int) -> None:
    """Check everything that one process can check before starting others."""
    check_workers(workers)
    if gpus_per_worker < 0:
        raise InputError("must be at least 0", setting="gpus_per_worker", value=gpus_per_worker)
    if settings.pairs.batch_size % workers:
        raise InputError(
            f"must be a multiple of the {workers} workers",
            setting="batch_size",
            value=settings.pairs.batch_size,
        )
    with own_directory(settings.run_dir, settings.final, None) as directory:
        directory.check_same_run(settings, load_run_data(settings.pairs).description)


def _check_resources(workers: int, gpus: int) -> None:
    """Check that the cluster has enough CPUs and GPUs, because Ray would wait for them."""
    available = ray.cluster_resources()
    values = {"workers": workers, "gpus_per_worker": gpus // workers}
    for name, needed, setting in (("CPU", workers, "workers"), ("GPU", gpus, "gpus_per_worker")):
        if available.get(name, 0) < needed:
            raise InputError(
                f"the cluster has {available.get(name, 0):g} {name}s, but {needed} are needed; "
                "choose fewer or add machines",
                setting=setting,
                value=values[setting],
            )


def _train_worker(config: Mapping[str, Any]) -> None:
    """Train as one of the workers."""
    # Ray Train changes the current folder, which relative paths such as `start_from` refer to.
    with suppress(OSError):  # Another machine may not have this folder.
        os.chdir(config["folder"])
    if not config["gpus"]:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from keras_f2a.support.keras_backend import use_tensorflow
    from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

    use_tensorflow()
    import_tensorflow_quietly()
    import tensorflow as tf
    from ray import train

    from keras_f2a.runs.run import run_to_its_end

    if train.get_context().get_world_rank() == 0:  # All workers log the same lines.
        forward_lines(config["lines"])
    _check_gpus(config["gpus"])
    if not config["gpus"]:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    run_to_its_end(settings_from(config["settings"]))


def _check_gpus(needed: int) -> None:
    """Check that TensorFlow sees the GPUs, because it would silently train on the CPU."""
    import tensorflow as tf

    available = len(tf.config.list_physical_devices("GPU"))
    if available < needed:
        raise InputError(
            f"TensorFlow sees {available} of a worker's {needed} GPUs; install CUDA's libraries "
            "(tensorflow[and-cuda]), or train without GPUs",
            setting="gpus_per_worker",
            value=needed,
        )


def _find_cause(error: Exception) -> Exception:
    """Return the exception that the workers raised, preferably one of this package's."""
    errors = [*getattr(error, "worker_failures", {}).values(), error]
    for candidate in list(errors):
        cause = getattr(candidate, "cause", None) or candidate.__cause__
        errors += [cause] if cause is not None else []
    for error_type in (InputError, WorkError):
        for candidate in errors:
            if isinstance(candidate, error_type):
                return candidate
    return WorkError(
        f"the workers stopped ({one_line(errors[0])}); the last checkpoint is kept, so fix this "
        "and repeat the call"
    )
