"""Exactness: compares models with known effects to the same effects applied at full size."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a.correction.corrector import Corrector

TARGET = 1.5
_WORKING_SIZE = (240, 320)

# Each takes NumPy arrays or Keras tensors: an image (batch, height, width, 3) in [0, 1], and the
# vertical and horizontal positions of its pixels, from 0 to 1.
EFFECTS: dict[str, Callable] = {
    "identity": lambda image, down, across: image,
    "gamma 0.5": lambda image, down, across: (image + 1e-6) ** 0.5,
    "gamma 2": lambda image, down, across: image**2,
    "S-curve": lambda image, down, across: image * image * (3 - 2 * image),
    "highlights down": lambda image, down, across: 1.08 * image / (image + 0.35),
    "warm light": lambda image, down, across: image * np.array([1.0, 0.8, 0.55], np.float32),
    "local gain": lambda image, down, across: (
        image * (0.4 + 1.2 * across * (1 - across) + 0.8 * down)
    ),
    "local gamma": lambda image, down, across: (image + 1e-6) ** (0.6 + 0.8 * across),
}


def measure_exactness(flashes: Sequence[Path], output: Path | None) -> bool:
    """Print the mean absolute error of each effect and format. Return whether the target is met."""
    print(f"## Exactness (mean absolute error in 1/255, largest of {len(flashes)} photographs)")
    photos = [np.asarray(Image.open(path).convert("RGB")) for path in flashes]
    errors = []
    with tempfile.TemporaryDirectory() as folder:
        for name, effect in EFFECTS.items():
            keras_file, tflite_file = _save_models(effect, Path(folder))
            keras_errors = [_error(keras_file, effect, photo, is_rotated=False) for photo in photos]
            tflite_errors = [
                _error(tflite_file, effect, photo, is_rotated=_is_portrait(photo))
                for photo in photos
            ]
            errors += keras_errors + tflite_errors
            print(f"{name:16}  .keras {max(keras_errors):5.2f}   .tflite {max(tflite_errors):5.2f}")
            if output is not None:
                picture = Corrector(keras_file).correct(photos[0])
                Image.fromarray(picture).save(output / f"exactness_{name.replace(' ', '_')}.png")
    print(f"largest: {max(errors):.2f} (target: at most {TARGET})")
    return max(errors) <= TARGET


def _is_portrait(photo: np.ndarray) -> bool:
    return photo.shape[0] > photo.shape[1]


def _error(model: Path, effect: Callable, photo: np.ndarray, is_rotated: bool) -> float:
    corrected = Corrector(model).correct(photo).astype(np.float32)
    # A model of one size gets a portrait photograph in landscape, so rotate the reference as well.
    reference = np.rot90(photo) if is_rotated else photo
    expected = _apply(effect, reference.astype(np.float32) / 255)
    expected = np.rot90(expected, -1) if is_rotated else expected
    return float(np.abs(corrected - 255 * expected).mean())


def _apply(effect: Callable, image: np.ndarray) -> np.ndarray:
    height, width, _ = image.shape
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[None, :, None, None]
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None, None, :, None]
    return np.clip(effect(image[None], y, x)[0], 0, 1)


def _save_models(effect: Callable, folder: Path) -> tuple[Path, Path]:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    image = keras.Input((None, None, 3))
    ones = keras.ops.ones_like(image[..., :1])
    y = (keras.ops.cumsum(ones, axis=1) - 0.5) / keras.ops.sum(ones, axis=1, keepdims=True)
    x = (keras.ops.cumsum(ones, axis=2) - 0.5) / keras.ops.sum(ones, axis=2, keepdims=True)
    model = keras.Model(image, keras.ops.clip(effect(image, y, x), 0, 1))
    keras_file, tflite_file = folder / "effect.keras", folder / "effect.tflite"
    model.save(keras_file)
    run = tf.function(model, input_signature=[tf.TensorSpec((1, *_WORKING_SIZE, 3))])
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [run.get_concrete_function()], model
    )
    tflite_file.write_bytes(converter.convert())
    return keras_file, tflite_file
