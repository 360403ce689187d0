"""Chooses the engine for a photograph by its orientation, if a model has two."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from keras_f2a.correction.engine import AnyEngine, Engine, LightEngine
from keras_f2a.correction.engines import is_bundled, keras_engine, load_engine, network_of
from keras_f2a.generator_files import generator_file
from keras_f2a.model_files.bundled import is_ours
from keras_f2a.model_files.card import check_same_generator
from keras_f2a.model_files.tflite_names import sibling_file
from keras_f2a.support.errors import InputError

if TYPE_CHECKING:
    from keras_f2a.correction.engines import AnyModel


class OrientedEngines:
    """A model and, if its file has a sibling for the other orientation, that sibling.

    Args:
        model: A file, a run directory, a Keras model, or a loaded engine.
        threads: How many threads a `.tflite` or `.onnx` file computes in; `None` uses one per core.

    Attributes:
        first: The engine of the model itself.
        is_ours: Whether the model comes with the package.

    Raises:
        InputError: The model cannot be loaded, or its sibling was made from another generator.
        WorkError: Out of memory.
    """

    def __init__(self, model: "AnyModel", threads: int | None = None):
        self._threads = threads
        self._sibling: Path | None = None
        self._loaded_sibling: AnyEngine | None = None
        if isinstance(model, str | os.PathLike):
            file = generator_file(model)
            self.first, self.is_ours = load_engine(file, threads), is_ours(file)
            self._sibling = sibling_file(file)
            if self._sibling is not None:
                check_same_generator(file, self._sibling)
        elif (network := network_of(model)) is not None:
            self.first, self.is_ours = keras_engine(network), is_bundled(network)
        elif isinstance(model, Engine | LightEngine):
            self.first, self.is_ours = model, False
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
        if self._sibling is None or self.first.fixed_size is None:
            return self.first
        frame_height, frame_width = self.first.fixed_size
        if (height - width) * (frame_height - frame_width) >= 0:
            return self.first
        if self._loaded_sibling is None:
            self._loaded_sibling = load_engine(self._sibling, self._threads)
        return self._loaded_sibling
