"""Turns a harsh flash photograph into one that looks lit by ambient light.

Names are loaded when they are first used, so that correcting photographs with a `.tflite` file
imports neither TensorFlow nor Keras. `load_generator` reads every generator's file; for
`keras.saving.load_model`, `import keras_f2a.models` registers the networks and `FlashToAmbient`
itself.
"""

import importlib

__version__ = "0.1.0"

_HOME = {
    "Corrector": "keras_f2a.correction.corrector",
    "FlashToAmbient": "keras_f2a.training.flash_to_ambient",
    "PatchDiscriminator": "keras_f2a.models",
    "SmallGenerator": "keras_f2a.models",
    "UNetGenerator": "keras_f2a.models",
    "VGG16Generator": "keras_f2a.models",
    "attention_map": "keras_f2a.training.losses",
    "correct_photo": "keras_f2a.correction.corrector",
    "load_generator": "keras_f2a.generator_files",
    "pretrained": "keras_f2a.generator_files",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'keras_f2a' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
