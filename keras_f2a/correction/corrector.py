"""Corrects photographs and arrays at their full size with a trained generator."""

import os
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from keras_f2a.correction.any_photo import (
    correct_any_photo,
    correct_into_file,
    decoded_pixels,
    open_pixels,
)
from keras_f2a.correction.faces import BlazeFace, FaceFinder
from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.full_resolution import apply_local_affine, fit_local_affine
from keras_f2a.correction.lit_photo import LitPhoto
from keras_f2a.correction.oriented_engines import OrientedEngines
from keras_f2a.correction.photo_kinds import AnyPhoto
from keras_f2a.correction.pixels import Pixels
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.correction.small_correction import SmallCorrection
from keras_f2a.model_files.bundled import FACE_DETECTOR
from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import changed
from keras_f2a.support.stopwatch import Stopwatch

if TYPE_CHECKING:
    from keras_f2a.correction.engines import AnyModel


class Corrector:
    """Turns flash photographs into ambient ones. Loads the network once for many photographs.

    The network sees a small copy of the photograph. For the package's own networks and for any
    network for placed light, rules decide how its light is applied, unless `rules` is `"off"`; see
    `keras_f2a.correction.lights`. A local affine model carries the effect to every full-size pixel;
    see `keras_f2a.correction.full_resolution`. If the rules apply, red eyes are repaired too.

    Without a model, the corrector uses the package's network for placed light, which takes `light`.
    With `light="auto"`, it leaves photographs without flash almost unchanged.

    A `.tflite` file for landscape images may have a sibling for portrait images, or the other way
    around. Their names differ only in the size (`NAME_320x240_int8.tflite`,
    `NAME_240x320_int8.tflite`). Each photograph then goes through the file of its orientation.

    Threads may share a corrector. Each gets the results that it would get alone. A `.tflite`
    generator runs in one thread at a time. All other work, and a `.keras` generator, runs in
    parallel.

    Args:
        model: The settings of the correction, or only the model: a `.tflite`, `.onnx` or `.keras`
            file, a run directory, a Keras model in memory (a generator, a `PlacedLight` or a
            `FlashToAmbient`), or a loaded engine. `None` uses the model of `settings`.
        settings: The settings of the correction; the defaults if `None`.
        threads: How many threads a `.tflite` or `.onnx` file computes in; `None` uses one per core.
            If several processes share a machine, give each its share.
        face_finder: Finds faces for the rules; the package's own detector if `None`.
        **changes: Individual settings, which override those of `settings`; see
            `CorrectionSettings`.

    Attributes:
        settings: The settings of the correction.
        stopwatch: Seconds spent in each stage, over all photographs so far.

    Raises:
        InputError: The model cannot be loaded, has another type or predicts differences
            (DeepFlash), or a setting is out of range.
        WorkError: Out of memory.

    Example:
        >>> corrector = keras_f2a.Corrector(strength=0.8)
        >>> corrector.correct_file("party.jpg", "corrected/party.jpg")
        >>> ambient = corrector.correct(flash)  # an array
    """

    def __init__(
        self,
        model: "CorrectionSettings | AnyModel | None" = None,
        settings: CorrectionSettings | None = None,
        *,
        threads: int | None = None,
        face_finder: FaceFinder | None = None,
        **changes: Any,
    ):
        if isinstance(model, CorrectionSettings):
            model, settings = None, model
        self.settings = changed(settings or CorrectionSettings(), changes)
        if threads is not None and threads < 1:
            raise InputError("must be 1 or more", setting="threads", value=threads)
        self.stopwatch = Stopwatch()
        model = self.settings.model if model is None else model
        self._model, self._threads, self._custom_face_finder = model, threads, face_finder
        with self.stopwatch.stage("load model"):
            self._engines = OrientedEngines(model, threads)
        self._face_finder = face_finder or BlazeFace(FACE_DETECTOR)
        self._small_correction.check()

    def __reduce__(self):
        """Pickle the arguments. A copy loads the file again; a model in memory is pickled too."""
        arguments = {"threads": self._threads, "face_finder": self._custom_face_finder}
        return partial(Corrector, self._model, self.settings, **arguments), ()

    def with_settings(self, **changes: Any) -> "Corrector":
        """Return a corrector that shares the loaded model but has some settings changed.

        Args:
            **changes: Individual settings, except `model`, which override this corrector's.

        Raises:
            InputError: A setting is out of range, or is `model`.

        Example:
            >>> corrector = keras_f2a.Corrector()
            >>> weaker = corrector.with_settings(strength=0.5)
            >>> beside = corrector.with_settings(light="window-left")
        """
        if "model" in changes:
            raise InputError("is already loaded; create another `Corrector`", setting="model")
        corrector = object.__new__(type(self))
        corrector.__dict__.update(self.__dict__)
        corrector.settings = changed(self.settings, changes)
        corrector._small_correction.check()
        return corrector

    def correct(self, photo: AnyPhoto, output_settings: OutputSettings | None = None) -> Any:
        """Correct a photograph that is an array, an image, bytes, a file object or a path.

        Args:
            photo: An RGB array of shape (height, width, 3), uint8, uint16, or float32 in [0, 1]; a
                Pillow image of any 8-bit mode; the bytes of a file, or a file object; or a path.
            output_settings: How encoded photographs are read and written; the defaults if `None`.

        Returns:
            A new photograph of the same form. An array keeps its shape, dtype and range. A Pillow
            image keeps its size and alpha, and a gray one stays gray. Bytes and file objects give
            the bytes of a file of the same format, with its metadata (HEIC and RAW become JPEG, or
            PNG if they have alpha). A path gives an upright Pillow image, with EXIF, XMP, profile
            and resolution in its `info`.

        Raises:
            InputError: It has another form, is damaged, or has values that are out of range.
                Or `output_settings` asks for a before/after picture, which needs `correct_file`.
            WorkError: Out of memory, or temporary files cannot be written.

        Example:
            >>> result = keras_f2a.Corrector().correct(request.body)  # bytes in, bytes out
        """
        steps = FileCorrection(output_settings or OutputSettings(), stopwatch=self.stopwatch)
        return correct_any_photo(photo, self.correct_image, self._correct_pixels, steps=steps)

    def correct_image(
        self, image: Image.Image | np.ndarray, *, flash_fired: bool | None = None
    ) -> bool:
        """Correct the pixels of a photograph in place, without a second full-size copy.

        Args:
            image: A Pillow image of mode RGB, or a uint16 array of shape (height, width, 3), as
                `keras_f2a.imaging.photo.Photo` holds them.
            flash_fired: Whether the flash fired, according to the photograph's EXIF block; `None`
                if unknown. For `light="auto"`, the network counts less if it disagrees.

        Returns:
            Whether the photograph is almost unchanged, because it shows no flash.

        Raises:
            InputError: It has another type, mode or shape, or is empty.
        """
        return self._correct_pixels(decoded_pixels(image), flash_fired)

    def run_network(self, pixels: Pixels) -> tuple[np.ndarray, np.ndarray]:
        """Return the small copy of a photograph and the generator's output for it.

        Both are upright float32 RGB in [0, 1], with the working size and the photograph's aspect
        ratio.

        Raises:
            InputError: The model is for placed light, which has no output without a light.
        """
        return self._small_correction.run_network(pixels)

    def lights_for(
        self, photo: AnyPhoto, output_settings: OutputSettings | None = None
    ) -> LitPhoto:
        """Encode a photograph once, to preview it under any light at interactive speed.

        Args:
            photo: The photograph, in any form that `correct` takes. It is not changed.
            output_settings: How encoded photographs are read; the defaults if `None`.

        Returns:
            The small copy of the photograph. Its method `under` shows it under a light.

        Raises:
            InputError: The photograph cannot be read, or the model is not for placed light.
            WorkError: The model cannot run on it.

        Example:
            >>> photo = keras_f2a.Corrector().lights_for("party.jpg")
            >>> previews = [photo.under(name) for name in ("lamp-left", "-20,10,0.1")]
        """
        max_megapixels = (output_settings or OutputSettings()).max_megapixels
        pixels, flash_fired = open_pixels(photo, max_megapixels)
        return self._small_correction.encode(pixels, flash_fired)

    def correct_file(
        self,
        source: AnyPhoto,
        output: str | os.PathLike,
        output_settings: OutputSettings | None = None,
        **changes: Any,
    ) -> None:
        """Correct a photograph at its full size and write it to a file, with its metadata.

        Args:
            source: The photograph, in any form that `correct` takes.
            output: The file to write. It is written completely or not at all.
            output_settings: How photographs are read and written; the defaults if `None`.
            **changes: Individual settings, which override those of `output_settings`; see
                `OutputSettings`.

        Raises:
            InputError: The photograph cannot be read, or `output` exists.
            WorkError: The result could not be written.
        """
        output_settings = changed(output_settings or OutputSettings(), changes)
        steps = FileCorrection(output_settings, stopwatch=self.stopwatch)
        correct_into_file(source, output, correct_image=self.correct_image, steps=steps)

    def _correct_pixels(self, pixels: Pixels, flash_fired: bool | None = None) -> bool:
        small_copy = self._small_correction.correct(pixels, flash_fired)
        with self.stopwatch.stage("fit"):
            model = fit_local_affine(small_copy.small, small_copy.corrected)
            # The small correction has already applied a strength above 1.
            model = model.mixed_with_original(min(self.settings.strength, 1))
        with self.stopwatch.stage("apply"):
            apply_local_affine(model, self.settings.tone.over(pixels))
        return small_copy.is_left and self.settings.tone.is_neutral

    @property
    def _small_correction(self) -> SmallCorrection:
        return SmallCorrection(
            self._engines,
            self.settings,
            face_finder=self._face_finder,
            stopwatch=self.stopwatch,
        )
