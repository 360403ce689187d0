"""Checks everything about a run that can be checked before a network is built."""

from dataclasses import dataclass

import tensorflow as tf

from keras_f2a.runs.devices import check_share, choose_strategy
from keras_f2a.runs.run_data import RunData, load_run_data
from keras_f2a.runs.run_directory import RunDirectory
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.runs.workers.group import WorkerGroup
from keras_f2a.runs.workers.handover import meet_the_others


@dataclass(frozen=True)
class CheckedRun:
    """A run whose settings, data and directory have been checked.

    Attributes:
        settings: Resolved settings.
        directory: The run directory, which exists and is writable.
        data: The decoded pairs.
        strategy: The devices.
        group: The workers of a `multi_worker` run, all of which train together.
    """

    settings: TrainingSettings
    directory: RunDirectory
    data: RunData
    strategy: tf.distribute.Strategy
    group: WorkerGroup | None

    @property
    def is_chief(self) -> bool:
        """Whether this process writes the run directory. A single process always does."""
        return self.group is None or self.group.is_chief

    @property
    def shard(self) -> tuple[int, int]:
        """(index, number) of this process among those that share each batch."""
        return (0, 1) if self.group is None else (self.group.index, len(self.group))

    @property
    def replicas_here(self) -> int:
        """Number of consecutive batches that this process prepares for its own devices."""
        return 1 if self.group is None else len(self.strategy.extended.worker_devices)


def check_run(
    settings: TrainingSettings, directory: RunDirectory, group: WorkerGroup | None
) -> CheckedRun:
    """Check everything that can be checked before a network is built.

    Args:
        settings: Resolved settings.
        directory: The run directory, opened.
        group: The workers of a `multi_worker` run.

    Raises:
        InputError: Data, run directory or devices are not usable, or the workers differ.
        WorkError: A worker did not come in time.
    """
    data = load_run_data(settings.pairs)
    directory.check_same_run(settings, data.description)
    if group is not None:
        meet_the_others(group, directory, settings=settings, data=data)
    machine = settings.machine
    strategy = choose_strategy(machine.strategy, machine.virtual_devices)
    check_share(settings.pairs.batch_size, strategy.num_replicas_in_sync)
    return CheckedRun(settings, directory, data, strategy, group)
