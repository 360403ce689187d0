"""Lights in one text: which there are, how bright and of which color each is.

A mixture is one or more lights, with `+` between them:

    LIGHT[*WEIGHT][@KELVIN][+LIGHT[*WEIGHT][@KELVIN]]…

A LIGHT is a name of `keras_f2a.data.described_lights.NAMES` or `AZIMUTH,ELEVATION,SIZE`. WEIGHT is
its brightness beside the others, 1 if there is none. KELVIN is its color temperature; a light
without one has the flash's color. `window-left*0.7+lamp-right*0.3@2700` is a window with a warm
lamp. Spaces are ignored, except that a space between two lights counts as `+`, because addresses
write a `+` so.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from keras_f2a.data.described_lights import AUTO, NAMED, Direction, numbers_of, parsed
from keras_f2a.support.color_temperature import HIGHEST, LOWEST
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

AUTO_NAME = "auto"
MOST_LIGHTS = 8
"""That a text may name."""
_LARGEST_WEIGHT = 10.0
_LONGEST = 400  # characters
_BETWEEN = re.compile(r"(?<![+,*@])(?<!^)(?<!\d[eE])\+|\s+")
"""A plus that is no sign of a number, or a space."""
_ONE = re.compile(r"(?P<light>[^*@]*)(\*(?P<weight>[^*@]*))?(@(?P<kelvin>[^*@]*))?")


@dataclass(frozen=True)
class MixedLight:
    """One light of a mixture.

    Attributes:
        direction: Where it is.
        share: Of the mixture's brightness; those of all lights sum to 1.
        temperature: In kelvin, `None` for the flash's own color.
    """

    direction: Direction
    share: float
    temperature: float | None = None

    @property
    def rightward(self) -> float:
        """How far it is to the right: 1 at the right of the subject, -1 at its left."""
        azimuth, elevation = self.direction.azimuth, self.direction.elevation
        return math.sin(math.radians(azimuth)) * math.cos(math.radians(elevation))


@dataclass(frozen=True)
class LightMixture:
    """Lights that light a scene together.

    Attributes:
        lights: One or more.
        is_auto: Whether `auto` alone was asked for, of any color: nobody named a light.
    """

    lights: tuple[MixedLight, ...]
    is_auto: bool = False

    @property
    def numbers(self) -> np.ndarray:
        """What a network is told of each light, float32, (lights, 13)."""
        return np.stack([numbers_of(light.direction) for light in self.lights])

    @property
    def shares(self) -> np.ndarray:
        """Of the brightness, float64, (lights,); they sum to 1."""
        return np.array([light.share for light in self.lights])

    @property
    def rightward(self) -> float:
        """Where the light comes from on the whole, in [-1, 1]; 0 is from both sides alike."""
        return sum(light.share * light.rightward for light in self.lights)


@lru_cache(maxsize=64)
def light_mixture(text: str) -> LightMixture:
    """Return the lights that a text stands for.

    Args:
        text: As the module's docstring has it. `auto` is several lights in equal parts.

    Raises:
        InputError: There is no such light, there are too many, or a number is out of range.

    Example:
        >>> light_mixture("lamp-left").numbers.shape  # what a `PlacedLight` is told
        (1, 13)
    """
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    try:
        return _mixture(text)
    except InputError as error:
        raise InputError(error.message, setting="light", value=printable(shown)) from None


def _mixture(text: str) -> LightMixture:
    if len(text) > _LONGEST:
        raise InputError(f"write at most {_LONGEST} characters")
    parts = _parts(text)
    if len(parts) > MOST_LIGHTS:
        raise InputError(f"name at most {MOST_LIGHTS} lights")
    found = [light for part in parts for light in _lights(part)]
    total = sum(light.share for light in found)
    return LightMixture(
        tuple(
            MixedLight(light.direction, light.share / total, light.temperature) for light in found
        ),
        is_auto=len(parts) == 1 and _name(parts[0]) == AUTO_NAME,
    )


def _parts(text: str) -> list[str]:
    """Return the lights of a text."""
    joined = re.sub(r"\s*([,*@+])\s*", r"\1", text.strip())
    return _BETWEEN.split(joined)


def _lights(text: str) -> list[MixedLight]:
    """Return what one part of a text stands for, with its weight as the share."""
    match = _ONE.fullmatch(text)
    if match is None:
        raise InputError("write each light as LIGHT, LIGHT*WEIGHT, LIGHT@KELVIN or both")
    name = _name(text)
    weight = _number(match["weight"], "weight", 0.01, _LARGEST_WEIGHT)
    kelvin = _number(match["kelvin"], "color temperature", LOWEST, HIGHEST)
    weight = 1.0 if weight is None else weight
    if name == AUTO_NAME:
        return [MixedLight(NAMED[one], weight / len(AUTO), kelvin) for one in AUTO]
    direction = NAMED[name] if name in NAMED else parsed(name)
    return [MixedLight(direction, weight, kelvin)]


def _name(part: str) -> str:
    """Return what a part begins with, before its weight and color temperature."""
    return re.split(r"[*@]", part, maxsplit=1)[0]


def _number(text: str | None, name: str, low: float, high: float) -> float | None:
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not low <= number <= high:  # also if it is no number
        raise InputError(f"the {name} must be a number from {low:g} to {high:g}, not {text[:30]!r}")
    return number
