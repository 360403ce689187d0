"""Writes `.onnx` files: float32 for images of any size, and int8 for one size."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import card
from .generator import inference_model
from .onnx_file import add_metadata, onnx_network, operators, serialize_checked
from .probe import Run, run_onnx
from .settings import CompleteSettings, ImageSize
from .writer import Description, FormatWriter, Request


@dataclass(frozen=True)
class ONNXWriter(FormatWriter):
    """Writes one of the formats with the suffix `.onnx`. See `export.writer.Writer`.

    Attributes:
        file_format: Name of the format.
    """

    file_format: str

    def path(self, settings: CompleteSettings, size: ImageSize) -> Path:
        """Return `NAME.onnx`, or `NAME_WxH_int8.onnx`."""
        if self.file_format == "onnx":
            return Path(f"{settings.name}.onnx")
        return Path(f"{settings.name}_{size}_int8.onnx")

    def write(self, request: Request, target: Path) -> Description:
        """Convert the generator, quantize it if the format is int8, and check the file."""
        settings, generator = request.settings, request.generator
        if self.file_format == "onnx":
            size, batch_size = None, None
            model = onnx_network(inference_model(generator.model))
        else:
            # Imported here because the other format does not need the quantizer.
            from .onnx_quantization import check_integers, quantize

            size, batch_size = request.size, 1
            network = onnx_network(inference_model(generator.model, size, batch_size=batch_size))
            model = quantize(network, request.pairs.calibration_images(size))
            check_integers(model)
        metadata = card.onnx_metadata(
            settings.name,
            settings.model_version,
            file_format=self.file_format,
            size=size,
            batch_size=batch_size,
            generator_sha256=generator.sha256,
        )
        model = add_metadata(model, metadata, request.about.filled_fields())
        target.write_bytes(serialize_checked(model))
        return Description(metadata, {"operators": operators(model)})

    def run(self, target: Path, images: np.ndarray, threads: int) -> Run:
        """Run the file with only ONNX Runtime."""
        return run_onnx(target, images, threads)
