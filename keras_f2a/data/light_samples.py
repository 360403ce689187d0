"""One training example of a network for placed light, made of a rendered view.

Everything is NumPy, and a function of what is given alone, so that training resumes after an
interruption as if there had been none, in whatever Keras computes with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keras_f2a.data.described_lights import mirrored
from keras_f2a.data.light_views import EncodedView, LightView, decode_view
from keras_f2a.support.settings import Range
from keras_f2a.support.srgb import from_linear, to_linear

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_ZOOM_SHARE = 0.35
_NOISE = 0.03
_BLUR_SHARE = 0.25
# Above it, in linear light, a channel may have been clipped and says nothing of exposure.
_UNCLIPPED = 0.955
_LEAST, _MOST = 0.2, 5.0
# How fast the weight of a place for smoothness falls with the steps of log luminance there.
_PLAIN = 0.1


@dataclass(frozen=True)
class Camera:
    """What makes a photograph of radiance.

    Attributes:
        mean_luma: Mean luma in [0, 1] that the exposure aims at.
        contrast: Strength of the S-shaped tone curve, 0 for none.
        shoulder: How late the highlights roll off; 0 is film-like, 2 is nearly a sharp clip.
        saturation: Factor on the distance of a color from gray, in linear light.
        cast: Gains of R, G and B, (3,).
    """

    mean_luma: float = 0.43
    contrast: float = 0.5
    shoulder: float = 1.0
    saturation: float = 1.0
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class LightSample:
    """What a network sees and what it is compared with.

    Attributes:
        flash: The flash photograph, float32 RGB in [0, 1], (height, width, 3).
        lights: What is told of each light, float32, (lights, 13).
        pictures: The scene under each light alone with the flash photograph's mean, RGB in [0, 1],
            and how much each pixel counts; float32, (lights, height, width, 4).
        plain: How plain the steps to the right and down are, in photograph and picture, 1 for no
            edge at all; float32, (lights, height, width, 2).
        geometry: Unit vectors of the surfaces, and subject distance divided by distance, 0 where
            nothing is; float32, (height, width, 4).
    """

    flash: np.ndarray
    lights: np.ndarray
    pictures: np.ndarray
    plain: np.ndarray
    geometry: np.ndarray


def training_sample(
    encoded: EncodedView, rng: np.random.Generator, *, lights: int, long_side: int, zoom: Range
) -> LightSample:
    """Return a view with some of its lights, changed at random.

    Changed are the side that is left, light and all, the section in some of the cases, the camera,
    and the flash photograph's noise and sharpness.

    Args:
        encoded: The view, with at least one light.
        rng: Decides everything.
        lights: How many, drawn anew; of a view with fewer some come twice.
        long_side: Of the pictures in pixels.
        zoom: The section's share of the sides.
    """
    known = len(encoded.record["lights"])
    drawn = np.concatenate([rng.permutation(known) for _ in range(-(-lights // known))])
    chosen = [int(number) for number in drawn[:lights]]
    width, height = encoded.size
    share = rng.uniform(*zoom) if rng.random() < _ZOOM_SHARE else 1.0
    left, top = rng.random(2) * (1 - share) * (width, height)
    box = (left, top, left + share * width, top + share * height)
    view = decode_view(encoded, chosen, box=box, size=shown_size(encoded, long_side))
    return _sample(view, _drawn_camera(rng), (rng.random() < 0.5, rng))


def plain_sample(encoded: EncodedView, long_side: int) -> LightSample:
    """Return a view with all of its lights, in an average camera and otherwise as it is."""
    return _sample(decode_view(encoded, size=shown_size(encoded, long_side)), Camera(), None)


def shown_size(encoded: EncodedView, long_side: int) -> tuple[int, int]:
    """Width and height of a view whose long side is brought to so many pixels."""
    width, height = encoded.size
    scale = long_side / max(width, height)
    return round(width * scale), round(height * scale)


def develop(radiance: np.ndarray, camera: Camera) -> np.ndarray:
    """Develop radiance, linear RGB of any scale, (height, width, 3), into RGB in [0, 1]."""
    balanced = radiance * np.array(camera.cast, np.float32)
    gray = (balanced @ _LUMINANCE)[..., None]
    balanced = np.maximum(gray + camera.saturation * (balanced - gray), 0)
    # A sample of the pixels meters as well as all of them.
    stride = max(1, min(balanced.shape[:2]) // 20)
    metered = balanced[::stride, ::stride]
    low, high = 1e-3, 1e3
    for _ in range(16):
        exposure = float(np.sqrt(low * high))
        if (_toned(exposure * metered, camera) @ _LUMA).mean() < camera.mean_luma:
            low = exposure
        else:
            high = exposure
    # Nor does a camera burn out a face because it is close and the wall behind it dark.
    brightest = float(np.percentile(metered @ _LUMINANCE, 92))
    exposure = min(exposure, 1 / max(brightest, 1e-6))
    return _toned(exposure * balanced, camera).astype(np.float32)


def brought_to_mean(picture: np.ndarray, flash: np.ndarray) -> np.ndarray:
    """Return a picture with the flash photograph's mean in every channel, in linear light.

    The means are those of the pixels that are below white in both, and the factors are limited.
    Both are RGB in [0, 1], (height, width, 3).
    """
    return _at_the_mean_of(to_linear(flash), picture)


def _at_the_mean_of(reference: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """`brought_to_mean` with the flash photograph in linear light."""
    light = to_linear(picture)
    counts = (light < _UNCLIPPED) & (reference < _UNCLIPPED)
    wanted, had = ((one * counts).sum((0, 1)) for one in (reference, light))
    known = (wanted > 0) & (had > 0)
    gain = np.where(known, np.clip(wanted / np.maximum(had, 1e-9), _LEAST, _MOST), 1.0)
    return from_linear(np.minimum(light * gain, 1.0)).astype(np.float32)


def _sample(
    view: LightView, camera: Camera, changes: tuple[bool, np.random.Generator] | None
) -> LightSample:
    flash = develop(view.flash, camera)
    linear = to_linear(flash)
    pictures = np.stack([_at_the_mean_of(linear, develop(one, camera)) for one in view.lights])
    # What is white in the photograph may have been clipped, and says nothing.
    weight = 1 - flash.min(axis=-1, keepdims=True) ** 4
    plain = _plainness(flash, pictures)
    weighted = np.concatenate(
        [pictures, np.broadcast_to(weight, (*pictures.shape[:-1], 1))], axis=-1
    )
    geometry = np.concatenate([view.normal, view.inverse_depth], axis=-1)
    lights = view.descriptions
    if changes is not None and changes[0]:
        flash, weighted, geometry = (one[..., ::-1, :] for one in (flash, weighted, geometry))
        geometry = geometry * np.array([-1, 1, 1, 1], np.float32)
        plain = _mirrored_steps(plain)
        lights = mirrored(lights)
    if changes is not None:
        flash = _degraded(flash, changes[1])
    return LightSample(flash, lights, weighted, plain, geometry)


def _drawn_camera(rng: np.random.Generator) -> Camera:
    cast = np.exp(0.08 * rng.normal(size=3))
    return Camera(
        mean_luma=float(np.clip(rng.normal(0.43, 0.08), 0.25, 0.6)),
        contrast=float(rng.uniform(0, 1)),
        shoulder=float(rng.uniform(0.3, 2)),
        saturation=float(rng.uniform(0.6, 1.25)),
        cast=(float(cast[0]), float(cast[1]), float(cast[2])),
    )


def _toned(exposed: np.ndarray, camera: Camera) -> np.ndarray:
    """Exposed linear values, 1 is the sensor's white, to values in [0, 1]."""
    encoded = from_linear(1 - np.exp(-exposed - camera.shoulder * exposed**2))
    curved = encoded * encoded * (3 - 2 * encoded)
    return encoded + camera.contrast * (curved - encoded)


def _plainness(flash: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """Return the `plain` of a sample; 0 for the steps that would leave the picture."""
    both = [np.log(to_linear(one) @ _LUMINANCE + 0.02) for one in (flash[None], pictures)]
    plain = np.zeros((*pictures.shape[:-1], 2), np.float32)
    for direction, axis in enumerate((2, 1)):
        step = sum(np.abs(np.diff(one, axis=axis)) for one in both)
        inside = (slice(None), *(slice(None, -1) if a == axis else slice(None) for a in (1, 2)))
        plain[(*inside, direction)] = np.exp(-step / _PLAIN)
    return plain


def _mirrored_steps(plain: np.ndarray) -> np.ndarray:
    """Step to the right become steps to the left of the pixel before."""
    right, down = plain[..., ::-1, :1], plain[..., ::-1, 1:]
    right = np.concatenate([right[..., 1:, :], np.zeros_like(right[..., :1, :])], axis=-2)
    return np.concatenate([right, down], axis=-1)


def _degraded(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blur in some of the cases and noise of any strength, mostly little."""
    if rng.random() < _BLUR_SHARE:
        padded = np.pad(image, ((1, 1), (1, 1), (0, 0)), mode="edge")
        rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
        image = (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 4
    strength = _NOISE * rng.random() ** 2
    noisy = image + strength * rng.standard_normal(image.shape, np.float32)
    return np.clip(noisy, 0, 1).astype(np.float32)


def stacked(samples: Sequence[LightSample]) -> tuple[dict, dict]:
    """Sample of one size as what a training model is given and what it is compared with."""
    all_of = {
        name: np.stack([getattr(one, name) for one in samples]) for name in samples[0].__dict__
    }
    inputs = {"flash": all_of["flash"], "lights": all_of["lights"]}
    targets = {"picture": all_of["pictures"], "gain": all_of["plain"]}
    return inputs, {**targets, "geometry": all_of["geometry"]}
