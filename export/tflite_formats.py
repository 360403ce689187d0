"""Makes the bytes of a `.tflite` file of each format from a Keras generator."""

import keras

from export.generator import inference_model
from export.pairs import ExportPairs
from export.settings import ImageSize
from export.tflite import (
    convert_float16,
    convert_float32,
    convert_quantization_aware,
)


def converted(
    generator: keras.Model,
    file_format: str,
    size: ImageSize,
    pairs: ExportPairs,
    fine_tuning_steps: int,
) -> bytes:
    """Converts a generator to a format.

    Args:
        generator: A functional model as `export.generator.load_exportable` gives it.
        file_format: One of `export.settings.TFLITE_FORMATS`.
        size: The file's only image size.
        pairs: For calibration and fine-tuning.
        fine_tuning_steps: Of quantisation-aware training.

    Raises:
        InputError: Quantisation-aware training does not know this kind of generator.
        WorkError: The conversion failed.
    """
    if file_format == "int8_qat":
        # Imported here because the other formats need no tf_keras.
        from export.quantization_aware import fine_tune

        images = pairs.calibration_images(size)
        network = fine_tune(generator, pairs.training, images, fine_tuning_steps)
        return convert_quantization_aware(network, size)
    network = inference_model(generator, size, batch_size=1)
    if file_format == "int8":
        # Imported here because the other formats need no litert-quantizer.
        from export.post_training import quantise

        return quantise(convert_float32(network, size), pairs.calibration_images(size))
    return {"float32": convert_float32, "float16": convert_float16}[file_format](network, size)
