"""The one way to load a trained network."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_f2a.generator_files import generator_file
from keras_f2a.model_files.bundled import GENERATOR, pretrained_file
from keras_f2a.model_files.image_to_image import check_image_to_image
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.late_import import LateModule

# Late: who only asks what kind of network it is needs none of them.
if TYPE_CHECKING:
    import keras

    from keras_f2a.model_files import archive, keras_file
    from keras_f2a.models import PlacedLight
else:
    archive = LateModule("keras_f2a.model_files.archive")
    keras_file = LateModule("keras_f2a.model_files.keras_file")

PLACED_LIGHT = "PlacedLight"
"""The class of a network for placed light."""
_MOST_PIXELS = 2**20
"""Of a network for placed light that takes photographs of one size only."""


def load_generator(path: str | Path) -> "keras.Model":
    """Load a generator from a `.keras` file or a run directory.

    The class of what is returned says what it is, for example a `VGG16Generator`, and its
    `get_config` with what arguments it was built. Another model that turns images into images is
    returned as Keras loads it.
    `keras.saving.load_model` reads the same files after `import keras_f2a`, which lets Keras know
    the classes.

    Args:
        path: A `.keras` file, a run directory that holds `generator.keras`, the name `light_v2` of
            the package's generator, or an address on a hub, `hf://user/repository`, with
            `@revision` and `/file` if needed. Of the file of a whole `FlashToAmbient`, as
            `keras.callbacks.ModelCheckpoint` writes it, the generator is taken.

    Returns:
        A functional model from float32 RGB in [0, 1], (batch, height, width, 3), to an image of
        the same shape, or to a difference in [−1, 1] (`predicts_difference`).

    Raises:
        InputError: There is no such file, or it is damaged or holds no generator.
        WorkError: There is not enough memory for it, or the hub cannot be reached.

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
        path: As `load_generator` takes it.

    Returns:
        What `load_generator` returns, or a `keras_f2a.models.PlacedLight`.

    Raises:
        InputError: There is no such file, or it is damaged or holds neither.
        WorkError: There is not enough memory for it, or the hub cannot be reached.
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
        # What placed light costs follows from its width and its size, which are checked.
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
    """Load a network that comes with this package: no download, data or GPU is needed.

    Both were trained on rendered scenes alone. The model cards beside the weights tell how, how
    good they are and where they fail. The generator can be trained further, in a `FlashToAmbient`.

    Args:
        model: `"light_v2"` is the small generator, a `LightGenerator`; `"placed_light_v2"` is a
            `keras_f2a.models.PlacedLight`, which is told where the light comes from.

    Returns:
        Of the generator a functional model from float32 RGB in [0, 1], (batch, height, width, 3),
        to the same; any height and width. `PlacedLight` describes the other.

    Raises:
        ValueError: There is no such model.

    Example:
        ```python
        ambient = keras_f2a.pretrained().predict(flash)
        ```
    """
    return load_network(pretrained_file("keras", model))


def predicts_difference(generator: "keras.Model") -> bool:
    """Return whether a generator's output is a difference to its input, as DeepFlash's."""
    return getattr(generator, "predicts_difference", False)


def check_photographs(model: "keras.Model", name: str | Path) -> None:
    """Check by its shapes that a network turns photographs into photographs.

    Args:
        model: A generator or a network for placed light.
        name: What messages call it.

    Raises:
        InputError: It does not.
    """
    check_image_to_image(name, *_shapes(model))


def _without_weights(content: "keras_file.KerasFile") -> "keras.Model":
    import keras

    # Importing the classes lets Keras know them.
    from keras_f2a.models import networks

    if content.is_network:
        _check_width(networks()[content.configuration["class_name"]], content)
    if _is_placed_light(content):
        _check_pixels(content)
    return keras.saving.deserialize_keras_object(content.configuration)


def _is_placed_light(content: "keras_file.KerasFile") -> bool:
    return content.is_network and content.configuration["class_name"] == PLACED_LIGHT


def _check_width(network: Any, content: "keras_file.KerasFile") -> None:
    """Refuse a width whose weights the file cannot hold: building them takes their memory."""
    width = content.configuration["config"].get("width", 1.0)
    # Channels are rounded, so that a narrow network has not exactly its width's share.
    if network.PARAMETERS * width**2 > 4 * content.stored.numbers:
        raise ValueError(f"its width of {width:g} asks for more weights than it stores")


def _check_pixels(content: "keras_file.KerasFile") -> None:
    """Refuse a size of photographs that would take gigabytes; an open one is the user's choice."""
    height, width, _ = content.configuration["config"]["input_shape"]
    if height is not None and width is not None and height * width > _MOST_PIXELS:
        raise ValueError(f"its photographs of {width}x{height} pixels are too large for it")


def _shapes(model: "keras.Model") -> tuple[object, object]:
    """Return input and output; `None` for a model that is no graph and has not run.

    Of a network for placed light it is the photograph's twice: its gains have the same size.
    """
    if type(model).__name__ == PLACED_LIGHT:
        photograph = model.inputs[0].shape
        return photograph, photograph
    return getattr(model, "input_shape", None), getattr(model, "output_shape", None)
