"""The settings of a correction and of its output, with every default."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from keras_f2a.correction.tone import Tone
from keras_f2a.correction.working_copy import SMALLEST_FRAME_SIDE
from keras_f2a.data.light_names import NAMES
from keras_f2a.imaging.photo_limits import DEFAULT_MAX_MEGAPIXELS
from keras_f2a.model_files.image_to_image import DEFAULT_WORKING_SIZE
from keras_f2a.support.errors import InputError
from keras_f2a.support.late_import import LateModule
from keras_f2a.support.setting_names import check_names
from keras_f2a.support.settings import (
    changed,
    check_values,
    documented,
    same_setting,
    setting,
)

# Late: a command that only shows its help needs none of it.
if TYPE_CHECKING:
    from keras_f2a.data import light_mixtures
else:
    light_mixtures = LateModule("keras_f2a.data.light_mixtures")

LARGEST_STRENGTH = 2.0


@documented
@dataclass(frozen=True, kw_only=True)
class CorrectionSettings:
    """The settings of a photograph's correction. The constructor checks them.

    Raises:
        InputError: A value is invalid; the error names the setting.
    """

    model: str | os.PathLike | None = setting(
        None,
        "a .tflite, .onnx or .keras file, a run directory, a hub address (hf://user/repository) or "
        "light_v2, the package's generator; the default is the package's placed_light_v3",
        metavar="FILE",
    )
    strength: float = setting(
        1.0,
        "how strongly to correct: 0 keeps the original, 1 corrects fully, 2 doubles the light",
        metavar="S",
        at_least=0,
        at_most=LARGEST_STRENGTH,
    )
    brightness: float = same_setting(Tone, "brightness")
    warmth: float = same_setting(Tone, "warmth")
    red_eyes: str = setting(
        "auto",
        "auto repairs red eyes if `rules` is on; off leaves them red",
        choices=("auto", "off"),
    )
    rules: str = setting(
        "auto",
        "on applies the model's light with rules that viewers prefer; off uses the model's own "
        "result; auto is on for the package's models and for networks for placed light",
        choices=("auto", "on", "off"),
    )
    light: str = setting(
        "auto",
        "where the light comes from: "
        f"{', '.join(NAMES)}, or AZIMUTH,ELEVATION,SIZE; combine several with weights and color "
        "temperatures, as in window-left*0.7+lamp-right*0.3@2700; your own model must be a "
        "network for placed light",
        metavar="LIGHT",
    )
    working_size: int | None = setting(
        None,
        "long side in pixels of the small copy that the model sees; the default is "
        f"{DEFAULT_WORKING_SIZE}; models of a fixed size, such as .tflite files, do not accept it",
        at_least=SMALLEST_FRAME_SIDE,
    )

    def __post_init__(self):
        if not isinstance(self.model, str | os.PathLike | None):
            raise InputError(
                "must be the path of a model; `Corrector` and `correct_photo` take a network in "
                "memory",
                setting="model",
                value=type(self.model).__name__,
            )
        check_values(self)
        if not isinstance(self.light, str):  # A path is not a light.
            raise InputError("must be a text", setting="light", value=self.light)
        if self.light != "auto":
            light_mixtures.light_mixture(self.light)

    @property
    def tone(self) -> Tone:
        """The brightness and warmth of the result."""
        return Tone(self.brightness, self.warmth)


@documented
@dataclass(frozen=True, kw_only=True)
class OutputSettings:
    """How photographs are read and results are written. The constructor checks the settings.

    Raises:
        InputError: A value is invalid; the error names the setting.
    """

    force: bool = setting(False, "replace existing files")
    resume: bool = setting(
        True,
        "skip and count photographs that already have a result; otherwise report each one, and "
        "the exit code is 1",
    )
    quality: int | None = setting(
        None,
        "JPEG, WebP or AVIF quality; by default a JPEG keeps its own, and other results get 95 as "
        "JPEG, 92 as lossy WebP and 88 as AVIF",
        metavar="Q",
        at_least=1,
        at_most=100,
    )
    compare: bool = setting(False, "write a before/after picture next to each result")
    keep_time: bool = setting(
        True,
        "give each result the modification time of its photograph",
    )
    mark_edited: bool = setting(
        False, "note in the XMP, as IPTC's digital source type, that an algorithm edited the result"
    )
    max_megapixels: float = setting(
        DEFAULT_MAX_MEGAPIXELS, "refuse photographs with more megapixels", more_than=0
    )

    def __post_init__(self):
        check_values(self)


def changed_settings(
    changes: Mapping[str, Any],
    correction: CorrectionSettings | None = None,
    output: OutputSettings | None = None,
) -> tuple[CorrectionSettings, OutputSettings]:
    """Return both settings with some values changed by name.

    Args:
        changes: New values by name, for settings of either kind.
        correction: The settings of the correction; the defaults if `None`.
        output: The settings of the output; the defaults if `None`.

    Raises:
        InputError: A value is invalid.
        TypeError: There is no such setting.
    """
    correction_names = [item.name for item in fields(CorrectionSettings)]
    output_names = [item.name for item in fields(OutputSettings)]
    check_names(changes, [*correction_names, *output_names], "a correction")
    return (
        changed(correction or CorrectionSettings(), _select(changes, correction_names)),
        changed(output or OutputSettings(), _select(changes, output_names)),
    )


def _select(changes: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name in names}
