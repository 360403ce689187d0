"""Makes the bytes of a `.tflite` file of each format from a Keras generator."""

from collections.abc import Sequence

import keras
import numpy as np

from keras_f2a.support.errors import WorkError, one_line
from keras_f2a.support.quiet_tensorflow import silenced

from .generator import inference_model
from .pairs import ExportPairs
from .settings import ImageSize
from .tflite import (
    INPUT,
    SIGNATURE,
    convert_float16,
    convert_float32,
    convert_quantization_aware,
)

# Of the calibration images, at each end of a range: a few wide ones make it coarse for all others.
_LEFT_OUT = 0.02


def converted(
    generator: keras.Model,
    file_format: str,
    size: ImageSize,
    *,
    pairs: ExportPairs,
    fine_tuning_steps: int,
) -> bytes:
    """Converts a generator to a format.

    Args:
        generator: A functional model as `export.generator.load_exportable` gives it.
        file_format: One of `export.settings.TFLITE_FORMATS`.
        size: The file's only image size.
        pairs: For calibration and fine-tuning.
        fine_tuning_steps: Of quantization-aware training.

    Raises:
        InputError: Quantization-aware training does not know this kind of generator.
        WorkError: The conversion failed.
    """
    if file_format == "int8_qat":
        # Imported here because the other formats need no tf_keras.
        from .quantization_aware import fine_tune

        images = pairs.calibration_images(size)
        network = fine_tune(generator, pairs.training, images, steps=fine_tuning_steps)
        return convert_quantization_aware(network, size)
    network = inference_model(generator, size, batch_size=1)
    if file_format == "int8":
        return quantise(convert_float32(network, size), pairs.calibration_images(size))
    return {"float32": convert_float32, "float16": convert_float16}[file_format](network, size)


def quantise(content: bytes, images: Sequence[np.ndarray]) -> bytes:
    """Quantizes a float32 file after training: 8-bit integers between its input and its output.

    Weights get one scale for each channel; input and output stay floats.

    Args:
        content: What `export.tflite.convert_float32` returned.
        images: Calibration images, float32 RGB in [0, 1], each (1, height, width, 3).

    Raises:
        WorkError: LiteRT's quantizer failed.
    """
    # Imported here because the other formats need no litert-quantizer.
    from litert_quantizer import Quantizer

    try:
        # It shows progress on standard error.
        with silenced():
            quantiser = Quantizer(content, _recipe())
            ranges = _ranges(quantiser, images)
            return bytes(quantiser.quantize(ranges).quantized_model)
    except Exception as error:  # The quantizer raises many types.
        reason = one_line(error)
        raise WorkError(f"the network could not be quantized ({reason})") from error


def _ranges(quantiser, images: Sequence[np.ndarray]) -> dict[str, dict]:
    """The least and the largest value of every tensor, without the images furthest out.

    Calibrated with all images at once, LiteRT's quantizer takes a moving average of each image's
    range, and clips what an image that is brighter than most needs.
    """
    of_images = [quantiser.calibrate({SIGNATURE: [{INPUT: image}]}) for image in images]

    def furthest(tensor: str, side: str, share: float, method: str) -> np.ndarray:
        values = np.array([ranges[tensor][side] for ranges in of_images])
        return np.quantile(values, share, axis=0, method=method).astype(values.dtype)

    return {
        tensor: {
            **values,
            "min": furthest(tensor, "min", _LEFT_OUT, "lower"),
            "max": furthest(tensor, "max", 1 - _LEFT_OUT, "higher"),
        }
        for tensor, values in of_images[0].items()
    }


def _recipe() -> list[dict]:
    """LiteRT's recipe for int8, which would make input and output integers too."""
    from litert_quantizer import qtyping, recipe
    from litert_quantizer.algorithm_manager import AlgorithmName

    [everything] = recipe.static_wi8_ai8()
    kept = {**everything, "algorithm_key": AlgorithmName.NO_QUANTIZE}
    sides = (qtyping.TFLOperationName.INPUT, qtyping.TFLOperationName.OUTPUT)
    return [everything, *({**kept, "operation": side} for side in sides)]
