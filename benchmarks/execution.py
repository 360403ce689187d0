"""Compares how TensorFlow can run training steps: `python -m benchmarks.execution`.

Times `model.fit` with one step per call of the compiled function, with several, and with XLA, in
alternation in one process. Prints seconds per step and the time divided by that of the first
variant. The target ensures that `steps_per_execution` costs nothing. XLA has no target, because we
advise against it on a CPU.
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf

import keras_f2a
from benchmarks.options import at_least
from benchmarks.rows import Row, print_rows
from benchmarks.train_step import seconds

STEPS = 8
MAX_STEPS_RATIO = 1.05
_VARIANTS: dict[str, dict] = {
    "one step per call": {},
    f"{STEPS} steps per call": {"steps_per_execution": STEPS},
    "XLA": {"jit_compile": True},
}
_NETWORKS: dict[str, tuple[Callable[[], keras.Model], tuple[int, ...]]] = {
    "shipped": (
        lambda: keras_f2a.FlashToAmbient(keras_f2a.LightGenerator(), guided=False),
        (4, 240, 320, 3),
    ),
    "paper's": (
        lambda: keras_f2a.FlashToAmbient(
            keras_f2a.VGG16Generator(encoder_weights=None, freeze_encoder=True),
            keras_f2a.PatchDiscriminator(),
        ),
        (1, 224, 224, 3),
    ),
}


def execution_rows(network: str, rounds: int) -> list[Row]:
    """Return the time of each variant divided by that of the first.

    Args:
        network: `"shipped"` or `"paper's"`.
        rounds: Number of runs of each variant, with `STEPS` steps each, in alternation.
    """
    make, shape = _NETWORKS[network]
    work = {variant: _fit(make(), shape, options) for variant, options in _VARIANTS.items()}
    times: dict[str, list[float]] = {variant: [] for variant in work}
    for _ in range(rounds):
        for variant, call in work.items():
            times[variant].append(seconds(call) / STEPS)
    median = {variant: statistics.median(values) for variant, values in times.items()}
    single_step, multi_step, compiled = median.values()
    return [
        Row(f"{network} network, {STEPS} steps per call / one", multi_step / single_step,
            MAX_STEPS_RATIO, detail=f"{multi_step:.3f} s / {single_step:.3f} s per step"),
        Row(f"{network} network, with XLA / without", compiled / single_step,
            None, detail=f"{compiled:.3f} s / {single_step:.3f} s per step"),
    ]  # fmt: skip


def _fit(model: keras.Model, shape: tuple[int, ...], options: dict) -> Callable[[], object]:
    """Compile and warm up a model, and return a function that trains it for `STEPS` steps."""
    model.compile(**options)
    flash = np.random.default_rng(0).random(shape, np.float32)
    batch = tf.data.Dataset.from_tensors((flash, np.sqrt(flash))).repeat()

    def train() -> object:
        return model.fit(batch, steps_per_epoch=STEPS, verbose=0)

    train()
    return train


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the results and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rounds", type=at_least(1), default=5, help="rounds of each way (default: 5)"
    )
    parser.add_argument("--networks", nargs="+", choices=_NETWORKS, default=list(_NETWORKS))
    options = parser.parse_args(arguments)
    rows = (row for name in options.networks for row in execution_rows(name, options.rounds))
    return 0 if print_rows(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
