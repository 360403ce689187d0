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

from keras_f2a.correction.engine import (
    EncodedPhoto,
    run_failure,
    validate_flash_share,
    validate_gain,
)
from keras_f2a.correction.litert_file import LiteRTFile, shape_of
from keras_f2a.data.light_numbers import LIGHT_NUMBERS
from keras_f2a.model_files.image_to_image import check_image_to_image
from keras_f2a.model_files.placed_light_names import (
    DECODE,
    ENCODE,
    FLASH,
    FLASH_SHARE,
    LIGHT,
    LOG_GAIN,
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
        encoder, decoder = (file.details.get_signature_runner(name) for name in (ENCODE, DECODE))
        inputs, features = encoder.get_input_details(), encoder.get_output_details()
        decoder_inputs, gains = decoder.get_input_details(), decoder.get_output_details()
        self._has_flash_share = features.pop(FLASH_SHARE, None) is not None
        self._names = feature_names(len(features))
        names = [set(tensors) for tensors in (inputs, features, decoder_inputs, gains)]
        if names != [{FLASH}, {*self._names}, {*self._names, LIGHT}, {LOG_GAIN}]:
            raise InputError(
                "not a network for placed light: its signatures have other inputs or outputs",
                file=file.path,
            )
        shape, gain_shape = shape_of(inputs[FLASH]), shape_of(gains[LOG_GAIN])
        check_image_to_image(file.path, shape, (*gain_shape[:3], 3))
        encoded_shapes = [shape_of(features[name]) for name in self._names]
        decoded_shapes = [shape_of(decoder_inputs[name]) for name in self._names]
        all_tensors = [inputs, features, decoder_inputs, gains]
        dtypes = {tensor["dtype"] for tensors in all_tensors for tensor in tensors.values()}
        if (
            encoded_shapes != decoded_shapes
            or shape_of(decoder_inputs[LIGHT]) != (1, LIGHT_NUMBERS)
            or dtypes != {np.float32}
            or None in (shape[1], shape[2])
        ):
            raise InputError(
                "not a network for placed light: its inputs or outputs have other shapes or types",
                file=file.path,
            )
        self.fixed_size: tuple[int, int] | None = (int(shape[1] or 0), int(shape[2] or 0))

    def encode(self, image: np.ndarray) -> EncodedPhoto:
        """See `LightEngine.encode`."""
        try:
            with self._file.acquire() as interpreter:
                outputs = interpreter.get_signature_runner(ENCODE)(
                    **{FLASH: image.astype(np.float32)[np.newaxis]}
                )
        except (MemoryError, ValueError, RuntimeError) as error:
            raise run_failure(image, error) from error
        features = [outputs[name] for name in self._names]
        if not self._has_flash_share:
            return EncodedPhoto(features)
        return EncodedPhoto(features, validate_flash_share(outputs[FLASH_SHARE]))

    def log_gain(self, features: Sequence[np.ndarray], light: np.ndarray) -> np.ndarray:
        """See `LightEngine.log_gain`."""
        inputs = dict(zip(self._names, features, strict=True))
        inputs[LIGHT] = light.astype(np.float32)[np.newaxis]
        try:
            with self._file.acquire() as interpreter:
                outputs = interpreter.get_signature_runner(DECODE)(**inputs)
        except (MemoryError, ValueError, RuntimeError) as error:
            raise WorkError(f"the model cannot run for this light ({one_line(error)})") from error
        return validate_gain(outputs[LOG_GAIN])
