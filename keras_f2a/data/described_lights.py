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
from keras_f2a.data.light_numbers import KINDS, LIGHT_NUMBERS, describe_light
from keras_f2a.support.errors import InputError

_DISTANCES = {"ceiling": 1.75, "window": 2.2, "lamp": 1.65, "room": 3.2}
"""Distances from the subject: the medians of rendered views."""
_MIN_SIZE, _MAX_LAMP_SIZE, _MAX_WINDOW_SIZE, _MAX_SIZE = 0.02, 0.25, 0.7, 1.5
_MIN_CEILING_ELEVATION = 40.0
_MIRROR_SIGNS = np.ones(LIGHT_NUMBERS, np.float32)
_MIRROR_SIGNS[[0, 4]] = -1


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
    return np.stack([describe_direction(light) for light in NAMED.values()])


def describe_direction(light: Direction) -> np.ndarray:
    """Return the description of a light, float32, (13,).

    Raises:
        InputError: A number is out of range, or the kind is not in `KINDS`.
    """
    _check(light)
    kind = light.kind or _infer_kind(light)
    subject_distance = _DISTANCES[kind]
    azimuth, elevation = math.radians(light.azimuth), math.radians(light.elevation)
    flat = math.cos(elevation)
    direction = np.array([flat * math.sin(azimuth), math.sin(elevation), -flat * math.cos(azimuth)])
    center = np.array([0.0, 0.0, 1.0]) + subject_distance * direction
    distance = float(np.linalg.norm(center))
    size = math.log(light.size * subject_distance + 0.02)
    beam_direction = _beam_direction(kind, direction)
    numbers = [*center / distance, math.log(distance + 0.1), *beam_direction, size, 0]
    return describe_light(numbers, kind)


def mirror_lights(numbers: np.ndarray) -> np.ndarray:
    """Return light descriptions, (…, 13), with left and right swapped."""
    return numbers * _MIRROR_SIGNS


def _beam_direction(kind: str, direction: np.ndarray) -> np.ndarray:
    """Return the direction in which a light shines.

    Ceiling lights shine down, windows straight into the room, and others at the subject.
    """
    if kind == "ceiling":
        return np.array([0.0, -1.0, 0.0])
    if kind == "window":
        beam = np.zeros(3)
        axis = 0 if abs(direction[0]) >= abs(direction[2]) else 2
        beam[axis] = -np.sign(direction[axis])
        return beam
    return -direction


def _infer_kind(light: Direction) -> str:
    if light.size < _MAX_LAMP_SIZE:
        return "lamp"
    if light.elevation >= _MIN_CEILING_ELEVATION:
        return "ceiling"
    return "window" if light.size <= _MAX_WINDOW_SIZE else "room"


def parse_direction(text: str) -> Direction:
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
        ("size", light.size, _MIN_SIZE, _MAX_SIZE),
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
