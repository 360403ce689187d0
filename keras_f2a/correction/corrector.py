"""Corrects photographs and arrays at their full size with a trained generator."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from keras_f2a.correction.engines import Engine, load_engine
from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.full_resolution import apply_local_affine, fit_local_affine
from keras_f2a.correction.photo_plan import PhotoTask
from keras_f2a.correction.pixels import ArrayPixels, PillowPixels, Pixels
from keras_f2a.correction.settings import (
    DEFAULT_WORKING_SIZE,
    CorrectionSettings,
    OutputSettings,
    changed_settings,
)
from keras_f2a.correction.working_copy import (
    WorkingCopy,
    working_copy_of_any_size,
    working_copy_of_fixed_size,
)
from keras_f2a.generator_files import pretrained_file
from keras_f2a.support.errors import InputError
from keras_f2a.support.stopwatch import Stopwatch


class Corrector:
    """Turns flash photographs into ambient ones; loads the generator once, corrects many.

    The generator sees a small copy of the photograph, and a local affine model of its effect is
    applied to every full-size pixel; see `keras_f2a.correction.full_resolution`.

    Threads may share a corrector: each gets what it would get alone. A `.tflite` generator runs for
    one of them at a time; everything else, and a `.keras` generator, runs side by side.

    Args:
        model: The settings of the correction, or the model alone: a `.tflite` or `.keras` file, a
            run directory, or an engine that is loaded. `None` is the model of `settings`.
        settings: What is asked for; all defaults if `None`.
        threads: How many threads a `.tflite` file computes in; `None` is one for each core. Where
            several processes share a machine, each gets its share.
        **changes: Settings by name, in place of those of `settings`; see `CorrectionSettings`.

    Attributes:
        settings: What is asked for.
        stopwatch: Seconds spent in each stage, over all photographs so far.

    Raises:
        InputError: The model cannot be loaded or predicts differences (DeepFlash), or a setting is
            out of range.
        WorkError: There is not enough memory for the model.

    Example:
        >>> corrector = keras_f2a.Corrector(strength=0.8)
        >>> corrector.correct_file("party.jpg", "corrected/party.jpg")
        >>> ambient = corrector.correct(flash)  # an array
    """

    def __init__(
        self,
        model: CorrectionSettings | str | os.PathLike | Engine | None = None,
        settings: CorrectionSettings | None = None,
        *,
        threads: int | None = None,
        **changes: Any,
    ):
        if isinstance(model, CorrectionSettings):
            model, settings = None, model
        self.settings = replace(settings or CorrectionSettings(), **changes)
        if threads is not None and threads < 1:
            raise InputError("must be 1 or more", setting="threads", value=threads)
        self.stopwatch = Stopwatch()
        with self.stopwatch.stage("load model"):
            self._engine = _loaded(self.settings.model if model is None else model, threads)
        if self.settings.working_size is not None and self._engine.fixed_size is not None:
            height, width = self._engine.fixed_size
            raise InputError(
                f"this model takes {width}x{height} pixels only; leave the setting out, or name a "
                ".keras model",
                setting="working_size",
                value=self.settings.working_size,
            )

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
        output: OutputSettings | None = None,
        **changes: Any,
    ) -> None:
        """Corrects a photograph on disk, at its full size and with its metadata.

        Args:
            source: The photograph.
            target: The file to write.
            output: How it is written; all defaults if `None`.
            **changes: Settings by name, in place of those of `output`; see `OutputSettings`.

        Raises:
            InputError: The photograph cannot be read, or `target` exists.
            WorkError: The result could not be written.
        """
        steps = FileCorrection(
            replace(output or OutputSettings(), **changes), stopwatch=self.stopwatch
        )
        task = PhotoTask(Path(source), Path(target))
        steps.finish(self.correct_image, task, steps.read(task))

    def _correct_pixels(self, pixels: Pixels) -> None:
        small, corrected = self.run_network(pixels)
        with self.stopwatch.stage("fit"):
            model = fit_local_affine(small, corrected).mixed_with_original(self.settings.strength)
        with self.stopwatch.stage("apply"):
            apply_local_affine(model, self.settings.tone.over(pixels))

    def _working_copy(self, pixels: Pixels) -> WorkingCopy:
        size = pixels.height, pixels.width
        if self._engine.fixed_size is None:
            long_side = self.settings.working_size or DEFAULT_WORKING_SIZE
            return working_copy_of_any_size(*size, long_side)
        frame_height, frame_width = self._engine.fixed_size
        return working_copy_of_fixed_size(*size, frame_height=frame_height, frame_width=frame_width)


def correct_photo(
    source: str | Path,
    target: str | Path,
    *,
    settings: CorrectionSettings | None = None,
    output: OutputSettings | None = None,
    **changes: Any,
) -> None:
    """Corrects one photograph on disk, at its full size and with its metadata.

    Args:
        source: A JPEG, PNG, WebP or HEIC file; see `keras_f2a.imaging.photo.open_photo`.
        target: The file to write, `.jpg`, `.png` or `.webp`; whole or not at all.
        settings: What is asked for; all defaults if `None`.
        output: How the photograph is read and written; all defaults if `None`.
        **changes: Values of either of them by name, for example ``strength=0.5, force=True``.

    Raises:
        InputError: The photograph or the model cannot be read, a setting is out of range, or
            `target` exists.
        WorkError: The result could not be written.
    """
    settings, output = changed_settings(changes, settings, output)
    Corrector(settings).correct_file(source, target, output)


def _loaded(model: str | os.PathLike | Engine | None, threads: int | None) -> Engine:
    if model is None:
        model = pretrained_file("int8.tflite")
    return load_engine(Path(model), threads) if isinstance(model, str | os.PathLike) else model
