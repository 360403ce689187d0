"""Gradient projection on flash and ambient photographs (Agrawal et al., SIGGRAPH 2005).

The method. The direction of an image's gradient hardly depends on the light. So where a flash
photograph Φ and an ambient photograph α show the same surface, ∇Φ = k ∇α, and the coherence map

    M = |∇Φ·∇α| / (|∇Φ| |∇α|)

is 1. From this the paper derives two images. Both are computed channel by channel and integrated
with Poisson's equation.

`agrawal` removes from the ambient photograph what the flash photograph does not show, such as
reflections in glass. It projects the ambient gradient onto the flash gradient,

    ∇α' = ∇Φ (∇Φ·∇α) / |∇Φ|²,   so |∇α'| = M |∇α|,

and the removed part is the reflection layer. The ambient gradient stays where the flash photograph
has no information: in its blown highlights and where the flash does not reach.

`agrawal_flash` removes the hot spots of the flash photograph:

    ∇Φ* = w ∇α + (1 − w) (M ∇Φ + (1 − M) ∇α),   w = ½ + ½ tanh(40 (Φ − 0.9)).

Differences from the paper. The paper itself was not available, only its abstract, the authors'
page, the claims of their patent and public implementations. The weight of unlit pixels is ours.
Poisson's equation has Neumann boundary conditions, and the mean is that of the photograph. The
paper's fall-off compensation and its use of many exposures are omitted. sRGB values are used
directly because tone curves do not change the direction of a gradient.
"""

from typing import NamedTuple

import numpy as np

from keras_f2a.baselines.gradients import Gradient, gradient, integrate

SATURATION = 0.9
STEEPNESS = 40.0
UNLIT = 0.05  # sRGB value in [0, 1]
_TINY = 1e-12


class Separation(NamedTuple):
    """Two layers that sum to an ambient photograph, except for the second layer's mean.

    Attributes:
        image: What the flash photograph shows too, (height, width, 3), not clipped.
        reflection: The removed part, (height, width, 3), with mean 0.
    """

    image: np.ndarray
    reflection: np.ndarray


def agrawal(flash: np.ndarray, ambient: np.ndarray) -> np.ndarray:
    """Remove from an ambient photograph what the flash photograph does not show.

    Args:
        flash: RGB in [0, 1], (height, width, 3).
        ambient: The same scene, in the same shape and range.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    return np.clip(separate(flash, ambient).image, 0.0, 1.0).astype(np.float32)


def separate(flash: np.ndarray, ambient: np.ndarray) -> Separation:
    """Split an ambient photograph into image and reflection. Arguments as for `agrawal`."""
    layers = [
        _separate_channel(flash[..., c].astype(np.float64), ambient[..., c].astype(np.float64))
        for c in range(3)
    ]
    return Separation(*(np.stack(images, axis=-1) for images in zip(*layers, strict=True)))


def agrawal_flash(flash: np.ndarray, ambient: np.ndarray) -> np.ndarray:
    """Remove a flash photograph's hot spots. Arguments and result as for `agrawal`."""
    result = np.empty(flash.shape, np.float64)
    for channel in range(3):
        phi, alpha = (image[..., channel].astype(np.float64) for image in (flash, ambient))
        flash_gradient, ambient_gradient = gradient(phi), gradient(alpha)
        coherence = coherence_map(flash_gradient, ambient_gradient)
        saturation = saturation_weight(phi)
        fused = Gradient(
            *(
                saturation * a + (1.0 - saturation) * (coherence * f + (1.0 - coherence) * a)
                for f, a in zip(flash_gradient, ambient_gradient, strict=True)
            )
        )
        result[..., channel] = integrate(fused, phi.mean())
    return np.clip(result, 0.0, 1.0).astype(np.float32)


def coherence_map(flash: Gradient, ambient: Gradient) -> np.ndarray:
    """Return M of two fields, in [0, 1], (height, width). It is 0 where either gradient is 0."""
    dot = np.abs(_dot(flash, ambient))
    product = np.sqrt(_dot(flash, flash) * _dot(ambient, ambient))
    return np.divide(dot, product, out=np.zeros_like(dot), where=product > _TINY)


def project(ambient: Gradient, flash: Gradient) -> Gradient:
    """Return ∇α', the component of the ambient gradient along the flash gradient.

    It is 0 where the flash gradient is 0.
    """
    squared_norm = _dot(flash, flash)
    scale = np.divide(
        _dot(flash, ambient),
        squared_norm,
        out=np.zeros_like(squared_norm),
        where=squared_norm > _TINY,
    )
    return Gradient(flash.horizontal * scale, flash.vertical * scale)


def saturation_weight(flash: np.ndarray) -> np.ndarray:
    """Return w, near 1 where a flash photograph in [0, 1] is blown out and near 0 elsewhere."""
    return 0.5 + 0.5 * np.tanh(STEEPNESS * (flash - SATURATION))


def _separate_channel(flash: np.ndarray, ambient: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ambient_gradient = gradient(ambient)
    projected = project(ambient_gradient, gradient(flash))
    unlit = 0.5 - 0.5 * np.tanh(STEEPNESS * (flash - UNLIT))
    uninformative = np.maximum(saturation_weight(flash), unlit)
    image_gradient = Gradient(
        *(
            uninformative * a + (1.0 - uninformative) * p
            for a, p in zip(ambient_gradient, projected, strict=True)
        )
    )
    reflection_gradient = Gradient(
        *(a - i for a, i in zip(ambient_gradient, image_gradient, strict=True))
    )
    return integrate(image_gradient, ambient.mean()), integrate(reflection_gradient, 0.0)


def _dot(first: Gradient, second: Gradient) -> np.ndarray:
    return first.horizontal * second.horizontal + first.vertical * second.vertical
