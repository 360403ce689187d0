"""The small generator that comes with this package: trained on rendered scenes alone."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

NAME = "small_v1"
WEIGHTS = Path(__file__).parent / "weights"
_FILES = {
    "keras": f"{NAME}.keras",
    "int8.tflite": f"{NAME}_320x240_int8.tflite",
    "float32.tflite": f"{NAME}_320x240_float32.tflite",
}


def pretrained() -> "keras.Model":
    """Loads the small generator: no download, no data and no GPU are needed.

    `weights/MODEL_CARD.md` tells what it was trained on and how, how good it is and where it
    fails. Like every generator it can be trained further, in a `FlashToAmbient`.

    Returns:
        A `SmallGenerator`, a functional model from float32 RGB in [0, 1], (batch, height, width,
        3), to the same; any height and width.

    Example:
        ```python
        ambient = keras_f2a.pretrained().predict(flash)
        ```
    """
    from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

    import_tensorflow_quietly()
    import keras

    import keras_f2a.models  # noqa: F401  (Registers the layers that the file refers to.)

    return keras.saving.load_model(pretrained_file("keras"), compile=False)


def pretrained_file(kind: str) -> Path:
    """File of the small generator.

    Args:
        kind: `"keras"`, or `"int8.tflite"` or `"float32.tflite"` for images of 320×240 pixels.

    Raises:
        ValueError: There is no such kind.
    """
    if kind not in _FILES:
        raise ValueError(f"kind must be one of {', '.join(_FILES)}, not {kind!r}")
    return WEIGHTS / _FILES[kind]
