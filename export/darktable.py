"""Packs a generator for darktable's model repository: archive, manifest, scripts and card."""

import json
import tempfile
import zipfile
from pathlib import Path

import keras
import numpy as np
import onnx

from keras_f2a.support.errors import InputError

from . import card as cards
from . import darktable_texts as texts
from .about import About
from .generator import Generator, inference_model, load_exportable
from .onnx_file import OPSET, add_metadata, onnx_network, operators, serialize_checked
from .probe import Run, run_onnx
from .settings import CompleteSettings, ImageSize
from .writer import Description, FormatWriter, Request, write_beside

_FOLDER = "darktable"
_MODEL = "model.onnx"
_BATCH_SIZE = 1
_REQUIRED_FIELDS = (
    "author",
    "license",
    "source",
    "training_data",
    "training_data_license",
    "training_data_provenance",
    "training_code",
    "limitations",
    "openness",
    "model_openness_class",
)
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # Fixed, so that equal contents give equal archives.
_SCRIPTS = Path(__file__).parent / "darktable_model"


class DarktableWriter(FormatWriter):
    """Writes the format `darktable`. See `export.writer.Writer`."""

    def check(self, generator: Generator, about: About) -> None:
        """Check that the description has everything that darktable's model policy requires.

        Raises:
            InputError: Something is missing. The message names it.
        """
        missing = [name for name in _REQUIRED_FIELDS if not getattr(about, name)]
        if missing:
            raise InputError(
                f"darktable's policy for models requires {', '.join(missing)}; name a TOML file "
                "that states them",
                setting="about",
            )

    def path(self, settings: CompleteSettings, size: ImageSize) -> Path:
        """Return the path of the archive, which is named after the model's id."""
        return Path(_FOLDER, f"{texts.model_id(settings.name)}.dtmodel")

    def write(self, request: Request, target: Path) -> Description:
        """Write the archive that darktable installs."""
        settings, about = request.settings, request.about
        metadata = cards.onnx_metadata(
            settings.name,
            settings.model_version,
            file_format="darktable",
            size=None,
            batch_size=_BATCH_SIZE,
            generator_sha256=request.generator.sha256,
            channels_first=True,
        )
        model = add_metadata(_network(request.generator.model), metadata, about.filled_fields())
        config = json.dumps(_configuration(request), indent=4, ensure_ascii=False)
        files = {
            "README.md": _card(request).encode(),
            "config.json": f"{config}\n".encode(),
            _MODEL: serialize_checked(model),
        }
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                entry = zipfile.ZipInfo(f"{texts.model_id(settings.name)}/{name}", _FIXED_TIME)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
        return Description(metadata, {"operators": operators(model)})

    def run(self, target: Path, images: np.ndarray, threads: int) -> Run:
        """Run the network in the archive with ONNX Runtime, like darktable."""
        with zipfile.ZipFile(target) as archive, tempfile.TemporaryDirectory() as folder:
            [name] = [name for name in archive.namelist() if name.endswith(f"/{_MODEL}")]
            return run_onnx(Path(archive.extract(name, folder)), images, threads)

    def finish(self, request: Request, path: Path) -> list[Path]:
        """Write the folder for darktable's repository, whose pipeline builds the same archive."""
        config = _configuration(request)
        files = {
            "model.yaml": texts.manifest(config, request.generator.path.name),
            "README.md": _card(request),
            **{name: (_SCRIPTS / name).read_text("utf-8") for name in ("convert.py", "demo.py")},
        }
        folder = path.parent / "models" / config["id"]
        return write_beside(folder, files, force=request.settings.force)


def write_network(model: str | Path, path: str | Path) -> None:
    """Write a generator's network for darktable: (1, 3, height, width), any size.

    Args:
        model: A run directory or a `.keras` file.
        path: The ONNX file.

    Raises:
        InputError: The generator does not exist or cannot be exported.
        WorkError: The conversion failed.
    """
    generator = load_exportable(model)
    Path(path).write_bytes(serialize_checked(_network(generator.model)))


def _network(generator: keras.Model) -> onnx.ModelProto:
    return onnx_network(inference_model(generator, batch_size=_BATCH_SIZE), channels_first=True)


def _configuration(request: Request) -> dict:
    settings = request.settings
    return texts.configuration(
        settings.name,
        settings.model_version,
        architecture=_architecture(request),
        about=request.about,
    )


def _card(request: Request) -> str:
    return texts.card(
        request.settings.name,
        architecture=_architecture(request),
        opset=OPSET,
        about=request.about,
    )


def _architecture(request: Request) -> str:
    return type(request.generator.model).__name__
