"""A photograph that a network for placed light has encoded, to show it quickly under any light.

Every port runs these steps on the small copy of the photograph:

1. ``encode`` it once. The copy is never rotated in the network's frame, because left and right
   matter. The network may also estimate the flash's share of the photograph's light, and the file
   may say whether the flash fired (`keras_f2a.correction.flash_share`).
2. Ask for the gain of each light of the mixture (`keras_f2a.correction.placed_light.log_gains`).
3. Mix the gains and the lights' colors (`keras_f2a.correction.placed_light.mix_lights`).
4. Apply the rules to the mixed gain, which replaces the logarithm in step 1 of the rules
   (`keras_f2a.correction.lights.relight_by_gain`). Only `auto` uses the flash's share. Without
   rules, multiply the mixed gain's logarithm by a strength above 1 and apply it (`apply_log_gain`).
5. Color the added light (`keras_f2a.correction.placed_light.apply_tint`).
6. If the strength is below 1, mix the result with the photograph.
"""

from collections.abc import Sequence

import numpy as np

from keras_f2a.correction.engine import LightEngine
from keras_f2a.correction.faces import Face
from keras_f2a.correction.flash_share import flash_share
from keras_f2a.correction.light_limits import linear_step
from keras_f2a.correction.lights import LITTLE_FLASH, MUCH_FLASH, RelitImage, relight_by_gain
from keras_f2a.correction.placed_light import (
    apply_log_gain,
    apply_tint,
    keep_mean_light,
    log_gains,
    mean_light,
    mix_lights,
)
from keras_f2a.correction.settings import CorrectionSettings
from keras_f2a.correction.working_copy import WorkingCopy
from keras_f2a.data.light_mixtures import LightMixture, light_mixture

ALMOST_NONE = 0.1
"""If less than this share of `auto` is applied, the photograph counts as almost unchanged."""


class LitPhoto:
    """The small copy of a photograph under any light. `Corrector.lights_for` returns it.

    Threads may share it.

    Args:
        small: The small copy, float32 RGB in [0, 1], shape (height, width, 3).
        engine: The network for placed light.
        copy: How the copy lies in the network's frame.
        faces: The faces in the copy, for the rules; `None` for the network's own result.
        flash_fired: Whether the flash fired, according to the photograph's file; `None` if unknown.

    Attributes:
        small: The small copy.
        flash_share: The flash's share of the photograph's light, in [0, 1].
    """

    def __init__(
        self,
        small: np.ndarray,
        engine: LightEngine,
        copy: WorkingCopy,
        *,
        faces: Sequence[Face] | None,
        flash_fired: bool | None = None,
    ):
        self.small = small
        self._engine, self._layout, self._faces = engine, copy, faces
        self._encoded = engine.encode(copy.into_frame(small))
        self.flash_share = flash_share(self._encoded.flash_share, flash_fired)

    def under(self, light: str = "auto", *, strength: float = 1.0) -> np.ndarray:
        """Return the small copy under a light.

        Args:
            light: One light or several, as in `CorrectionSettings.light`.
            strength: How much of it, as in `CorrectionSettings.strength`. The corrector's own
                strength and tone have no effect here.

        Returns:
            float32 RGB in [0, 1], with the shape of `small`.

        Raises:
            InputError: There is no such light, or a number is out of range.
            WorkError: The network cannot run.

        Example:
            >>> photo = keras_f2a.Corrector().lights_for("party.jpg")
            >>> preview = photo.under("lamp-left@2700")
        """
        CorrectionSettings(light=light, strength=strength)  # Checks both.
        mixture = light_mixture(light)
        amount = max(strength, 1.0)
        frame = self._layout.frame_height, self._layout.frame_width
        gains = log_gains(self._engine, self._encoded.features, mixture.numbers, size=frame)
        gains = np.stack([self._layout.out_of_frame(gain) for gain in gains])
        mix = mix_lights(self.small, gains, mixture)
        relit = self._relight(mix.log_gain, mixture, amount=amount)
        image = relit.image
        if mix.tint is not None:
            image = apply_tint(image, relit.factor, mix.tint)
        if strength >= 1:
            return image
        return self.small + np.float32(strength) * (image - self.small)

    def is_left(self, light: str) -> bool:
        """Return whether a light leaves the photograph almost unchanged because it has no flash."""
        follows_flash = light_mixture(light).is_auto and self._faces is not None
        applied = linear_step(self.flash_share, LITTLE_FLASH, MUCH_FLASH)
        return follows_flash and applied < ALMOST_NONE

    def _relight(self, log_gain: np.ndarray, mixture: LightMixture, *, amount: float) -> RelitImage:
        if self._faces is not None:
            return relight_by_gain(
                self.small,
                log_gain,
                self._faces,
                rightward=mixture.rightward,
                amount=amount,
                flash_share=self.flash_share if mixture.is_auto else 1.0,
            )
        log_gain = amount * log_gain
        factor = np.exp(keep_mean_light(mean_light(self.small), log_gain))
        return RelitImage(apply_log_gain(self.small, log_gain), factor)
