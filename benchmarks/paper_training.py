"""Estimates the time of the paper's training on one GPU, and measures steps if there is one.

    python -m benchmarks.paper_training            # the table, from the networks' own layers
    python -m benchmarks.paper_training --measure  # and steps on the first GPU of TensorFlow

The table is for a training of 1,000 epochs over 969 pairs at 224×224 pixels. The time of a layer is
that of its operations or of its memory traffic, whichever is longer. Rates are NVIDIA's published
ones for an H100 SXM without sparsity. Real kernels reach at most two thirds of them.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

IMAGES = 969 * 1000
SIDE = 224
BATCH = 4
BANDWIDTH = 3.35e12
RATES = {"float32": 67e12, "TF32": 494.7e12, "bfloat16": 989.4e12}
"""Operations per second. TF32 and bfloat16 run on the tensor cores."""
BYTES = {"float32": 4, "TF32": 4, "bfloat16": 2}
_PIPELINE_RATE = 900.0
"""Images per second that one core crops, flips and batches, from `benchmarks.train_step`."""


@dataclass(frozen=True)
class Work:
    """The work of one layer for one image in a training step.

    Attributes:
        name: Name of the layer.
        forward: Operations of the forward pass. A multiply-add counts as two.
        passes: Number of passes with as many operations: one forward, and one backward each for
            the gradients of the weights and of the input.
        values: Number of values in the input and the output.
        weights: Number of values in the kernel and the bias, read once per batch and pass.
    """

    name: str
    forward: float
    passes: int
    values: int
    weights: int

    @property
    def operations(self) -> float:
        """Operations of a whole step for one image."""
        return self.forward * self.passes

    def bytes(self, precision: str, batch: int = BATCH) -> float:
        """Return the memory traffic of a step for one image: all values in every pass."""
        return self.passes * (self.values + self.weights / batch) * BYTES[precision]

    def seconds(self, precision: str) -> float:
        """Return the minimum time for one image."""
        return max(self.operations / RATES[precision], self.bytes(precision) / BANDWIDTH)


def paper_work() -> Iterator[Work]:
    """Yield the work of each layer with weights in the paper's generator and discriminator.

    The frozen encoder has only a forward pass. The decoder's first layer needs no gradient of its
    input. The discriminator sees the generated image twice, for its own step and for the
    generator's, and the ambient image once.
    """
    import keras_f2a

    generator = keras_f2a.VGG16Generator((SIDE, SIDE, 3), encoder_weights=None, freeze_encoder=True)
    trained_below = False
    for layer in _with_weights(generator):
        yield _work(layer, 1 + layer.trainable + (layer.trainable and trained_below))
        trained_below |= layer.trainable
    discriminator = keras_f2a.PatchDiscriminator((SIDE, SIDE, 3))
    for layer in _with_weights(discriminator):
        # Its own step has real and fake images with both gradients. The generator's step has a
        # forward pass and the gradient of the image.
        yield _work(layer, 2 * 3 + 2, prefix="discriminator ")


def _with_weights(model) -> list:
    return [layer for layer in model.layers if layer.weights and hasattr(layer, "kernel")]


def _work(layer, passes: int, prefix: str = "") -> Work:
    inputs, outputs = layer.input.shape[1:], layer.output.shape[1:]
    transposed = "Transpose" in type(layer).__name__
    places = inputs if transposed else outputs  # positions of the kernel
    kernel = layer.kernel.shape
    size = 1
    for side in kernel:
        size *= side
    return Work(
        prefix + layer.name,
        2.0 * size * places[0] * places[1],
        passes,
        _product(inputs) + _product(outputs),
        size + (0 if layer.bias is None else outputs[-1]),
    )


def _product(shape) -> int:
    product = 1
    for side in shape:
        product *= side
    return product


def print_table(work: list[Work]) -> None:
    """Print a row for each layer, then the minimum time of the whole training."""
    print("| layer | GFLOP | MB (float32) | " + " | ".join(f"{p}, µs" for p in RATES) + " |")
    print("|---|---|---|" + "---|" * len(RATES))
    for layer in work:
        times = " | ".join(f"{layer.seconds(precision) * 1e6:.1f}" for precision in RATES)
        moved = layer.bytes("float32") / 1e6
        print(f"| {layer.name} | {layer.operations / 1e9:.2f} | {moved:.1f} | {times} |")
    total = sum(layer.operations for layer in work)
    print(f"\none image: {total / 1e9:.0f} GFLOP; {IMAGES:,} images: {total * IMAGES:.3g} FLOP")
    for precision, rate in RATES.items():
        seconds = sum(layer.seconds(precision) for layer in work)
        bound_by_bytes = sum(
            layer.seconds(precision)
            for layer in work
            if layer.bytes(precision) / BANDWIDTH > layer.operations / rate
        )
        print(
            f"{precision}: at least {seconds * IMAGES / 3600:.2f} hours, {1 / seconds:,.0f} "
            f"images/s; layers bound by memory take {bound_by_bytes / seconds:.0%}; the input "
            f"pipeline needs {1 / seconds / _PIPELINE_RATE:.1f} cores"
        )


def measure() -> int:
    """Time steps on the first GPU and print their share of the published rate.

    Returns:
        The exit code, 1 if TensorFlow sees no GPU.
    """
    import tensorflow as tf

    if not tf.config.list_physical_devices("GPU"):
        print("TensorFlow sees no GPU, so nothing was measured")
        return 1
    from benchmarks.train_step import GFLOP_PER_IMAGE, build_step, seconds

    for name, policy, tensor_cores in (
        ("float32", "float32", False),
        ("TF32", "float32", True),
        ("bfloat16", "mixed_bfloat16", True),
    ):
        tf.config.experimental.enable_tensor_float_32_execution(tensor_cores)
        for batch in (BATCH, 32):
            step = build_step(policy, batch)
            for _ in range(5):
                step()
            rate = batch / min(seconds(step) for _ in range(20))
            efficiency = rate * GFLOP_PER_IMAGE * 1e9 / RATES[name]
            print(
                f"{name}, batch {batch}: {rate:.1f} images/s, {efficiency:.0%} of the "
                "published rate"
            )
    return 0


def main() -> int:
    """Print the table and, on request, measurements on a GPU. Return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--measure", action="store_true", help="also time steps on a GPU")
    options = parser.parse_args()
    print_table(list(paper_work()))
    return measure() if options.measure else 0


if __name__ == "__main__":
    sys.exit(main())
