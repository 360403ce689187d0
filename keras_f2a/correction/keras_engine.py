"""Runs a `.keras` generator through Keras."""

from pathlib import Path

import numpy as np

from keras_f2a.correction.engines import checked_output, run_failure
from keras_f2a.support.errors import InputError
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly


class KerasEngine:
    """A generator in a `.keras` file.

    Args:
        path: The file.

    Attributes:
        fixed_size: The only (height, width) that the model takes, or `None` if it takes any.

    Raises:
        InputError: The file is damaged or holds another kind of model.
    """

    def __init__(self, path: Path):
        import_tensorflow_quietly()
        import keras

        import keras_f2a.models  # noqa: F401  (Registers the layers that the file refers to.)

        try:
            self._model = keras.saving.load_model(path, compile=False)
        except Exception as error:  # Keras raises many types for damaged and foreign files.
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise InputError(f"{path}: not a model that Keras can load ({reason[0]})") from error
        self.fixed_size = _fixed_size(self._model, path)

    def run(self, image: np.ndarray) -> np.ndarray:
        """See `keras_f2a.correction.engines.Engine.run`."""
        import keras

        try:
            output = self._model(keras.ops.convert_to_tensor(image[np.newaxis]), training=False)
        except Exception as error:  # A layer may raise any type about a size it cannot take.
            raise run_failure(image, error) from error
        output = keras.ops.cast(output[0], "float32")
        return checked_output(keras.ops.convert_to_numpy(output), image)


def _fixed_size(model, path: Path) -> tuple[int, int] | None:
    shape = getattr(model, "input_shape", None)
    if not isinstance(shape, tuple) or len(shape) != 4 or shape[-1] != 3:
        raise InputError(f"{path}: not a generator: its input must be (batch, height, width, 3)")
    _, height, width, _ = shape
    return None if height is None or width is None else (height, width)
