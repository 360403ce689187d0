"""Post-training quantisation: a float32 `.tflite` file becomes 8-bit integers throughout."""

from collections.abc import Sequence

import numpy as np
from litert_quantizer import Quantizer, qtyping, recipe
from litert_quantizer.algorithm_manager import AlgorithmName

from export.tflite import INPUT, SIGNATURE
from keras_f2a.support.errors import WorkError
from keras_f2a.support.quiet_tensorflow import silenced


def quantise(content: bytes, images: Sequence[np.ndarray]) -> bytes:
    """Quantises weights, one scale for each channel, and activations; input and output stay floats.

    Args:
        content: What `export.tflite.convert_float32` returned.
        images: Calibration images, float32 RGB in [0, 1], each (1, height, width, 3).

    Raises:
        WorkError: LiteRT's quantiser failed.
    """
    try:
        # It shows progress on standard error.
        with silenced():
            quantiser = Quantizer(content, _recipe())
            ranges = quantiser.calibrate({SIGNATURE: [{INPUT: image} for image in images]})
            return bytes(quantiser.quantize(ranges).quantized_model)
    except Exception as error:  # The quantiser raises many types.
        reason = " ".join(str(error).split())[:300]
        raise WorkError(f"the network could not be quantised ({reason})") from error


def _recipe() -> list[dict]:
    """LiteRT's recipe for int8, which would make input and output integers too."""
    [everything] = recipe.static_wi8_ai8()
    kept = {**everything, "algorithm_key": AlgorithmName.NO_QUANTIZE}
    sides = (qtyping.TFLOperationName.INPUT, qtyping.TFLOperationName.OUTPUT)
    return [everything, *({**kept, "operation": side} for side in sides)]
