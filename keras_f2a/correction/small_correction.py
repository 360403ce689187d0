"""Corrects the small copy of a photograph with the network, the chosen light and the rules."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from keras_f2a.correction.engine import AnyEngine, LightEngine
from keras_f2a.correction.faces import Face, FaceFinder
from keras_f2a.correction.lights import relight
from keras_f2a.correction.lit_photo import LitPhoto
from keras_f2a.correction.oriented_engines import OrientedEngines
from keras_f2a.correction.pixels import Pixels
from keras_f2a.correction.red_eyes import repair_red_eyes
from keras_f2a.correction.settings import CorrectionSettings
from keras_f2a.correction.working_copy import (
    WorkingCopy,
    working_copy_of_any_size,
    working_copy_of_fixed_size,
)
from keras_f2a.model_files.image_to_image import DEFAULT_WORKING_SIZE
from keras_f2a.support.errors import InputError
from keras_f2a.support.stopwatch import Stopwatch


class CorrectedCopy(NamedTuple):
    """The small copy of a photograph before and after its correction.

    Both are upright float32 RGB in [0, 1], with the working size and the photograph's aspect ratio.

    Attributes:
        small: The copy before the correction.
        corrected: The copy after the correction.
        is_left: Whether it is almost unchanged, because the photograph shows no flash.
    """

    small: np.ndarray
    corrected: np.ndarray
    is_left: bool = False


class SmallCorrection:
    """Corrects the small copy of a photograph.

    Args:
        engines: The loaded model.
        settings: The settings of the correction.
        face_finder: Finds faces for the rules.
        stopwatch: Measures the seconds of each stage.
    """

    def __init__(
        self,
        engines: OrientedEngines,
        settings: CorrectionSettings,
        *,
        face_finder: FaceFinder,
        stopwatch: Stopwatch,
    ):
        self._engines, self._settings = engines, settings
        self._face_finder, self._stopwatch = face_finder, stopwatch

    def check(self) -> None:
        """Check that the model supports the settings.

        Raises:
            InputError: It does not; the error names the setting.
        """
        if self._settings.light != "auto" and not self._takes_lights:
            raise InputError(
                "this model cannot be told where the light comes from; omit `model`, or name one "
                "for placed light",
                setting="light",
                value=self._settings.light,
            )
        fixed_size = self._engines.primary.fixed_size
        if self._settings.working_size is not None and fixed_size is not None:
            height, width = fixed_size
            raise InputError(
                f"this model takes only {width}x{height} pixels; omit `working_size`, or name a "
                ".keras model",
                setting="working_size",
                value=self._settings.working_size,
            )

    def run_network(self, pixels: Pixels) -> tuple[np.ndarray, np.ndarray]:
        """See `keras_f2a.correction.corrector.Corrector.run_network`."""
        engine, layout, small = self._prepare_copy(pixels)
        if isinstance(engine, LightEngine):
            raise InputError("is for placed light; `lights_for` runs it", setting="model")
        with self._stopwatch.stage("network"):
            return small, layout.out_of_frame(engine.run(layout.into_frame(small)))

    def correct(self, pixels: Pixels, flash_fired: bool | None = None) -> CorrectedCopy:
        """Return the small copy before and after its correction, and repair red eyes in place.

        A strength above 1 is applied here. One below 1 is applied at full size.

        Args:
            pixels: The photograph.
            flash_fired: Whether the flash fired, according to its file; `None` if unknown.

        Raises:
            WorkError: The model cannot run.
        """
        light = self._settings.light
        if self._takes_lights:
            photo = self._encode(pixels, flash_fired, with_rules=self._relights)
            with self._stopwatch.stage("light"):
                corrected = photo.under(light, strength=self._light_amount)
            return CorrectedCopy(photo.small, corrected, photo.is_left(light))
        small, corrected = self.run_network(pixels)
        if self._relights:
            return CorrectedCopy(small, self._relight(pixels, small, corrected))
        if self._light_amount > 1:
            corrected = np.clip(small + np.float32(self._light_amount) * (corrected - small), 0, 1)
        return CorrectedCopy(small, corrected)

    def encode(self, pixels: Pixels, flash_fired: bool | None = None) -> LitPhoto:
        """Encode a photograph with the network for placed light, and repair red eyes in place.

        Args:
            pixels: The photograph.
            flash_fired: Whether the flash fired, according to its file; `None` if unknown.

        Raises:
            InputError: The model is not for placed light.
            WorkError: It cannot run.
        """
        return self._encode(pixels, flash_fired, with_rules=self._uses_rules)

    def _encode(self, pixels: Pixels, flash_fired: bool | None, *, with_rules: bool) -> LitPhoto:
        engine, layout, small = self._prepare_copy(pixels)
        if not isinstance(engine, LightEngine):
            raise InputError("cannot be told where the light comes from", setting="model")
        faces = self._find_faces(pixels, small) if with_rules else None
        with self._stopwatch.stage("network"):
            return LitPhoto(small, engine, layout, faces=faces, flash_fired=flash_fired)

    @property
    def _uses_rules(self) -> bool:
        rules = self._settings.rules
        by_default = self._engines.is_bundled or self._takes_lights
        return rules == "on" or (rules == "auto" and by_default)

    @property
    def _relights(self) -> bool:
        return self._uses_rules and self._settings.strength > 0

    @property
    def _light_amount(self) -> float:
        """The factor on the network's light, at least 1."""
        return max(self._settings.strength, 1.0)

    @property
    def _takes_lights(self) -> bool:
        return isinstance(self._engines.primary, LightEngine)

    def _prepare_copy(self, pixels: Pixels) -> tuple[AnyEngine, WorkingCopy, np.ndarray]:
        """Return the engine for a photograph, the layout of its small copy, and the copy itself."""
        engine = self._engines.for_photo(pixels.height, pixels.width)
        layout = self._plan_copy(pixels, engine)
        with self._stopwatch.stage("shrink"):
            return engine, layout, pixels.shrink(layout.height, layout.width)

    def _relight(self, pixels: Pixels, small: np.ndarray, output: np.ndarray) -> np.ndarray:
        """Return the small image after the rules, and repair the photograph's red eyes in place."""
        faces = self._find_faces(pixels, small)
        with self._stopwatch.stage("rules"):
            return relight(small, output, faces, amount=self._light_amount)

    def _find_faces(self, pixels: Pixels, small: np.ndarray) -> Sequence[Face]:
        """Return the faces in the small copy, and repair the photograph's red eyes in place."""
        with self._stopwatch.stage("faces"):
            faces = self._face_finder.find(small)
            if self._settings.red_eyes == "auto":
                repair_red_eyes(pixels, faces, pixels.width / small.shape[1])
            return faces

    def _plan_copy(self, pixels: Pixels, engine: AnyEngine) -> WorkingCopy:
        size = pixels.height, pixels.width
        if engine.fixed_size is None:
            long_side = self._settings.working_size or DEFAULT_WORKING_SIZE
            return working_copy_of_any_size(*size, long_side)
        frame_height, frame_width = engine.fixed_size
        return working_copy_of_fixed_size(
            *size,
            frame_height=frame_height,
            frame_width=frame_width,
            upright=isinstance(engine, LightEngine),
        )
