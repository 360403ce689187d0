"""Runs a SavedModel in a separate process with TensorFlow but without the package.

    python saved_model_probe.py FOLDER IMAGES.npy OUTPUTS.npy

IMAGES is float32 (number, height, width, 3). OUTPUTS has the output of `correct_tensor` for each
image. `serving_default` runs on all images as one batch of PNG files. Its results must be the same
after rounding to 8 bits, within one level. Prints the measurements as JSON.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from measure import measure


def main() -> None:
    """Run both signatures on every image and time `correct_tensor`."""
    folder, images, outputs = sys.argv[1:]
    signatures = tf.saved_model.load(folder).signatures
    images = np.load(images)

    def correct(image):
        return signatures["correct_tensor"](flash=tf.constant(image))["ambient"].numpy()

    results, report = measure(correct, images)
    np.save(outputs, results)
    check_encoded(signatures["serving_default"], images, results)
    print(json.dumps(report))


def check_encoded(serving, images, results) -> None:
    """Compare encoded replies with the tensors' results, and exit if they differ."""
    files = [tf.io.encode_png(to_8_bit(image)) for image in images]
    responses = serving(image_bytes=tf.stack(files))["ambient_bytes"].numpy()
    for index, (response, image) in enumerate(zip(responses, results, strict=True)):
        difference = np.abs(tf.io.decode_png(response).numpy().astype(int) - to_8_bit(image)).max()
        if difference > 1:
            sys.exit(f"serving_default differs from correct_tensor on item {index}")


def to_8_bit(image) -> np.ndarray:
    """Round RGB in [0, 1] to uint8."""
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)


if __name__ == "__main__":
    main()
