"""Training examples for a network for placed light, made from rendered views.

Everything is NumPy and depends only on the arguments. So training resumes after an interruption as
if nothing had happened, whatever Keras's backend is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keras_f2a.data.described_lights import mirror_lights
from keras_f2a.data.light_camera import Camera, degrade, develop, random_camera
from keras_f2a.data.light_views import EncodedView, LightView, decode_view
from keras_f2a.support.settings import Range
from keras_f2a.support.srgb import from_linear, to_linear

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_ZOOM_PROBABILITY = 0.35
# A channel above this value, in linear light, may be clipped and says nothing about exposure.
_UNCLIPPED = 0.955
_MIN_GAIN, _MAX_GAIN = 0.2, 5.0
# How fast the smoothness weight of a pixel falls with its steps of log luminance.
_SMOOTHNESS_SCALE = 0.1
# Standard deviation of the log color gains of mixed light.
_LIGHT_COLOR_STDDEV = 0.12


@dataclass(frozen=True)
class LightSample:
    """The inputs and targets of one training example.

    Attributes:
        flash: The flash photograph, float32 RGB in [0, 1], (height, width, 3).
        lights: The description of each light, float32, (lights, 13).
        pictures: The scene under each light alone, scaled to the flash photograph's mean, RGB in
            [0, 1], and the weight of each pixel, float32, (lights, height, width, 4).
        plain: Smoothness of the steps to the right and down in photograph and picture, 1 for no
            edge at all, float32, (lights, height, width, 2).
        geometry: Unit surface normals, and subject distance divided by distance, 0 for background,
            float32, (height, width, 4).
        mixed: A photograph under the flash and the lights together, or under the lights alone, in
            the form of `flash`.
        flash_shares: The flash's share of the light in `flash` and in `mixed`, (2,).
    """

    flash: np.ndarray
    lights: np.ndarray
    pictures: np.ndarray
    plain: np.ndarray
    geometry: np.ndarray
    mixed: np.ndarray
    flash_shares: np.ndarray


def training_sample(
    encoded: EncodedView, rng: np.random.Generator, *, lights: int, long_side: int, zoom: Range
) -> LightSample:
    """Return a randomly augmented example of a view and some of its lights.

    Augmentation mirrors the view with its lights in half of the cases, sometimes crops a section,
    draws a camera, and adds noise and blur to the photographs. The mixed photograph has no flash in
    half of the cases, and otherwise a random share of it.

    Args:
        encoded: The view, with at least one light.
        rng: Source of all randomness.
        lights: Number of lights to draw. If the view has fewer, some of them repeat.
        long_side: Long side of the pictures in pixels.
        zoom: Range of the section's share of the sides.
    """
    light_count = len(encoded.record["lights"])
    repeats = -(-lights // light_count)
    order = np.concatenate([rng.permutation(light_count) for _ in range(repeats)])
    light_indices = [int(index) for index in order[:lights]]
    width, height = encoded.size
    share = rng.uniform(*zoom) if rng.random() < _ZOOM_PROBABILITY else 1.0
    left, top = rng.random(2) * (1 - share) * (width, height)
    box = (left, top, left + share * width, top + share * height)
    view = decode_view(encoded, light_indices, box=box, size=resized_size(encoded, long_side))
    sample = _make_sample(view, random_camera(rng), _random_mixture(lights, rng))
    if rng.random() < 0.5:
        sample = _mirror_sample(sample)
    photographs = {name: degrade(getattr(sample, name), rng) for name in ("flash", "mixed")}
    return replace(sample, **photographs)


def plain_sample(encoded: EncodedView, long_side: int) -> LightSample:
    """Return an example of a view with all its lights and an average camera, not augmented.

    The mixed photograph is lit by all lights equally, without a flash.
    """
    view = decode_view(encoded, size=resized_size(encoded, long_side))
    count = len(view.lights)
    return _make_sample(view, Camera(), _Mixture(0.0, np.full((count, 3), 1 / count, np.float32)))


def resized_size(encoded: EncodedView, long_side: int) -> tuple[int, int]:
    """Return (width, height) of a view resized to a long side of `long_side` pixels."""
    width, height = encoded.size
    scale = long_side / max(width, height)
    return round(width * scale), round(height * scale)


def match_mean(picture: np.ndarray, flash: np.ndarray) -> np.ndarray:
    """Scale each channel of a picture to the flash photograph's mean, in linear light.

    The means are over the pixels that are below white in both images, and the factors are limited.
    Both images are RGB in [0, 1], (height, width, 3).
    """
    return _match_linear_mean(to_linear(flash), picture)


def _match_linear_mean(reference: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Do what `match_mean` does, with the flash photograph in linear light."""
    light = to_linear(picture)
    mask = (light < _UNCLIPPED) & (reference < _UNCLIPPED)
    target_sum, picture_sum = ((image * mask).sum((0, 1)) for image in (reference, light))
    has_signal = (target_sum > 0) & (picture_sum > 0)
    gain = np.clip(target_sum / np.maximum(picture_sum, 1e-9), _MIN_GAIN, _MAX_GAIN)
    gain = np.where(has_signal, gain, 1.0)
    return from_linear(np.minimum(light * gain, 1.0)).astype(np.float32)


@dataclass(frozen=True)
class _Mixture:
    """The light of a mixed photograph.

    Attributes:
        flash_share: The flash's share of the light.
        parts: Shares of each light in the rest, for red, green and blue, (lights, 3).
    """

    flash_share: float
    parts: np.ndarray


def _random_mixture(lights: int, rng: np.random.Generator) -> _Mixture:
    share = rng.random() if rng.random() < 0.5 else 0.0
    color = np.exp(_LIGHT_COLOR_STDDEV * rng.normal(size=3))
    parts = rng.dirichlet(np.ones(lights))[:, np.newaxis] * color
    return _Mixture(float(share), parts.astype(np.float32))


def _make_sample(view: LightView, camera: Camera, mixture: _Mixture) -> LightSample:
    flash = develop(view.flash, camera)
    linear = to_linear(flash)
    developed = [develop(radiance, camera) for radiance in view.lights]
    pictures = np.stack([_match_linear_mean(linear, picture) for picture in developed])
    # White pixels of the photograph may be clipped and carry no information.
    weight = 1 - flash.min(axis=-1, keepdims=True) ** 4
    plain = _smoothness(flash, pictures)
    weighted = np.concatenate(
        [pictures, np.broadcast_to(weight, (*pictures.shape[:-1], 1))], axis=-1
    )
    geometry = np.concatenate([view.normal, view.inverse_depth], axis=-1)
    share = mixture.flash_share
    lit = np.einsum("nhwc,nc->hwc", view.lights, mixture.parts)
    return LightSample(
        flash=flash,
        lights=view.descriptions,
        pictures=weighted,
        plain=plain,
        geometry=geometry,
        mixed=develop(share * view.flash + (1 - share) * lit, camera),
        flash_shares=np.array([1, share], np.float32),
    )


def _mirror_sample(sample: LightSample) -> LightSample:
    names = ("flash", "pictures", "geometry", "mixed")
    arrays = {name: getattr(sample, name)[..., ::-1, :] for name in names}
    arrays["geometry"] = arrays["geometry"] * np.array([-1, 1, 1, 1], np.float32)
    plain, lights = _mirror_steps(sample.plain), mirror_lights(sample.lights)
    return replace(sample, plain=plain, lights=lights, **arrays)


def _smoothness(flash: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """Return the `plain` of a sample. Steps that would leave the picture are 0."""
    images = (flash[None], pictures)
    log_luminance = [np.log(to_linear(image) @ _LUMINANCE + 0.02) for image in images]
    plain = np.zeros((*pictures.shape[:-1], 2), np.float32)
    right, down = (
        sum(np.abs(np.diff(image, axis=axis)) for image in log_luminance) for axis in (2, 1)
    )
    plain[:, :, :-1, 0] = np.exp(-right / _SMOOTHNESS_SCALE)
    plain[:, :-1, :, 1] = np.exp(-down / _SMOOTHNESS_SCALE)
    return plain


def _mirror_steps(plain: np.ndarray) -> np.ndarray:
    """Mirror a sample's `plain`, where each step belongs to the pixel on its left."""
    right, down = plain[..., ::-1, :1], plain[..., ::-1, 1:]
    right = np.concatenate([right[..., 1:, :], np.zeros_like(right[..., :1, :])], axis=-2)
    return np.concatenate([right, down], axis=-1)


def stack_samples(samples: Sequence[LightSample]) -> tuple[dict, dict]:
    """Stack samples of one size into the inputs and the targets of a training model."""
    arrays = {
        name: np.stack([getattr(sample, name) for sample in samples])
        for name in samples[0].__dict__
    }
    inputs = {name: arrays[name] for name in ("flash", "lights", "mixed")}
    targets = {
        "picture": arrays["pictures"],
        "gain": arrays["plain"],
        "geometry": arrays["geometry"],
        "flash_share": arrays["flash_shares"],
    }
    return inputs, targets
