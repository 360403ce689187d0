"""Exports a network for placed light: writes its files and prepares their measurements.

A file is measured under each of the named lights. The comparison uses the photograph relit by the
network (`keras_f2a.correction.placed_light.apply_log_gain`), not the gain itself.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tensorflow as tf

from keras_f2a.correction.placed_light import apply_log_gain
from keras_f2a.data.described_lights import named_lights
from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.models.placed_light import PlacedLight
from keras_f2a.support.errors import WorkError

from . import card
from .held_out import HeldOut
from .pairs import ExportPairs, fit_pairs
from .placed_tflite import (
    check_flash_share,
    convert_placed_light,
    inference_network,
    quantize_placed_light,
)
from .probe import Run, run_placed_light
from .settings import CompleteSettings, ImageSize
from .tflite_file import check_convolutions, check_operators, describe, operators
from .writer import Description, FormatWriter, Request, Writer

NAME = "placed_light"
"""Default name of a network for placed light, which starts the names of its files."""
_EXTRA_OPERATORS = ("FULLY_CONNECTED", "MIRROR_PAD", "REDUCE_MAX", "SLICE", "SPLIT")


@dataclass(frozen=True)
class PlacedTFLiteWriter(FormatWriter):
    """Writes one `.tflite` file with the signatures `encode` and `light`. See `Writer`.

    Attributes:
        file_format: `"float32"` or `"int8"`.
    """

    file_format: str

    def path(self, settings: CompleteSettings, size: ImageSize) -> Path:
        """Return `NAME_WxH_FORMAT.tflite`."""
        return Path(f"{settings.name}_{size}_{self.file_format}.tflite")

    def write(self, request: Request, target: Path) -> Description:
        """Convert the network and check that phones support the result."""
        network, settings = request.generator.model, request.settings
        metadata = card.placed_light_metadata(
            settings.name,
            settings.model_version,
            file_format=self.file_format,
            size=request.size,
            generator_sha256=request.generator.sha256,
            about=request.about,
            tells_flash=network.tells_flash,
        )
        content = convert_placed_light(inference_network(network, request.size), request.size)
        if self.file_format == "int8":
            content = _quantize(content, request)
        content = describe(content, (), metadata)
        check_operators(content, _EXTRA_OPERATORS)
        target.write_bytes(content)
        return Description(metadata, {"operators": operators(content)})

    def run(self, target: Path, images: np.ndarray, threads: int) -> Run:
        """Run the file with only LiteRT. `images` repeats each image for each named light."""
        lights = named_lights()
        run = run_placed_light(target, images[:: len(lights)], lights, threads=threads)
        if not np.isfinite(run.outputs).all():
            raise WorkError("the file was written but returns NaN or infinite values")
        results = [
            apply_log_gain(image, gain[..., 0])
            for image, gain in zip(images, run.outputs, strict=True)
        ]
        return replace(run, outputs=np.stack(results))


def _quantize(content: bytes, request: Request) -> bytes:
    """Quantize a converted network, and check the parts that the parity of images does not show."""
    size, tells_flash = request.size, request.generator.model.tells_flash
    # Flash photographs alone do not cover the features of photographs without flash.
    images = request.pairs.calibration_images(size, ambient=tells_flash)
    quantized = quantize_placed_light(content, images)
    check_convolutions(quantized)
    if tells_flash and not request.settings.allow_inexact:
        check_flash_share(quantized, content, [*_held_out_images(request.pairs, size)])
    return quantized


def _held_out_images(pairs: ExportPairs, size: ImageSize) -> Iterator[np.ndarray]:
    for both in (*fit_pairs(pairs.held_out, size), *fit_pairs(pairs.scenes, size)):
        yield from both


PLACED_WRITERS: dict[str, Writer] = {name: PlacedTFLiteWriter(name) for name in ("float32", "int8")}
"""Writers by format, with the names in `export.formats.FORMATS`."""


def held_out_lights(
    model: PlacedLight, pairs: LoadedPairs, size: ImageSize, *, scenes: LoadedPairs | None = None
) -> HeldOut:
    """Run the Keras network on the flash images of pairs under each named light.

    Args:
        model: The float network, for images of any size.
        pairs: The user's decoded pairs.
        size: The size of the images.
        scenes: The bundled scenes to measure on in addition.

    Returns:
        The data with each pair repeated for each light, starting with all lights of the first pair.
        `seconds` is the time for one light.
    """
    lights = named_lights()
    image_pairs = [*fit_pairs(pairs, size), *fit_pairs(scenes or LoadedPairs(), size)]
    encoder, decoder = model.encoder(), model.decoder()
    encode = tf.function(lambda image: encoder(image, training=False))
    decode = tf.function(lambda inputs: decoder(inputs, training=False))
    flash, ambient, reference, seconds = [], [], [], []
    for image, target in image_pairs:
        features = encode(tf.constant(image[np.newaxis]))["features"]
        for light in lights:
            start = time.perf_counter()
            gain = decode([*features, tf.constant(light[np.newaxis])]).numpy()
            seconds.append(time.perf_counter() - start)
            height, width, _ = image.shape
            flash.append(image)
            ambient.append(target)
            reference.append(apply_log_gain(image, gain[0, :height, :width, 0]))
    return HeldOut(
        np.stack(flash),
        np.stack(ambient),
        np.stack(reference),
        statistics.median(seconds),
        len(pairs) * len(lights),
    )
