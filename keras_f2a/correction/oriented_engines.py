"""Chooses the engine for a photograph by its orientation, if a model has two."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from keras_f2a.correction.engine import AnyEngine, Engine, LightEngine
from keras_f2a.correction.engines import extract_network, is_bundled, keras_engine, load_engine
from keras_f2a.generator_files import generator_file
from keras_f2a.model_files.bundled import PLACED_LIGHT, is_bundled_file, pretrained_file
from keras_f2a.model_files.card import check_same_generator
from keras_f2a.model_files.tflite_names import sibling_file
from keras_f2a.support.errors import InputError

if TYPE_CHECKING:
    from keras_f2a.correction.engines import AnyModel


class OrientedEngines:
    """A model and, if its file has a sibling for the other orientation, that sibling.

    Args:
        model: A file, a run directory, a Keras model, or a loaded engine; the package's network for
            placed light if `None`.
        threads: How many threads a `.tflite` or `.onnx` file computes in; `None` uses one per core.

    Attributes:
        primary: The engine of the model itself.
        is_bundled: Whether the model comes with the package.

    Raises:
        InputError: The model cannot be loaded, or its sibling was made from another generator.
        WorkError: Out of memory.
    """

    def __init__(self, model: "AnyModel | None", threads: int | None = None):
        self._threads = threads
        self._sibling_file: Path | None = None
        self._sibling_engine: AnyEngine | None = None
        if model is None:
            model = pretrained_file("int8.tflite", PLACED_LIGHT)
        if isinstance(model, str | os.PathLike):
            file = generator_file(model)
            self.primary, self.is_bundled = load_engine(file, threads), is_bundled_file(file)
            self._sibling_file = sibling_file(file)
            if self._sibling_file is not None:
                check_same_generator(file, self._sibling_file)
        elif (network := extract_network(model)) is not None:
            self.primary, self.is_bundled = keras_engine(network), is_bundled(network)
        elif isinstance(model, Engine | LightEngine):
            self.primary, self.is_bundled = model, False
        else:
            raise InputError(
                "must be a file, a run directory, a Keras model or a loaded engine, not "
                f"{type(model).__name__}",
                setting="model",
            )

    def for_photo(self, height: int, width: int) -> AnyEngine:
        """Return the engine for a photograph. The sibling is loaded when it is first needed.

        Args:
            height: Rows of the photograph.
            width: Columns of the photograph.

        Raises:
            InputError: The sibling cannot be loaded.
        """
        if self._sibling_file is None or self.primary.fixed_size is None:
            return self.primary
        frame_height, frame_width = self.primary.fixed_size
        if (height - width) * (frame_height - frame_width) >= 0:
            return self.primary
        if self._sibling_engine is None:
            self._sibling_engine = load_engine(self._sibling_file, self._threads)
        return self._sibling_engine
