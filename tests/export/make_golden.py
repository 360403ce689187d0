"""Makes the golden int8 file and its outputs again: `python -m tests.export.make_golden`.

The network is small and its weights are random but seeded: what matters is that every operator of
the real one is in it. The images are rendered scenes.
"""

from pathlib import Path

import numpy as np

from export.pairs import fitted, load_export_pairs
from export.settings import ImageSize
from export.tflite import INPUT, OUTPUT
from export.tflite_file import describe
from keras_f2a.data.pairs import BUNDLED_SCENES

FOLDER = Path(__file__).parent / "golden"
MODEL = FOLDER / "int8.tflite"
IMAGES = FOLDER / "images.npz"
SIZE = ImageSize(48, 64)
LEVELS = 256  # an int8 file's outputs are k/256


def golden_images():
    """The stored inputs, float32 RGB in [0, 1], and outputs, (number, height, width, 3)."""
    stored = np.load(IMAGES)
    inputs = stored["inputs"].astype(np.float32) / np.float32(255)
    return inputs, stored["outputs"].astype(np.float32) / np.float32(LEVELS)


def main():
    import keras

    import keras_f2a
    from export.probe import run_tflite
    from export.tflite_formats import converted

    keras.utils.set_random_seed(5)
    generator = keras_f2a.VGG16Generator(encoder_weights=None, width=1 / 32)
    pairs = load_export_pairs(BUNDLED_SCENES)
    content = converted(generator, "int8", SIZE, pairs=pairs, fine_tuning_steps=1)
    FOLDER.mkdir(exist_ok=True)
    MODEL.write_bytes(describe(content, (INPUT, OUTPUT), {"name": "golden", "version": 1}))
    inputs = np.stack([fitted(image, SIZE) for image in pairs.held_out.flash[:2]])
    outputs = run_tflite(MODEL, inputs, threads=1).outputs * LEVELS
    assert np.array_equal(outputs, outputs.astype(np.uint8))
    np.savez_compressed(
        IMAGES, inputs=np.rint(inputs * 255).astype(np.uint8), outputs=outputs.astype(np.uint8)
    )


if __name__ == "__main__":
    main()
