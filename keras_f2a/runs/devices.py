"""The devices and the distribution strategy of a training run."""

import contextlib
import functools

import tensorflow as tf

from keras_f2a.runs.workers.strategy import create_strategy
from keras_f2a.support.errors import InputError


def choose_strategy(
    strategy: str = "auto", virtual_devices: int | None = None
) -> tf.distribute.Strategy:
    """Choose where to train: on all GPUs together or on one device.

    Args:
        strategy: `"auto"` is `MirroredStrategy` if there are several GPUs, otherwise one device.
            `"mirrored"` is `MirroredStrategy` over all GPUs, or over all CPU devices if there is no
            GPU or the CPU is split. `"single"` is one device. `"multi_worker"` is all devices of
            all workers that `TF_CONFIG` names.
        virtual_devices: Number of devices to split the CPU into first, for `"mirrored"`. This works
            only before TensorFlow has used the CPU.

    Raises:
        InputError: TensorFlow is already in use, so that this strategy is not possible.
    """
    if virtual_devices is not None:
        _split_cpu(virtual_devices)
    if strategy == "multi_worker":
        return _multi_worker_strategy()
    _grow_memory_as_needed()
    gpus = [device.name for device in tf.config.list_logical_devices("GPU")]
    if strategy == "mirrored":
        cpus = [device.name for device in tf.config.list_logical_devices("CPU")]
        use_cpus = virtual_devices is not None or not gpus
        return _mirrored_strategy(tuple(cpus if use_cpus else gpus))
    if strategy == "auto" and len(gpus) > 1:
        return _mirrored_strategy(tuple(gpus))
    return tf.distribute.OneDeviceStrategy(gpus[0] if gpus else "/cpu:0")


def check_share(batch_size: int, devices: int) -> None:
    """Raise an `InputError` if devices cannot share a batch evenly."""
    if batch_size % devices:
        raise InputError(
            f"must be a multiple of the {devices} devices", setting="batch_size", value=batch_size
        )


def describe(strategy: tf.distribute.Strategy) -> str:
    """Return a description of the devices, for example `"2 × GPU (MirroredStrategy)"`."""
    device_types = [device.split(":")[-2] for device in strategy.extended.worker_devices]
    name = type(strategy).__name__.removeprefix("Keras")
    workers = strategy.num_replicas_in_sync // len(device_types)
    per_worker = f" in each of {workers} workers" if workers > 1 else ""
    return f"{len(device_types)} × {device_types[0]}{per_worker} ({name})"


def _grow_memory_as_needed() -> None:
    # TensorFlow refuses this if the caller has already used the GPUs. Then their choice holds.
    with contextlib.suppress(RuntimeError):
        for gpu in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(gpu, True)


@functools.cache
def _multi_worker_strategy() -> tf.distribute.Strategy:
    """Return the only strategy of this process, because its connections cannot be made twice."""
    _grow_memory_as_needed()
    try:
        return create_strategy()
    except RuntimeError as error:
        raise InputError(
            "TensorFlow is in use already; start a new process",
            setting="strategy",
            value="multi_worker",
        ) from error


@functools.cache
def _mirrored_strategy(devices: tuple[str, ...]) -> tf.distribute.Strategy:
    """Return the only strategy of this process for these devices.

    A second strategy would number its collective operations from the start again. TensorFlow would
    then mistake them for those of the first strategy, whose shapes differ.
    """
    return tf.distribute.MirroredStrategy(devices)


def _split_cpu(count: int) -> None:
    cpu = tf.config.list_physical_devices("CPU")[0]
    devices = [tf.config.LogicalDeviceConfiguration()] * count
    if len(tf.config.get_logical_device_configuration(cpu) or []) == count:
        return
    try:
        tf.config.set_logical_device_configuration(cpu, devices)
    except RuntimeError as error:
        raise InputError(
            "TensorFlow already uses the CPU; start a new process", setting="virtual_devices"
        ) from error
