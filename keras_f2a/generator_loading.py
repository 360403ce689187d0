"""Loads trained networks. All other code loads them through this module."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_f2a.generator_files import generator_file
from keras_f2a.model_files.bundled import GENERATOR, pretrained_file
from keras_f2a.model_files.image_to_image import check_image_to_image
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.late_import import LateModule

# Late: code that only asks what kind a network is needs none of these.
if TYPE_CHECKING:
    import keras

    from keras_f2a.model_files import archive, keras_file
    from keras_f2a.models import PlacedLight
else:
    archive = LateModule("keras_f2a.model_files.archive")
    keras_file = LateModule("keras_f2a.model_files.keras_file")

PLACED_LIGHT = "PlacedLight"
"""Class name of a network for placed light."""
_MOST_PIXELS = 2**20
"""Largest fixed input, in pixels, of a network for placed light."""


def load_generator(path: str | Path) -> "keras.Model":
    """Load a generator from a `.keras` file or a run directory.

    The result has its original class, for example `VGG16Generator`, and its `get_config` returns
    the arguments that built it. Any other image-to-image model is returned as Keras loads it.
    After `import keras_f2a`, which registers the classes, `keras.saving.load_model` reads the same
    files.

    Args:
        path: A `.keras` file, a run directory that holds `generator.keras`, the name `light_v2` of
            the package's generator, or an address on a hub, `hf://user/repository`, with
            `@revision` and `/file` if needed. If the file holds a whole `FlashToAmbient`, as
            `keras.callbacks.ModelCheckpoint` writes it, its generator is returned.

    Returns:
        A functional model that maps float32 RGB in [0, 1], (batch, height, width, 3), to an image
        of the same shape, or to a difference in [−1, 1] (see `predicts_difference`).

    Raises:
        InputError: The file is missing or damaged, or holds no generator.
        WorkError: Out of memory, or the hub cannot be reached.

    Example:
        ```python
        ambient = keras_f2a.load_generator("runs/train").predict(flash)
        ```
    """
    model = load_network(path)
    if type(model).__name__ == PLACED_LIGHT:
        raise InputError(
            "is a network for placed light, which returns gains instead of an "
            "image; use it with `correct` or `export`",
            file=path,
        )
    return model


def load_network(path: str | Path) -> "keras.Model | PlacedLight":
    """Load a generator or a network for placed light.

    Args:
        path: As for `load_generator`.

    Returns:
        What `load_generator` returns, or a `keras_f2a.models.PlacedLight`.

    Raises:
        InputError: The file is missing or damaged, or holds neither.
        WorkError: Out of memory, or the hub cannot be reached.
    """
    file = generator_file(path, kinds="a .keras file", suffixes=(".keras",))
    if file.suffix != ".keras":
        raise InputError("not a .keras file or run directory", file=file)
    content = keras_file.read_keras_file(file)
    # Imported here, because a `.tflite` file needs neither.
    from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

    import_tensorflow_quietly()
    import keras
    import tensorflow as tf

    try:
        model = _without_weights(content)
        check_photographs(model, file)
        # The cost of a `PlacedLight` depends only on its width and size, which are checked already.
        if content.is_network and not _is_placed_light(content):
            graph = json.loads(keras.Model(model.inputs, model.outputs).to_json())
            keras_file.check_network_cost(file, graph)
        with archive.weights_file(file, content.part) as weights:
            model.load_weights(weights)
        return model
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        raise WorkError("out of memory", file=file) from error
    except InputError:
        raise
    except Exception as error:  # Keras raises many types for damaged and foreign files.
        reason = one_line(error)
        raise InputError(f"not a model that Keras can load ({reason})", file=file) from error


def pretrained(model: str = GENERATOR) -> "keras.Model":
    """Load a network that comes with this package. It needs no download, data or GPU.

    Both networks were trained on rendered scenes only. The model cards next to the weights describe
    their training, their scores and where they fail. To train the generator further, put it into a
    `FlashToAmbient`.

    Args:
        model: `"light_v2"` is the small generator, a `LightGenerator`; `"placed_light_v3"` is a
            `keras_f2a.models.PlacedLight`, which also takes the position of the light.

    Returns:
        For `"light_v2"`, a functional model that maps float32 RGB in [0, 1], (batch, height, width,
        3), to the same, at any height and width. For `"placed_light_v3"`, see `PlacedLight`.

    Raises:
        ValueError: There is no such model.

    Example:
        ```python
        ambient = keras_f2a.pretrained().predict(flash)
        ```
    """
    return load_network(pretrained_file("keras", model))


def predicts_difference(generator: "keras.Model") -> bool:
    """Return whether a generator predicts a difference from its input, as DeepFlash does."""
    return getattr(generator, "predicts_difference", False)


def check_photographs(model: "keras.Model", name: str | Path) -> None:
    """Check from a network's shapes that it maps photographs to photographs.

    Args:
        model: A generator or a network for placed light.
        name: Its name in error messages.

    Raises:
        InputError: It does not.
    """
    check_image_to_image(name, *_shapes(model))


def _without_weights(content: "keras_file.KerasFile") -> "keras.Model":
    import keras

    # Importing the classes registers them with Keras.
    from keras_f2a.models import networks

    if content.is_network:
        _check_width(networks()[content.configuration["class_name"]], content)
    if _is_placed_light(content):
        _check_pixels(content)
    return keras.saving.deserialize_keras_object(content.configuration)


def _is_placed_light(content: "keras_file.KerasFile") -> bool:
    return content.is_network and content.configuration["class_name"] == PLACED_LIGHT


def _check_width(network: Any, content: "keras_file.KerasFile") -> None:
    """Refuse a width with far more weights than the file holds; building them takes memory."""
    width = content.configuration["config"].get("width", 1.0)
    # Channel counts are rounded, so the weights of a narrow network only roughly follow width².
    if network.PARAMETERS * width**2 > 4 * content.stored.value_count:
        raise ValueError(f"its width of {width:g} needs more weights than it stores")


def _check_pixels(content: "keras_file.KerasFile") -> None:
    """Refuse a fixed input size that would take gigabytes. An open size is the user's choice."""
    height, width, _ = content.configuration["config"]["input_shape"]
    if height is not None and width is not None and height * width > _MOST_PIXELS:
        raise ValueError(f"its photographs of {width}x{height} pixels are too large for it")


def _shapes(model: "keras.Model") -> tuple[object, object]:
    """Return the input and output shapes; `None` for a subclassed model that has not run.

    For a network for placed light, both are the photograph's shape, because its gains have the
    same size.
    """
    if type(model).__name__ == PLACED_LIGHT:
        photograph = model.inputs[0].shape
        return photograph, photograph
    return getattr(model, "input_shape", None), getattr(model, "output_shape", None)
