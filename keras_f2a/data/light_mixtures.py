"""Parses texts that describe mixtures of lights, each with its brightness and color.

A mixture is one or more lights joined by `+`:

    LIGHT[*WEIGHT][@KELVIN][+LIGHT[*WEIGHT][@KELVIN]]…

A LIGHT is a name in `keras_f2a.data.described_lights.NAMES` or `AZIMUTH,ELEVATION,SIZE`. WEIGHT is
its brightness relative to the others, 1 by default. KELVIN is its color temperature. A light
without one has the flash's color. `window-left*0.7+lamp-right*0.3@2700` is a window with a warm
lamp. Spaces are ignored, but a space between two lights counts as `+`, because a `+` in a URL
decodes to a space.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from keras_f2a.data.described_lights import (
    AUTO,
    NAMED,
    Direction,
    describe_direction,
    parse_direction,
)
from keras_f2a.support.color_temperature import HIGHEST, LOWEST
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

AUTO_NAME = "auto"
MOST_LIGHTS = 8
"""Maximum number of lights in a text."""
_MAX_WEIGHT = 10.0
_MAX_LENGTH = 400  # characters
_SEPARATOR = re.compile(r"(?<![+,*@])(?<!^)(?<!\d[eE])\+|\s+")
"""A space, or a plus that is not the sign of a number."""
_PART = re.compile(r"(?P<light>[^*@]*)(\*(?P<weight>[^*@]*))?(@(?P<kelvin>[^*@]*))?")


@dataclass(frozen=True)
class MixedLight:
    """One light of a mixture.

    Attributes:
        direction: Where it is.
        share: Its share of the mixture's brightness. All shares sum to 1.
        temperature: Color temperature in kelvin, `None` for the flash's own color.
    """

    direction: Direction
    share: float
    temperature: float | None = None

    @property
    def rightward(self) -> float:
        """How far the light is to the right, from -1 at the subject's left to 1 at its right."""
        azimuth, elevation = self.direction.azimuth, self.direction.elevation
        return math.sin(math.radians(azimuth)) * math.cos(math.radians(elevation))


@dataclass(frozen=True)
class LightMixture:
    """Lights that illuminate a scene together.

    Attributes:
        lights: One or more lights.
        is_auto: Whether the text is `auto` alone, in any color, so that nobody chose a light.
    """

    lights: tuple[MixedLight, ...]
    is_auto: bool = False

    @property
    def numbers(self) -> np.ndarray:
        """Descriptions of the lights for a network, float32, (lights, 13)."""
        return np.stack([describe_direction(light.direction) for light in self.lights])

    @property
    def shares(self) -> np.ndarray:
        """Shares of the brightness, float64, (lights,). They sum to 1."""
        return np.array([light.share for light in self.lights])

    @property
    def rightward(self) -> float:
        """Overall side of the light, from -1 (left) to 1 (right). 0 is equally from both sides."""
        return sum(light.share * light.rightward for light in self.lights)


@lru_cache(maxsize=64)
def light_mixture(text: str) -> LightMixture:
    """Parse a text into a mixture of lights.

    Args:
        text: A mixture in the syntax of this module. `auto` is several lights in equal parts.

    Raises:
        InputError: The text is too long, a light is unknown, there are too many lights, or a
            number is out of range.

    Example:
        >>> light_mixture("lamp-left").numbers.shape  # the lights' input of a `PlacedLight`
        (1, 13)
    """
    excerpt = text if len(text) <= 60 else f"{text[:60]}…"
    try:
        return _parse_mixture(text)
    except InputError as error:
        raise InputError(error.message, setting="light", value=printable(excerpt)) from None


def _parse_mixture(text: str) -> LightMixture:
    if len(text) > _MAX_LENGTH:
        raise InputError(f"write at most {_MAX_LENGTH} characters")
    parts = _split_parts(text)
    if len(parts) > MOST_LIGHTS:
        raise InputError(f"name at most {MOST_LIGHTS} lights")
    lights = [light for part in parts for light in _parse_part(part)]
    total = sum(light.share for light in lights)
    return LightMixture(
        tuple(
            MixedLight(light.direction, light.share / total, light.temperature) for light in lights
        ),
        is_auto=len(parts) == 1 and _light_text(parts[0]) == AUTO_NAME,
    )


def _split_parts(text: str) -> list[str]:
    """Split a text into its lights."""
    joined = re.sub(r"\s*([,*@+])\s*", r"\1", text.strip())
    return _SEPARATOR.split(joined)


def _parse_part(text: str) -> list[MixedLight]:
    """Parse one part of a text into lights, whose `share` is still the weight."""
    match = _PART.fullmatch(text)
    if match is None:
        raise InputError("write each light as LIGHT, LIGHT*WEIGHT, LIGHT@KELVIN or both")
    name = _light_text(text)
    weight = _parse_number(match["weight"], "weight", 0.01, _MAX_WEIGHT)
    kelvin = _parse_number(match["kelvin"], "color temperature", LOWEST, HIGHEST)
    weight = 1.0 if weight is None else weight
    if name == AUTO_NAME:
        return [MixedLight(NAMED[name], weight / len(AUTO), kelvin) for name in AUTO]
    direction = NAMED[name] if name in NAMED else parse_direction(name)
    return [MixedLight(direction, weight, kelvin)]


def _light_text(part: str) -> str:
    """Return the light of a part, without its weight and color temperature."""
    return re.split(r"[*@]", part, maxsplit=1)[0]


def _parse_number(text: str | None, name: str, low: float, high: float) -> float | None:
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not low <= number <= high:  # also if it is NaN
        raise InputError(f"the {name} must be a number from {low:g} to {high:g}, not {text[:30]!r}")
    return number
