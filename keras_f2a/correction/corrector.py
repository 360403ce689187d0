"""Corrects photographs and arrays at their full size with a trained generator."""

from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a.correction.engines import Engine, load_engine
from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.full_resolution import apply_local_affine, fit_local_affine
from keras_f2a.correction.photo_plan import PhotoTask
from keras_f2a.correction.pixels import ArrayPixels, PillowPixels, Pixels
from keras_f2a.correction.tiles import correct_in_tiles
from keras_f2a.correction.tone import Tone
from keras_f2a.correction.working_copy import (
    SMALLEST_SIDE,
    WorkingCopy,
    working_copy_of_any_size,
    working_copy_of_fixed_size,
)
from keras_f2a.generator_files import pretrained_file
from keras_f2a.imaging.photo import DEFAULT_MAX_MEGAPIXELS
from keras_f2a.support.errors import InputError
from keras_f2a.support.stopwatch import Stopwatch

RESOLUTIONS = ("full", "network")
DEFAULT_WORKING_SIZE = 320
_TILE = 512


class Corrector:
    """Turns flash photographs into ambient ones; loads the generator once, corrects many.

    With ``resolution="full"`` the generator sees a small copy of the photograph, and a local
    affine model of its effect is applied to every full-size pixel (see
    `keras_f2a.correction.full_resolution`). With ``"network"`` it runs on the photograph itself,
    in overlapping tiles: slower, and at a scale other than the one that it was trained at.

    Threads may share a corrector: each gets what it would get alone. A `.tflite` generator runs for
    one of them at a time; everything else, and a `.keras` generator, runs side by side.

    Args:
        model: A `.tflite` or `.keras` file or a run directory, or an engine that is loaded; `None`
            is the small generator that comes with this package.
        resolution: ``"full"`` or ``"network"``.
        working_size: Long side in pixels of the small copy, for generators that take any size;
            `None` is 320, the size that the paper trains at. A generator of fixed size sees the
            photograph at its own size (see `keras_f2a.correction.working_copy.WorkingCopy`).
        strength: How much of the correction to apply, from 0, the original, to 1.
        brightness: Stops that the result is made brighter by, −3 to 3; see `Tone`.
        warmth: From −1, cooler, to 1, warmer; see `keras_f2a.correction.tone.Tone`.
        threads: How many threads a `.tflite` file computes in; `None` is one for each core. Where
            several processes share a machine, each gets its share.

    Attributes:
        stopwatch: Seconds spent in each stage, over all photographs so far.

    Raises:
        InputError: The model cannot be loaded or predicts differences (DeepFlash), or an option is
            out of range.
        WorkError: There is not enough memory for the model.

    Example:
        >>> corrector = keras_f2a.Corrector()
        >>> corrector.correct_file("party.jpg", "corrected/party.jpg")
        >>> ambient = corrector.correct(flash)  # an array
    """

    def __init__(
        self,
        model: str | Path | Engine | None = None,
        *,
        resolution: str = "full",
        working_size: int | None = None,
        strength: float = 1.0,
        brightness: float = 0.0,
        warmth: float = 0.0,
        threads: int | None = None,
    ):
        if resolution not in RESOLUTIONS:
            raise InputError(
                f"must be one of {', '.join(RESOLUTIONS)}", setting="resolution", value=resolution
            )
        if working_size is not None and working_size < SMALLEST_SIDE:
            raise InputError(
                f"must be {SMALLEST_SIDE} or more", setting="working_size", value=working_size
            )
        if not 0 <= strength <= 1:
            raise InputError("must be between 0 and 1", setting="strength", value=strength)
        if threads is not None and threads < 1:
            raise InputError("must be 1 or more", setting="threads", value=threads)
        tone = Tone(brightness, warmth)
        self.stopwatch = Stopwatch()
        with self.stopwatch.stage("load model"):
            if model is None:
                model = pretrained_file("int8.tflite")
            loaded = not isinstance(model, str | Path)
            self._engine = model if loaded else load_engine(model, threads)
        if working_size is not None and self._engine.fixed_size is not None:
            height, width = self._engine.fixed_size
            raise InputError(
                f"this model takes {width}x{height} pixels only; leave the setting out, or name a "
                ".keras model",
                setting="working_size",
                value=working_size,
            )
        self._resolution = resolution
        self._working_size = working_size or DEFAULT_WORKING_SIZE
        self._strength = strength
        self._tone = tone

    def correct(self, flash: np.ndarray) -> np.ndarray:
        """Corrects an array.

        Args:
            flash: RGB, shape (height, width, 3), uint8, or float32 in [0, 1].

        Returns:
            The corrected image, a new array of the same shape, type and range.

        Raises:
            InputError: The shape or type is another one.
        """
        flash = np.asarray(flash)
        if flash.ndim != 3 or flash.shape[2] != 3 or 0 in flash.shape:
            raise InputError(f"flash: must have shape (height, width, 3), not {flash.shape}")
        if flash.dtype not in (np.uint8, np.float32):
            raise InputError(f"flash: must be uint8, or float32 in [0, 1], not {flash.dtype}")
        corrected = flash.copy()
        self._correct_pixels(ArrayPixels(corrected))
        return corrected

    def correct_image(self, image: Image.Image) -> None:
        """Corrects a Pillow image of mode RGB in place, with no second full-size copy of it.

        Raises:
            InputError: It is no Pillow image, of another mode, or empty.
        """
        if not isinstance(image, Image.Image):
            kind = type(image).__name__
            raise InputError(f"image: must be a Pillow image, not {kind}; `correct` takes arrays")
        if image.mode != "RGB":
            raise InputError(f"image: must be of mode RGB, not {image.mode}")
        if 0 in image.size:
            raise InputError("image: holds no pixels")
        self._correct_pixels(PillowPixels(image))

    def run_network(self, pixels: Pixels) -> tuple[np.ndarray, np.ndarray]:
        """Returns the small copy of a photograph and what the generator makes of it.

        Both are upright, float32 RGB in [0, 1], of the working size and the photograph's aspect.
        """
        copy = self._working_copy(pixels)
        with self.stopwatch.stage("shrink"):
            small = pixels.shrink(copy.height, copy.width)
        with self.stopwatch.stage("network"):
            return small, copy.out_of_frame(self._engine.run(copy.into_frame(small)))

    def correct_file(
        self,
        source: str | Path,
        target: str | Path,
        *,
        force: bool = False,
        quality: int | None = None,
        max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    ) -> None:
        """Corrects a photograph on disk; see `correct_photo` for the arguments and errors."""
        steps = FileCorrection(force, quality, max_megapixels, stopwatch=self.stopwatch)
        task = PhotoTask(Path(source), Path(target))
        steps.finish(self.correct_image, task, steps.read(task))

    def _correct_pixels(self, pixels: Pixels) -> None:
        if self._resolution == "network":
            height, width = self._engine.fixed_size or (_TILE, _TILE)
            with self.stopwatch.stage("network in tiles"):
                correct_in_tiles(
                    self._engine.run,
                    self._tone.over(pixels),
                    tile_height=height,
                    tile_width=width,
                    strength=self._strength,
                )
            return
        small, corrected = self.run_network(pixels)
        with self.stopwatch.stage("fit"):
            model = fit_local_affine(small, corrected).mixed_with_original(self._strength)
        with self.stopwatch.stage("apply"):
            apply_local_affine(model, self._tone.over(pixels))

    def _working_copy(self, pixels: Pixels) -> WorkingCopy:
        size = pixels.height, pixels.width
        if self._engine.fixed_size is None:
            return working_copy_of_any_size(*size, self._working_size)
        frame_height, frame_width = self._engine.fixed_size
        return working_copy_of_fixed_size(*size, frame_height=frame_height, frame_width=frame_width)


def correct_photo(
    source: str | Path,
    target: str | Path,
    *,
    model: str | Path | Engine | None = None,
    resolution: str = "full",
    working_size: int | None = None,
    strength: float = 1.0,
    brightness: float = 0.0,
    warmth: float = 0.0,
    force: bool = False,
    quality: int | None = None,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
) -> None:
    """Corrects one photograph on disk, at its full size and with its metadata.

    Args:
        source: A JPEG, PNG, WebP or HEIC file; see `keras_f2a.imaging.photo.open_photo`.
        target: The file to write, `.jpg`, `.png` or `.webp`; whole or not at all.
        model: See `Corrector`, like all down to `warmth`.
        resolution: ``"full"`` or ``"network"``.
        working_size: Long side in pixels of the copy that the generator sees.
        strength: How much of the correction to apply, 0 to 1.
        brightness: Stops that the result is made brighter by, −3 to 3.
        warmth: From −1, cooler, to 1, warmer.
        force: Replace `target` if it exists, even if it is `source`.
        quality: JPEG or WebP quality; see `keras_f2a.imaging.photo_output.save_photo`.
        max_megapixels: Larger photographs are refused.

    Raises:
        InputError: The photograph or the model cannot be read, or `target` exists.
        WorkError: The result could not be written.
    """
    corrector = Corrector(
        model,
        resolution=resolution,
        working_size=working_size,
        strength=strength,
        brightness=brightness,
        warmth=warmth,
    )
    corrector.correct_file(
        source, target, force=force, quality=quality, max_megapixels=max_megapixels
    )
