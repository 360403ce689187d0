"""Compares two post-training quantizers on the same float32 file: TensorFlow's and LiteRT's own.

    python -m benchmarks.export_quantizers --model RUN [--data DIR] [--size 320x240]

The exporter uses the better one, litert-quantizer.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tensorflow as tf
from keras_f2a.export.generator import inference_model, load_exportable
from keras_f2a.export.held_out import HeldOut, held_out
from keras_f2a.export.pairs import load_export_pairs
from keras_f2a.export.probe import run_tflite
from keras_f2a.export.settings import ImageSize
from keras_f2a.export.tflite import INPUT, OUTPUT, SIGNATURE, convert_float32
from keras_f2a.export.tflite_file import operators
from keras_f2a.export.tflite_formats import quantize

from benchmarks.options import at_least
from keras_f2a.data.scenes import BUNDLED_SCENES


def quantize_with_tensorflow(network, size: ImageSize, images: list[np.ndarray]) -> bytes:
    """Convert a network with TensorFlow's quantizer to int8, with float32 input and output."""
    module = tf.Module()
    module.weights = [weight.value for weight in network.weights]
    module.correct = tf.function(
        lambda flash: {OUTPUT: network(flash, training=False)},
        input_signature=[tf.TensorSpec((1, *size, 3), tf.float32, name=INPUT)],
    )
    with TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures={SIGNATURE: module.correct})
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[SIGNATURE])
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ({INPUT: image} for image in images)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        return converter.convert()


def main() -> None:
    """Print parity, PSNR against ambient, latency, size and operators of both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="run directory or .keras file")
    parser.add_argument("--data", default=BUNDLED_SCENES, help="folder with train/ and test/ pairs")
    parser.add_argument("--size", default="320x240", help="WIDTHxHEIGHT")
    parser.add_argument("--threads", type=at_least(1), default=2)
    options = parser.parse_args()
    generator, pairs = load_exportable(options.model).model, load_export_pairs(options.data)
    size = ImageSize.parse(options.size)
    data = held_out(generator, pairs.held_out, size)
    network = inference_model(generator, size, batch_size=1)
    images = pairs.calibration_images(size)
    tensorflow_file = quantize_with_tensorflow(network, size, images)
    show("TensorFlow", tensorflow_file, data, options.threads)
    litert_file = quantize(convert_float32(network, size), images)
    show("litert-quantizer", litert_file, data, options.threads)


def show(name: str, content: bytes, data: HeldOut, threads: int) -> None:
    """Print a file's results on the held-out pairs."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        path.write_bytes(content)
        run = run_tflite(path, data.flash, threads)
    parity = data.compare(run.outputs)
    print(
        f"{name:<17} parity {parity.parity:.2f} dB (worst {parity.worst_parity:.2f}), "
        f"PSNR {parity.psnr:.3f} dB ({parity.psnr_change:+.3f}), SSIM {parity.ssim:.4f}, "
        f"{1000 * run.seconds:.1f} ms, {len(content) / 1e6:.2f} MB"
    )
    print(f"  {operators(content)}")


if __name__ == "__main__":
    main()
