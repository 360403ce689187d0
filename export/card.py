"""Writes the JSON card of an exported file: its interface, its source and its measurements."""

import hashlib
import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from keras_f2a.data.described_lights import AUTO, NAMED, named_lights
from keras_f2a.model_files.placed_light_names import (
    DECODE,
    ENCODE,
    FLASH,
    FLASH_SHARE,
    KIND,
    LIGHT,
    LOG_GAIN,
)
from keras_f2a.support.provenance import package_versions, source_commit
from keras_f2a.support.version import VERSION

from .about import About
from .formats import INPUT, OUTPUT
from .report import ReportRow, plain
from .settings import ImageSize
from .tflite import SIGNATURE

_PACKAGES = (
    "ai-edge-litert",
    "litert-quantizer",
    "tf-keras",
    "tensorflow-model-optimization",
    "onnx",
    "onnxruntime",
    "tf2onnx",
)
IMAGE = {
    "type": "float32",
    "value_range": [0.0, 1.0],
    "colour_order": "RGB",
    "layout": "batch, height, width, channel",
}
"""Properties of the images that exported files take and return."""


def tflite_metadata(
    name: str, model_version: int, *, file_format: str, size: ImageSize, generator_sha256: str
) -> dict:
    """Return the metadata inside a `.tflite` file, for apps.

    Args:
        name: The model's name.
        model_version: The model's version.
        file_format: One of the formats with the suffix `.tflite`.
        size: The images' size.
        generator_sha256: Digest of the `.keras` source file.
    """
    shape = [1, *size, 3]
    return {
        "name": name,
        "version": model_version,
        "format": file_format,
        "signature": SIGNATURE,
        "input": {"name": INPUT, "shape": shape, **IMAGE},
        "output": {"name": OUTPUT, "shape": shape, **IMAGE},
        "generator_sha256": generator_sha256,
        "keras_f2a": VERSION,
    }


def placed_light_metadata(
    name: str,
    model_version: int,
    *,
    file_format: str,
    size: ImageSize,
    generator_sha256: str,
    about: About,
    tells_flash: bool,
) -> dict:
    """Return the metadata inside a `.tflite` file for placed light, for apps.

    Args:
        name: The model's name.
        model_version: The model's version.
        file_format: One of the formats with the suffix `.tflite`.
        size: The photographs' size.
        generator_sha256: Digest of the `.keras` source file.
        about: The description of the model.
        tells_flash: Whether the network estimates the flash's share of the light.
    """
    light_vectors = named_lights().tolist()
    flash_share_output = f" and {FLASH_SHARE}" if tells_flash else ""
    return {
        "name": name,
        "version": model_version,
        "format": file_format,
        "kind": KIND,
        "signatures": {
            ENCODE: f"runs once for a photograph: {FLASH} to features{flash_share_output}",
            DECODE: f"runs once for each light: features and {LIGHT} to {LOG_GAIN}",
        },
        "input": {"name": FLASH, "shape": [1, *size, 3], **IMAGE},
        "light": {
            "name": LIGHT,
            "shape": [1, len(light_vectors[0])],
            "type": "float32",
            "named": dict(zip(NAMED, light_vectors, strict=True)),
            "auto": list(AUTO),
        },
        "output": {
            "name": LOG_GAIN,
            "shape": [1, *size, 1],
            "type": "float32",
            "unit": "natural logarithm of the gain in linear light",
        },
        "about": about.filled_fields(),
        "generator_sha256": generator_sha256,
        "keras_f2a": VERSION,
    }


def onnx_metadata(
    name: str,
    model_version: int,
    *,
    file_format: str,
    size: ImageSize | None,
    batch_size: int | None,
    generator_sha256: str,
    channels_first: bool = False,
) -> dict:
    """Return the metadata inside an ONNX file, for programs.

    Args:
        name: The model's name.
        model_version: The model's version.
        file_format: One of `export.formats.FORMATS`.
        size: The images' size, or `None` for any size.
        batch_size: Number of images in a batch, or `None` for any number.
        generator_sha256: Digest of the `.keras` source file.
        channels_first: Whether the channels are the second axis instead of the last.
    """
    sides = list(size or (None, None))
    image = {"shape": [batch_size, *sides, 3], **IMAGE}
    if channels_first:
        image |= {"shape": [batch_size, 3, *sides], "layout": "batch, channel, height, width"}
    return {
        "name": name,
        "version": model_version,
        "format": file_format,
        "input": {"name": INPUT, **image},
        "output": {"name": OUTPUT, **image},
        "generator_sha256": generator_sha256,
        "keras_f2a": VERSION,
    }


def saved_model_metadata(
    name: str, model_version: int, *, max_megapixels: float, generator_sha256: str
) -> dict:
    """Return the metadata of a SavedModel for its card, with its signatures.

    Args:
        name: The model's name.
        model_version: The model's version.
        max_megapixels: Size of the largest photograph that the model accepts.
        generator_sha256: Digest of the `.keras` source file.
    """
    photographs = {"shape": [None], "type": "JPEG or PNG files", "max_megapixels": max_megapixels}
    tensors = {"shape": [None, None, None, 3], **IMAGE}
    return {
        "name": name,
        "version": model_version,
        "format": "saved_model",
        "signatures": {
            "serving_default": {"image_bytes": photographs, "ambient_bytes": photographs},
            "correct_tensor": {"flash": tensors, "ambient": tensors},
        },
        "generator_sha256": generator_sha256,
        "keras_f2a": VERSION,
    }


def write_card(path: Path, metadata: dict, *, sha256: str, row: ReportRow, facts: dict) -> None:
    """Write the card of a file.

    Args:
        path: Path of the card.
        metadata: The file's metadata.
        sha256: Digest of the file.
        row: The measurements.
        facts: Other content of the card: operators, pairs, versions.
    """
    card = {**metadata, "sha256": sha256, "measured": plain(asdict(row)), **facts}
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def provenance() -> dict:
    """Return the versions of the packages that made the files, and this project's commit."""
    return {
        "versions": package_versions() | {name: _version(name) for name in _PACKAGES},
        "commit": source_commit(),
    }


def file_sha256(path: Path) -> str:
    """Return the digest of a file, or of a folder's files and their names."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(path)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except ImportError:
        return "not installed"
