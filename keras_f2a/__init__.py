"""Turns a harsh flash photograph into one that looks lit by ambient light.

Names are loaded when they are first used, so that correcting photographs with a `.tflite` file
imports neither TensorFlow nor Keras. `load_generator` reads the file of any generator. So does
`keras.saving.load_model`, because importing Keras then registers the package's classes.
"""

import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import lazy_loader

from keras_f2a.support.keras_backend import check_backend
from keras_f2a.support.keras_import import after_keras
from keras_f2a.support.late_import import late_modules
from keras_f2a.support.packages import install_hint
from keras_f2a.support.version import VERSION

__version__ = VERSION

_load, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "correction.correct_photo": ["correct_photo"],
        "correction.corrector": ["Corrector"],
        "correction.photos_on_disk": ["correct_photos"],
        "correction.settings": ["CorrectionSettings", "OutputSettings"],
        "correction.tone": ["Tone"],
        "generator_loading": ["load_generator", "pretrained"],
        "models.encoder_weights": ["EncoderWeightsError"],
        "runs.settings": ["TrainingSettings"],
        "models": [
            "LightGenerator",
            "PatchDiscriminator",
            "PlacedLight",
            "SmallGenerator",
            "UNetGenerator",
            "VGG16Features",
            "VGG16Generator",
        ],
        "support.errors": ["InputError", "WorkError"],
        "training.flash_to_ambient": ["FlashToAmbient"],
        "training.losses": ["attention_map"],
    },
)

_NEED_KERAS = {
    "EncoderWeightsError",
    "FlashToAmbient",
    "LightGenerator",
    "PatchDiscriminator",
    "PlacedLight",
    "SmallGenerator",
    "TrainingSettings",
    "UNetGenerator",
    "VGG16Features",
    "VGG16Generator",
    "attention_map",
}
_ROOMS = {
    "baselines",
    "correction",
    "data",
    "distributed",
    "evaluation",
    "export",
    "imaging",
    "light_training",
    "model_files",
    "models",
    "runs",
    "services",
    "support",
    "training",
}
_room = late_modules(__name__)


def __getattr__(name: str) -> Any:
    if name in _NEED_KERAS:
        check_backend()
    try:
        if name in _ROOMS:
            return _room(name)
        return _load(name)
    except ModuleNotFoundError as error:
        message = install_hint(error.name)
        if message is None:
            raise
        raise ModuleNotFoundError(f"keras_f2a.{name}: {message}", name=error.name) from error


def _register_classes() -> None:
    # A package that is already being imported registers its own classes.
    waiting = [name for name in ("models", "training") if f"keras_f2a.{name}" not in sys.modules]
    import keras

    if keras.config.backend() != "tensorflow":
        return
    # A program that uses Keras for something else may lack packages that only training needs.
    with suppress(ModuleNotFoundError):
        if "models" in waiting:
            import_module("keras_f2a.models")
        if "training" in waiting:
            import_module("keras_f2a.training.deepflash")
            import_module("keras_f2a.training.flash_to_ambient")


after_keras(_register_classes)
