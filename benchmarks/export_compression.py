"""Measures the effect of pruning and weight clustering on compressed size and PSNR.

    python -m benchmarks.export_compression --model RUN [--data DIR] [--size 320x240] [--steps 400]

A generator's twin in tf_keras is fine-tuned with the reconstruction loss in three variants:
unchanged, with half of its weights pruned, and with its weights clustered to 16 values. Each is
then converted to int8.
"""

import argparse
import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import tensorflow as tf
import tf_keras
from keras_f2a.export.generator import load_exportable
from keras_f2a.export.held_out import HeldOut, held_out
from keras_f2a.export.pairs import load_export_pairs
from keras_f2a.export.probe import run_tflite
from keras_f2a.export.settings import ImageSize
from keras_f2a.export.tflite import convert_float32
from keras_f2a.export.tflite_formats import quantize
from keras_f2a.export.twin import build_twin
from tensorflow_model_optimization import clustering, sparsity

from benchmarks.options import at_least
from keras_f2a.data.pipeline import training_dataset
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.data.settings import PairSettings
from keras_f2a.training.losses import reconstruction_loss

SPARSITY = 0.5
CLUSTERS = 16
LEARNING_RATE = 1e-4
BATCH_SIZE, CROP = 4, 96


def prune(twin: tf_keras.Model, train) -> tf_keras.Model:
    """Return the twin, fine-tuned with the smaller half of each kernel's weights set to 0."""
    schedule = sparsity.keras.ConstantSparsity(SPARSITY, begin_step=0, frequency=10)
    model = sparsity.keras.prune_low_magnitude(twin, pruning_schedule=schedule)
    train(model, [sparsity.keras.UpdatePruningStep()])
    return sparsity.keras.strip_pruning(model)


def cluster(twin: tf_keras.Model, train) -> tf_keras.Model:
    """Return the twin, fine-tuned with `CLUSTERS` different weights in each kernel."""
    model = clustering.keras.cluster_weights(
        twin,
        number_of_clusters=CLUSTERS,
        cluster_centroids_init=clustering.keras.CentroidInitialization.KMEANS_PLUS_PLUS,
    )
    train(model, [])
    return clustering.keras.strip_clustering(model)


def fine_tune(twin: tf_keras.Model, train) -> tf_keras.Model:
    """Return the twin, fine-tuned for as many steps without other changes."""
    train(twin, [])
    return twin


def main() -> None:
    """Print a line for each variant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="run directory or .keras file")
    parser.add_argument("--data", default=BUNDLED_SCENES, help="folder with train/ and test/ pairs")
    parser.add_argument("--size", default="320x240", help="WIDTHxHEIGHT")
    parser.add_argument("--steps", type=at_least(1), default=400, help="steps of fine-tuning")
    options = parser.parse_args()
    generator, pairs = load_exportable(options.model).model, load_export_pairs(options.data)
    size = ImageSize.parse(options.size)
    data, images = held_out(generator, pairs.held_out, size), pairs.calibration_images(size)

    def train(model: tf_keras.Model, callbacks: list) -> None:
        model.compile(
            tf_keras.optimizers.Adam(LEARNING_RATE),
            lambda ambient, generated: tf.reduce_mean(reconstruction_loss(ambient, generated)),
        )
        batches = training_dataset(
            pairs.training, PairSettings(batch_size=BATCH_SIZE, crop_size=CROP)
        )
        model.fit(batches, steps_per_epoch=options.steps, callbacks=callbacks, verbose=0)

    show("as it is", quantize(convert_float32(build_twin(generator), size), images), data)
    for name, change in (("tuned", fine_tune), ("pruned", prune), ("clustered", cluster)):
        network = change(build_twin(generator), train)
        show(name, quantize(convert_float32(network, size), images), data)


def show(name: str, content: bytes, data: HeldOut) -> None:
    """Print a file's plain and compressed size, its PSNR against ambient, and its latency."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        path.write_bytes(content)
        run = run_tflite(path, data.flash, threads=2)
    compressed = len(gzip.compress(content, 9))
    print(
        f"{name:<10} {len(content) / 1e6:6.3f} MB, compressed {compressed / 1e6:6.3f} MB, "
        f"PSNR {data.compare(run.outputs).psnr:.3f} dB, {1000 * run.seconds:.1f} ms"
    )


if __name__ == "__main__":
    main()
