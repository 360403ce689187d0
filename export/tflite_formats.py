"""Writes a Keras generator as `.tflite` files in each format."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from keras_f2a.support.errors import WorkError, one_line
from keras_f2a.support.quiet_tensorflow import silenced

from . import card
from .about import About
from .calibration import calibrated_range
from .formats import INPUT, OUTPUT
from .generator import Generator, inference_model
from .pairs import ExportPairs
from .probe import Run, run_tflite
from .settings import CompleteSettings, ImageSize
from .tflite import (
    SIGNATURE,
    convert_float16,
    convert_float32,
    convert_quantization_aware,
)
from .tflite_file import check_integers, check_operators, describe, operators
from .tflite_metadata import METADATA_NAME, standard_metadata
from .writer import Description, FormatWriter, Request


@dataclass(frozen=True)
class TFLiteWriter(FormatWriter):
    """Writes one of the formats with the suffix `.tflite`. See `export.writer.Writer`.

    Attributes:
        file_format: Name of the format.
    """

    file_format: str

    def check(self, generator: Generator, about: About) -> None:
        """Check that quantization-aware training supports the generator."""
        if self.file_format == "int8_qat":
            # Imported here because the other formats do not need tf_keras.
            from .twin import check_supported

            check_supported(generator.model)

    def path(self, settings: CompleteSettings, size: ImageSize) -> Path:
        """Return `NAME_WxH_FORMAT.tflite`."""
        return Path(f"{settings.name}_{size}_{self.file_format}.tflite")

    def write(self, request: Request, target: Path) -> Description:
        """Convert the generator and check that phones support the result."""
        settings, generator = request.settings, request.generator
        metadata = card.tflite_metadata(
            settings.name,
            settings.model_version,
            file_format=self.file_format,
            size=request.size,
            generator_sha256=generator.sha256,
        )
        content = convert(
            generator.model,
            self.file_format,
            request.size,
            pairs=request.pairs,
            fine_tuning_steps=settings.fine_tuning_steps,
        )
        standard = {METADATA_NAME: standard_metadata(metadata, request.about)}
        content = describe(content, (INPUT, OUTPUT), metadata, more=standard)
        check_operators(content)
        if self.file_format.startswith("int8"):
            check_integers(content)
        target.write_bytes(content)
        return Description(metadata, {"operators": operators(content)})

    def run(self, target: Path, images: np.ndarray, threads: int) -> Run:
        """Run the file with only LiteRT."""
        return run_tflite(target, images, threads)


def convert(
    generator: keras.Model,
    file_format: str,
    size: ImageSize,
    *,
    pairs: ExportPairs,
    fine_tuning_steps: int,
) -> bytes:
    """Convert a generator to a format.

    Args:
        generator: A model from `export.generator.load_exportable`.
        file_format: One of the formats with the suffix `.tflite`.
        size: The file's only image size.
        pairs: Pairs for calibration and fine-tuning.
        fine_tuning_steps: Steps of quantization-aware training.

    Raises:
        InputError: Quantization-aware training does not support this kind of generator.
        WorkError: The conversion failed.
    """
    if file_format == "int8_qat":
        # Imported here because the other formats do not need tf_keras.
        from .quantization_aware import fine_tune

        images = pairs.calibration_images(size)
        network = fine_tune(generator, pairs.training, images, steps=fine_tuning_steps)
        return convert_quantization_aware(network, size)
    network = inference_model(generator, size, batch_size=1)
    if file_format == "int8":
        return quantize(convert_float32(network, size), pairs.calibration_images(size))
    return {"float32": convert_float32, "float16": convert_float16}[file_format](network, size)


def quantize(content: bytes, images: Sequence[np.ndarray]) -> bytes:
    """Quantize a float32 file after training: 8-bit integers between its input and its output.

    Weights have per-channel scales. Input and output stay floats.

    Args:
        content: A file from `export.tflite.convert_float32`.
        images: Calibration images, float32 RGB in [0, 1], each (1, height, width, 3).

    Raises:
        WorkError: LiteRT's quantizer failed.
    """
    return quantize_signatures(content, [{SIGNATURE: [{INPUT: image}]} for image in images])


def quantize_signatures(
    content: bytes, samples: Sequence[dict[str, list]], *, float_operators: Sequence[str] = ()
) -> bytes:
    """Quantize a float32 file with any signatures. See `quantize`.

    Args:
        content: The file.
        samples: Calibration data: for each photograph, a list of inputs by the signature's name.
        float_operators: Kinds of operators that stay in floating point.

    Raises:
        WorkError: LiteRT's quantizer failed.
    """
    # Imported here because the other formats do not need litert-quantizer.
    from litert_quantizer import Quantizer

    try:
        # The quantizer prints its progress to standard error.
        with silenced():
            quantizer = Quantizer(content, _recipe(float_operators))
            ranges = _ranges(quantizer, samples)
            return bytes(quantizer.quantize(ranges).quantized_model)
    except Exception as error:  # The quantizer raises many types of exceptions.
        reason = one_line(error)
        raise WorkError(f"the network could not be quantized ({reason})") from error


def _ranges(quantizer, samples: Sequence[dict]) -> dict[str, dict]:
    """Return the minimum and maximum of every tensor without the outlier images."""
    image_ranges = [quantizer.calibrate(sample) for sample in samples]
    calibrated = {}
    for tensor, values in image_ranges[0].items():
        bounds = ([ranges[tensor][bound] for ranges in image_ranges] for bound in ("min", "max"))
        low, high = calibrated_range(*map(np.array, bounds))
        calibrated[tensor] = {**values, "min": low, "max": high}
    return calibrated


def _recipe(float_operators: Sequence[str]) -> list[dict]:
    """Return LiteRT's recipe for int8, changed so that input and output stay floats."""
    from litert_quantizer import qtyping, recipe
    from litert_quantizer.algorithm_manager import AlgorithmName

    [default] = recipe.static_wi8_ai8()
    float32 = {**default, "algorithm_key": AlgorithmName.NO_QUANTIZE}
    names = [qtyping.TFLOperationName[name] for name in ("INPUT", "OUTPUT", *float_operators)]
    return [default, *({**float32, "operation": name} for name in names)]
