"""Gradient projection on flash and ambient photographs (Agrawal et al., SIGGRAPH 2005).

What was followed. The direction of an image's gradient hardly depends on the light, so that where a
flash photograph Φ and an ambient one α show the same surface, ∇Φ = k ∇α; the coherence map

    M = |∇Φ·∇α| / (|∇Φ| |∇α|)

is 1 there. Two pictures come of it, channel by channel, both integrated by Poisson's equation:

`agrawal`, the ambient photograph without what the flash photograph does not know, such as
reflections in glass: its gradient is projected onto the flash's,

    ∇α' = ∇Φ (∇Φ·∇α) / |∇Φ|²,   of which |∇α'| = M |∇α|,

and the part that is taken away is the reflection layer. Where the flash photograph cannot tell, in
its blown highlights and where its light does not reach, the ambient gradient stays.

`agrawal_flash`, the flash photograph without its hot spots:

    ∇Φ* = w ∇α + (1 − w) (M ∇Φ + (1 − M) ∇α),   w = ½ + ½ tanh(40 (Φ − 0.9)).

Where this code differs or the paper was not at hand. Only its abstract, the authors' page, the
claims of their patent and public implementations were: the weight of unlit pixels is ours. The
boundary condition of Poisson's equation is Neumann's and the mean is the photograph's own. The
paper's fall-off compensation and its sampling of many exposures are left out. sRGB values are taken
as they are, as tone curves turn no gradient.
"""

from typing import NamedTuple

import numpy as np

from keras_f2a.baselines.gradients import Gradient, gradient, integrate

SATURATION = 0.9
STEEPNESS = 40.0
UNLIT = 0.05  # sRGB value in [0, 1]
_TINY = 1e-12


class Separation(NamedTuple):
    """An ambient photograph in two layers that sum to it, but for the second layer's mean.

    Attributes:
        image: Without what the flash photograph does not show, (height, width, 3), not clipped.
        reflection: What was taken away, (height, width, 3), mean 0.
    """

    image: np.ndarray
    reflection: np.ndarray


def agrawal(flash: np.ndarray, ambient: np.ndarray) -> np.ndarray:
    """Remove from an ambient photograph what the flash photograph does not show.

    Args:
        flash: RGB in [0, 1], (height, width, 3).
        ambient: Of the same scene, the same shape and range.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    return np.clip(separate(flash, ambient).image, 0.0, 1.0).astype(np.float32)


def separate(flash: np.ndarray, ambient: np.ndarray) -> Separation:
    """Part an ambient photograph into picture and reflection; arguments as for `agrawal`."""
    layers = [
        _separate_channel(flash[..., c].astype(np.float64), ambient[..., c].astype(np.float64))
        for c in range(3)
    ]
    return Separation(*(np.stack(images, axis=-1) for images in zip(*layers, strict=True)))


def agrawal_flash(flash: np.ndarray, ambient: np.ndarray) -> np.ndarray:
    """Remove a flash photograph's hot spots; arguments and result as for `agrawal`."""
    result = np.empty(flash.shape, np.float64)
    for channel in range(3):
        phi, alpha = (image[..., channel].astype(np.float64) for image in (flash, ambient))
        of_flash, of_ambient = gradient(phi), gradient(alpha)
        coherence = coherence_map(of_flash, of_ambient)
        saturated = saturation_weight(phi)
        fused = Gradient(
            *(
                saturated * a + (1.0 - saturated) * (coherence * f + (1.0 - coherence) * a)
                for f, a in zip(of_flash, of_ambient, strict=True)
            )
        )
        result[..., channel] = integrate(fused, phi.mean())
    return np.clip(result, 0.0, 1.0).astype(np.float32)


def coherence_map(flash: Gradient, ambient: Gradient) -> np.ndarray:
    """Return M of two fields, in [0, 1], (height, width); 0 where either has no gradient."""
    dot = np.abs(_dot(flash, ambient))
    size = np.sqrt(_dot(flash, flash) * _dot(ambient, ambient))
    return np.divide(dot, size, out=np.zeros_like(dot), where=size > _TINY)


def project(ambient: Gradient, flash: Gradient) -> Gradient:
    """Return ∇α': the ambient gradients' part along the flash's.

    0 where the flash has no gradient.
    """
    square = _dot(flash, flash)
    scale = np.divide(_dot(flash, ambient), square, out=np.zeros_like(square), where=square > _TINY)
    return Gradient(flash.horizontal * scale, flash.vertical * scale)


def saturation_weight(flash: np.ndarray) -> np.ndarray:
    """Return values near 1 where a flash photograph, in [0, 1], is blown out, near 0 elsewhere."""
    return 0.5 + 0.5 * np.tanh(STEEPNESS * (flash - SATURATION))


def _separate_channel(flash: np.ndarray, ambient: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    of_ambient = gradient(ambient)
    projected = project(of_ambient, gradient(flash))
    unlit = 0.5 - 0.5 * np.tanh(STEEPNESS * (flash - UNLIT))
    untold = np.maximum(saturation_weight(flash), unlit)
    kept = Gradient(
        *(untold * a + (1.0 - untold) * p for a, p in zip(of_ambient, projected, strict=True))
    )
    lost = Gradient(*(a - k for a, k in zip(of_ambient, kept, strict=True)))
    return integrate(kept, ambient.mean()), integrate(lost, 0.0)


def _dot(first: Gradient, second: Gradient) -> np.ndarray:
    return first.horizontal * second.horizontal + first.vertical * second.vertical
