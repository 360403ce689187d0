"""Runs a `.tflite` file for placed light in LiteRT: encodes a photograph once for all lights.

The file has two signatures, which every port calls in the same way:

- `encode`: `flash`, float32 RGB in [0, 1], (1, height, width, 3), to `features1` … `featuresN`,
  float32, finest first. Newer files also return `flash_share`, float32, (1, 1), the flash's share
  of the photograph's light, in [0, 1].
- `light`: these features and `light`, float32, (1, 13), to `log_gain`, float32, (1, height, width,
  1), the natural logarithm of the gain in linear light.
"""

from collections.abc import Sequence

import numpy as np

from keras_f2a.correction.engine import ReadPhoto, checked_gain, checked_share, run_failure
from keras_f2a.correction.litert_file import LiteRTFile, shape_of
from keras_f2a.data.light_numbers import LIGHT_NUMBERS
from keras_f2a.model_files.image_to_image import check_image_to_image
from keras_f2a.model_files.placed_light_names import (
    ENCODE,
    FLASH,
    FLASH_SHARE,
    LIGHT,
    LOG_GAIN,
    TELL,
    feature_names,
)
from keras_f2a.support.errors import InputError, WorkError, one_line


class LiteRTLightEngine:
    """A network for placed light that LiteRT runs, without TensorFlow; see `LightEngine`.

    Threads that share it take turns; see `LiteRTFile`.

    Args:
        file: The loaded `.tflite` file.

    Attributes:
        fixed_size: The only (height, width) that the model takes.

    Raises:
        InputError: Its signatures are not those of a network for placed light.
    """

    def __init__(self, file: LiteRTFile):
        self._file = file
        encode, tell = (file.details.get_signature_runner(name) for name in (ENCODE, TELL))
        given, found = encode.get_input_details(), encode.get_output_details()
        told, answers = tell.get_input_details(), tell.get_output_details()
        self._tells_share = found.pop(FLASH_SHARE, None) is not None
        self._names = feature_names(len(found))
        names = [set(one) for one in (given, found, told, answers)]
        if names != [{FLASH}, {*self._names}, {*self._names, LIGHT}, {LOG_GAIN}]:
            raise InputError(
                "not a network for placed light: its signatures have other inputs or outputs",
                file=file.path,
            )
        shape, gain = shape_of(given[FLASH]), shape_of(answers[LOG_GAIN])
        check_image_to_image(file.path, shape, (*gain[:3], 3))
        shapes = [[shape_of(one[name]) for name in self._names] for one in (found, told)]
        tensors = [*given.values(), *found.values(), *told.values(), *answers.values()]
        if (
            shapes[0] != shapes[1]
            or shape_of(told[LIGHT]) != (1, LIGHT_NUMBERS)
            or any(tensor["dtype"] != np.float32 for tensor in tensors)
            or None in (shape[1], shape[2])
        ):
            raise InputError(
                "not a network for placed light: its inputs or outputs have other shapes or types",
                file=file.path,
            )
        self.fixed_size: tuple[int, int] | None = (int(shape[1] or 0), int(shape[2] or 0))

    def encode(self, image: np.ndarray) -> ReadPhoto:
        """See `LightEngine.encode`."""
        try:
            with self._file.turn() as interpreter:
                found = interpreter.get_signature_runner(ENCODE)(
                    **{FLASH: image.astype(np.float32)[np.newaxis]}
                )
        except (MemoryError, ValueError, RuntimeError) as error:
            raise run_failure(image, error) from error
        share = checked_share(found[FLASH_SHARE]) if self._tells_share else 1.0
        return ReadPhoto([found[name] for name in self._names], share)

    def log_gain(self, features: Sequence[np.ndarray], light: np.ndarray) -> np.ndarray:
        """See `LightEngine.log_gain`."""
        given = dict(zip(self._names, features, strict=True))
        given[LIGHT] = light.astype(np.float32)[np.newaxis]
        try:
            with self._file.turn() as interpreter:
                found = interpreter.get_signature_runner(TELL)(**given)
        except (MemoryError, ValueError, RuntimeError) as error:
            raise WorkError(f"the model cannot run for this light ({one_line(error)})") from error
        return checked_gain(found[LOG_GAIN])
