"""Writes a model repository for Triton, which KServe supports too."""

from pathlib import Path

import numpy as np

from . import card
from .generator import inference_model
from .onnx_file import add_metadata, onnx_network, operators, serialize_checked
from .probe import Run, run_onnx
from .server_texts import configuration, readme
from .settings import CompleteSettings, ImageSize
from .writer import Description, FormatWriter, Request, write_beside

MODEL_FILE = "model.onnx"
"""The file name that the server expects in the folder of a version."""
_REPOSITORY = "triton"


class TritonWriter(FormatWriter):
    """Writes the format `triton`. See `export.writer.Writer`."""

    def path(self, settings: CompleteSettings, size: ImageSize) -> Path:
        """Return the folder of the version inside the model's folder in the repository."""
        return Path(_REPOSITORY, settings.name, str(settings.model_version))

    def write(self, request: Request, target: Path) -> Description:
        """Write the network for batches of images of any size."""
        settings = request.settings
        metadata = card.onnx_metadata(
            settings.name,
            settings.model_version,
            file_format="triton",
            size=None,
            batch_size=None,
            generator_sha256=request.generator.sha256,
        )
        model = onnx_network(inference_model(request.generator.model))
        model = add_metadata(model, metadata, request.about.filled_fields())
        target.mkdir()
        (target / MODEL_FILE).write_bytes(serialize_checked(model))
        return Description(metadata, {"operators": operators(model)})

    def run(self, target: Path, images: np.ndarray, threads: int) -> Run:
        """Run the network with ONNX Runtime, like Triton's backend."""
        return run_onnx(target / MODEL_FILE, images, threads)

    def finish(self, request: Request, path: Path) -> list[Path]:
        """Write the files that all versions share: the configuration and the readme."""
        name = request.settings.name
        texts = {
            "config.pbtxt": configuration(name),
            "README.md": readme(name, request.about),
        }
        return write_beside(path.parent, texts, force=request.settings.force)
