"""Measures speed and memory of training: `python -m benchmarks.train_step`.

Prints the training steps' images per second and GFLOP per second in float32 and mixed_bfloat16, and
the machine's float32 matrix multiplication rate. They are measured in alternation in one process,
so that noise on the machine affects all of them equally. Also prints the rate of the input pipeline
and the peak memory, which is measured in a separate process.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

import keras_f2a
from benchmarks.options import at_least
from benchmarks.rows import Row
from keras_f2a.data.pairs import load_pairs
from keras_f2a.data.pipeline import training_dataset
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.data.settings import PairSettings

# Per image of 224×224 with a frozen encoder: forward 30.7 for the encoder and 54.8 for the decoder,
# backward about twice the decoder's forward, and 15 for the discriminator's passes.
GFLOP_PER_IMAGE = 205.0
# For the bundled network, per image of 320×240: forward 3.1, backward twice that.
SHIPPED_GFLOP_PER_IMAGE = 9.3
MIN_SHARE = 0.90
MIN_BFLOAT16_GAIN = 2.2
MIN_SHIPPED_SHARE = 0.5
CROP = 224
MATRIX = 4096


def build_step(precision: str, batch_size: int):
    """Return a function that runs one training step of the full-width network."""
    keras.config.set_dtype_policy(precision)
    generator = keras_f2a.VGG16Generator(encoder_weights=None, freeze_encoder=True)
    model = keras_f2a.FlashToAmbient(generator, keras_f2a.PatchDiscriminator())
    model.compile()
    keras.config.set_dtype_policy("float32")
    return _step(model, (batch_size, CROP, CROP, 3))


def build_shipped_step(batch_size: int) -> Callable[[], object]:
    """Return a function for a step of the bundled network: the recipe `light`, but in float32."""
    model = keras_f2a.FlashToAmbient(keras_f2a.LightGenerator(), guided=False)
    model.compile()
    return _step(model, (batch_size, 240, 320, 3))


def _step(model: keras.Model, shape: tuple[int, ...]) -> Callable[[], object]:
    flash = np.random.default_rng(0).random(shape, np.float32)
    batch = (tf.constant(flash), tf.constant(np.sqrt(flash)))
    model.train_on_batch(*batch)
    return lambda: model.train_on_batch(*batch)


def training_rows(batch_size: int = 4, rounds: int = 5) -> list[Row]:
    """Return the training steps' rates over that of matrix multiplication, in alternation.

    Args:
        batch_size: Images per step of the paper's network. The shipped network has twice as many.
        rounds: Number of steps of each kind.
    """
    work = _work(batch_size) | {"shipped": build_shipped_step(2 * batch_size)}
    median = _medians(work, rounds)
    matmul = _matmul_rate(median)
    rate = batch_size * GFLOP_PER_IMAGE / median["float32"]
    shipped = 2 * batch_size * SHIPPED_GFLOP_PER_IMAGE / median["shipped"]
    gain = median["float32"] / median["mixed_bfloat16"]
    reference = f"GFLOP/s of matmul's {matmul:.0f}"
    return [
        Row("paper's training step, float32, share of matmul", rate / matmul, MIN_SHARE, False,
            f"{rate:.0f} {reference}"),
        Row("speed of mixed_bfloat16 / float32", gain, MIN_BFLOAT16_GAIN, False,
            f"{median['mixed_bfloat16'] / batch_size:.2f} s per image"),
        Row("shipped network's training step, share of matmul", shipped / matmul,
            MIN_SHIPPED_SHARE, False, f"{shipped:.0f} {reference}"),
    ]  # fmt: skip


def seconds(work) -> float:
    """Return the wall-clock seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _work(batch_size: int) -> dict[str, Callable[[], object]]:
    matrix = tf.random.normal((MATRIX, MATRIX))
    multiply = tf.function(lambda: tf.reduce_sum(tf.matmul(matrix, matrix)))
    return {
        "matmul": lambda: multiply().numpy(),
        "float32": build_step("float32", batch_size),
        "mixed_bfloat16": build_step("mixed_bfloat16", batch_size),
    }


def _medians(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, call in work.items():
            times[name].append(seconds(call))
    return {name: statistics.median(values) for name, values in times.items()}


def _matmul_rate(median: dict[str, float]) -> float:
    """Return the matrix multiplication rate in GFLOP/s."""
    return 2 * MATRIX**3 / median["matmul"] / 1e9


def measure_steps(batch_size: int, rounds: int) -> None:
    """Print the step rates in both precisions and the rate of matrix multiplication."""
    median = _medians(_work(batch_size), rounds)
    matmul_rate = _matmul_rate(median)
    print(f"matmul {MATRIX}²         {matmul_rate:8.1f} GFLOP/s")
    for name in ("float32", "mixed_bfloat16"):
        rate = batch_size / median[name]
        flops = rate * GFLOP_PER_IMAGE
        print(
            f"{name:<16} {rate:8.3f} images/s  {1 / rate:.3f} s/image  {flops:6.1f} GFLOP/s  "
            f"{100 * flops / matmul_rate:.0f}% of matmul"
        )
    print(f"bfloat16 speed-up {median['float32'] / median['mixed_bfloat16']:6.2f} ×")
    pipeline = measure_pipeline(batch_size)
    ratio = pipeline / (batch_size / median["float32"])
    print(f"input pipeline   {pipeline:8.1f} images/s  {ratio:.0f} × the float32 step")


def measure_pipeline(batch_size: int) -> float:
    """Return the images per second of the cached input pipeline with crops and flips."""
    settings = PairSettings(batch_size=batch_size, crop_size=CROP)
    iterator = iter(training_dataset(load_pairs(BUNDLED_SCENES / "train"), settings))
    batches = 100
    for _ in range(10):
        next(iterator)
    return batches * batch_size / seconds(lambda: [next(iterator) for _ in range(batches)])


def measure_memory(batch_size: int) -> None:
    """Train a few steps in float32 and print the process's peak resident memory."""
    step = build_step("float32", batch_size)
    for _ in range(3):
        step()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"peak memory      {peak / 1e9:8.2f} GB  (batch {batch_size}, float32)")


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch-size", type=at_least(1), default=8)
    parser.add_argument("--rounds", type=at_least(1), default=5)
    parser.add_argument(
        "--memory", action="store_true", help="measure only the memory, in this process"
    )
    options = parser.parse_args()
    if options.memory:
        measure_memory(options.batch_size)
        return
    # Measure memory first, because a new process starts with the peak memory of its parent.
    command = [
        sys.executable,
        "-m",
        "benchmarks.train_step",
        "--memory",
        "--batch-size",
        str(options.batch_size),
    ]
    subprocess.run(command, check=True)
    measure_steps(options.batch_size, options.rounds)


if __name__ == "__main__":
    main()
