"""Loads the VGG16 weights of `keras.applications` into a network with the same layer names."""

import os
from pathlib import Path

import keras

NO_TOP_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"


class EncoderWeightsError(OSError):
    """The encoder's weights could not be loaded. The message says which file to put where."""


def load_encoder_weights(
    model: keras.Model, source: str, *, setting: str = "encoder_weights"
) -> None:
    """Copy VGG16's convolutions into the layers of `model` with the same names.

    Args:
        model: A model with layers `block1_conv1` to `block5_conv3`, or the first of them, at
            VGG16's widths.
        source: `"imagenet"` (downloaded once by `keras.applications`, then cached) or the path of
            Keras's VGG16 file without top.
        setting: Name of the setting that gives the source, for error messages.

    Raises:
        EncoderWeightsError: The download failed, or the file is missing or not Keras's VGG16.
    """
    vgg16 = _download(setting) if source == "imagenet" else _read(Path(source))
    names = {layer.name for layer in model.layers}
    for layer in vgg16.layers:
        if isinstance(layer, keras.layers.Conv2D) and layer.name in names:
            model.get_layer(layer.name).set_weights(layer.get_weights())


def _download(setting: str) -> keras.Model:
    try:
        return keras.applications.VGG16(include_top=False, weights="imagenet")
    except Exception as error:  # Keras wraps whatever the network raised in a plain Exception.
        folder = Path(os.environ.get("KERAS_HOME", "~/.keras")) / "models"
        raise EncoderWeightsError(
            f"the ImageNet weights of VGG16 could not be downloaded ({_one_line(error)}); download "
            f"{NO_TOP_FILE} on another machine and put it into {folder}, or give its path with "
            f"`{setting}=FILE`"
        ) from error


def _read(path: Path) -> keras.Model:
    if not path.is_file():
        raise EncoderWeightsError(
            f"{path}: no such file; give `imagenet` or the path of Keras's {NO_TOP_FILE}"
        )
    try:
        return keras.applications.VGG16(include_top=False, weights=str(path))
    except Exception as error:  # h5py and Keras raise many types for a file of another network.
        raise EncoderWeightsError(
            f"{path}: not Keras's VGG16 weights without top ({_one_line(error)}); "
            f"the expected file is {NO_TOP_FILE}"
        ) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
