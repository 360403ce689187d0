"""Names and files of the trained networks that come with the package."""

from pathlib import Path

WEIGHTS = Path(__file__).parents[1] / "weights"
FACE_DETECTOR = WEIGHTS / "face_detection_short_range.tflite"
"""The detector of `keras_f2a.correction.faces`."""
GENERATOR = "light_v2"
"""The small generator: one image in, one out."""
PLACED_LIGHT = "placed_light_v3"
"""The network that takes the direction of the light as an input."""
MODELS = (GENERATOR, PLACED_LIGHT)
_SUFFIXES = {
    "keras": ".keras",
    "int8.tflite": "_320x240_int8.tflite",
    "portrait_int8.tflite": "_240x320_int8.tflite",
    "float32.tflite": "_320x240_float32.tflite",
}


def pretrained_file(kind: str, model: str = GENERATOR) -> Path:
    """Return the file of a network that comes with the package.

    Args:
        kind: `"keras"`; `"int8.tflite"` or `"float32.tflite"` for images of 320×240 pixels; or
            `"portrait_int8.tflite"` for images of 240×320 pixels.
        model: One of `MODELS`.

    Raises:
        ValueError: There is no such model, or no such kind.
    """
    if model not in MODELS:
        raise ValueError(f"model must be one of {', '.join(MODELS)}, not {model!r}")
    if kind not in _SUFFIXES:
        raise ValueError(f"kind must be one of {', '.join(_SUFFIXES)}, not {kind!r}")
    return WEIGHTS / f"{model}{_SUFFIXES[kind]}"


def bundled_model(file: Path) -> str | None:
    """Return which of `MODELS` a file belongs to, or `None` if it is not part of the package."""
    files = {model + ending: model for model in MODELS for ending in _SUFFIXES.values()}
    return files.get(file.name) if file.resolve().parent == WEIGHTS.resolve() else None


def is_bundled_file(file: Path) -> bool:
    """Return whether a file belongs to a network that comes with the package."""
    return bundled_model(file) is not None
