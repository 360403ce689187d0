"""Recreates the golden int8 file and its outputs: `python -m tests.export.make_golden`.

The network is small and its weights are random but seeded, because the file only needs every
operator of a trained network. The images are rendered scenes.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from keras_f2a.export.pairs import fit_image, load_export_pairs
from keras_f2a.export.settings import ImageSize

from keras_f2a.data.scenes import BUNDLED_SCENES

FOLDER = Path(__file__).parent / "golden"
MODEL = FOLDER / "int8.tflite"
IMAGES = FOLDER / "images.npz"
SIZE = ImageSize(48, 64)
LEVELS = 256  # an int8 file's outputs are k/256


def golden_images():
    """Return the stored inputs in [0, 1] and outputs, float32 RGB (number, height, width, 3)."""
    stored = np.load(IMAGES)
    inputs = stored["inputs"].astype(np.float32) / np.float32(255)
    return inputs, stored["outputs"].astype(np.float32) / np.float32(LEVELS)


def main():
    import keras
    from keras_f2a.export.__main__ import main as export
    from keras_f2a.export.probe import run_tflite

    from keras_f2a.training.building import build_generator
    from keras_f2a.training.settings import NetworkSettings

    keras.utils.set_random_seed(5)
    generator = build_generator("guided", NetworkSettings(width=1 / 32))
    for layer in generator.layers:
        # Biases are zero before training. Without them, a convolution is another operator version.
        if getattr(layer, "use_bias", False):
            layer.bias.assign(keras.random.normal(layer.bias.shape, stddev=0.05))
    with TemporaryDirectory() as folder:
        generator.save(Path(folder) / "generator.keras")
        words = f"--model {folder} --output {folder} --name golden --size {SIZE} --formats int8"
        assert export(words.split()) == 0
        FOLDER.mkdir(exist_ok=True)
        shutil.copyfile(f"{folder}/golden_{SIZE}_int8.tflite", MODEL)
    flash = load_export_pairs(BUNDLED_SCENES).held_out.flash[:2]
    inputs = np.stack([fit_image(image, SIZE) for image in flash])
    outputs = run_tflite(MODEL, inputs, threads=1).outputs * LEVELS
    assert np.array_equal(outputs, outputs.astype(np.uint8))
    np.savez_compressed(
        IMAGES, inputs=np.rint(inputs * 255).astype(np.uint8), outputs=outputs.astype(np.uint8)
    )


if __name__ == "__main__":
    main()
