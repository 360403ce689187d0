"""Lights given by name or by direction, and their descriptions for a network for placed light.

A light is described relative to the subject, which is what the camera aims at. Lengths are
fractions of the distance from the camera to the subject.

- Azimuth, in degrees: 0 is toward the camera, 90 toward the right of the picture, -90 toward the
  left, and 180 behind the subject.
- Elevation, in degrees: 0 is at the subject's height, 90 straight above it.
- Size: the side of the light divided by its distance from the subject. It is about 0.1 for a bulb
  with a shade, 0.5 for a window, and 1 for all the light that the rest of a room reflects.

`keras_f2a.data.light_numbers` explains the thirteen numbers of a description. A light's kind, its
distance and where it shines may be left open. They then get values typical of rendered rooms.
"""

import math
from dataclasses import dataclass

import numpy as np

from keras_f2a.data.light_names import NAMES
from keras_f2a.data.light_numbers import KINDS, LIGHT_NUMBERS, described
from keras_f2a.support.errors import InputError

_DISTANCES = {"ceiling": 1.75, "window": 2.2, "lamp": 1.65, "room": 3.2}
"""Distances from the subject: the medians of rendered views."""
_SMALLEST, _LAMP, _WINDOW, _LARGEST = 0.02, 0.25, 0.7, 1.5
_OVERHEAD = 40.0
_MIRRORED = np.ones(LIGHT_NUMBERS, np.float32)
_MIRRORED[[0, 4]] = -1


@dataclass(frozen=True)
class Direction:
    """A light as a user describes it.

    Attributes:
        azimuth: Degrees in [-180, 180], positive to the right.
        elevation: Degrees in [-90, 90], positive above the subject.
        size: Its side divided by its distance from the subject, in [0.02, 1.5].
        kind: One of `KINDS`. By default, elevation and size decide.
    """

    azimuth: float
    elevation: float
    size: float
    kind: str | None = None


NAMED = {
    "ceiling": Direction(0, 45, 0.4, "ceiling"),
    "window-left": Direction(-58, 5, 0.5, "window"),
    "window-right": Direction(58, 5, 0.5, "window"),
    "lamp-left": Direction(-58, 14, 0.1, "lamp"),
    "lamp-right": Direction(58, 14, 0.1, "lamp"),
    "room": Direction(0, -9, 0.9, "room"),
}
"""Lights by name: approximate medians of rendered views, symmetric about the middle."""
AUTO = ("ceiling", "window-left", "window-right", "room")
"""The lights that `auto` mixes in equal parts."""


def named_lights() -> np.ndarray:
    """Return the descriptions of all `NAMED` lights, float32, (lights, 13)."""
    return np.stack([numbers_of(light) for light in NAMED.values()])


def numbers_of(light: Direction) -> np.ndarray:
    """Return the description of a light, float32, (13,).

    Raises:
        InputError: A number is out of range, or the kind is not in `KINDS`.
    """
    _check(light)
    kind = light.kind or _kind(light)
    away = _DISTANCES[kind]
    azimuth, elevation = math.radians(light.azimuth), math.radians(light.elevation)
    flat = math.cos(elevation)
    toward = np.array([flat * math.sin(azimuth), math.sin(elevation), -flat * math.cos(azimuth)])
    center = np.array([0.0, 0.0, 1.0]) + away * toward
    distance = float(np.linalg.norm(center))
    size = math.log(light.size * away + 0.02)
    shining = _shining(kind, toward)
    return described([*center / distance, math.log(distance + 0.1), *shining, size, 0], kind)


def mirrored(numbers: np.ndarray) -> np.ndarray:
    """Return light descriptions, (…, 13), with left and right swapped."""
    return numbers * _MIRRORED


def _shining(kind: str, toward: np.ndarray) -> np.ndarray:
    """Return the direction in which a light shines.

    Ceiling lights shine down, windows straight into the room, and others at the subject.
    """
    if kind == "ceiling":
        return np.array([0.0, -1.0, 0.0])
    if kind == "window":
        across = np.zeros(3)
        axis = 0 if abs(toward[0]) >= abs(toward[2]) else 2
        across[axis] = -np.sign(toward[axis])
        return across
    return -toward


def _kind(light: Direction) -> str:
    if light.size < _LAMP:
        return "lamp"
    if light.elevation >= _OVERHEAD:
        return "ceiling"
    return "window" if light.size <= _WINDOW else "room"


def parsed(text: str) -> Direction:
    """Parse a light from `AZIMUTH,ELEVATION,SIZE`.

    Raises:
        InputError: The text is not three numbers, or one is out of range.
    """
    parts = text.split(",")
    try:
        azimuth, elevation, size = map(float, parts)
    except ValueError:
        raise InputError(
            f"choose one of {', '.join(NAMES)}, or give AZIMUTH,ELEVATION,SIZE, for example "
            "-60,20,0.5",
            setting="light",
            value=text[:60],
        ) from None
    direction = Direction(azimuth, elevation, size)
    _check(direction)
    return direction


def _check(light: Direction) -> None:
    for name, value, low, high in (
        ("azimuth", light.azimuth, -180.0, 180.0),
        ("elevation", light.elevation, -90.0, 90.0),
        ("size", light.size, _SMALLEST, _LARGEST),
    ):
        if not low <= value <= high:  # also if it is NaN
            raise InputError(
                f"the {name} must be between {low:g} and {high:g}, not {value:g}", setting="light"
            )
    if light.kind is not None and light.kind not in KINDS:
        raise InputError(
            f"the kind {light.kind!r} is unknown; choose one of {', '.join(KINDS)}",
            setting="light",
        )
