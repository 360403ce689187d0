"""Reflectance and shading of one photograph by sparse reflectance (Shen, Yeo and Hua, TPAMI 2013).

What was followed. An image is reflectance times gray shading, I = S·R, so that the color of R is
that of I and its logarithm r of brightness is sought; i and s = i − r are those of I and S. The
paper's two priors: neighboring pixels of similar chromaticity mostly have the same reflectance,
which holds for a hierarchy of neighborhoods and makes a data-driven representation of the
reflectance sparse; and a photograph holds a small set of reflectances. Both enter as ℓ₁ norms:

    E(r) = Σ_pairs w_pq |r_p − r_q|  +  α Σ_p |r_p − c_k(p)|  +  β ‖∇(i − r)‖².

Pairs are horizontal and vertical neighbors on grids of every 1, 2, 4 … 32 pixels, with
w_pq = step·exp(−|χ_p − χ_q|²/2σ²) of the chromaticities χ = RGB / (R + G + B): an edge of a given
length costs the same on every grid. k(p) is the one of K reflectances that is nearest to p in
brightness and chromaticity, c_k the median brightness of its pixels. The last term keeps the
shading smooth. α 0.05, β 3, σ 0.02, K 16. For fixed k and c the energy is convex: the alternating
direction method of multipliers solves it, its linear systems by conjugate gradients with a cosine
transform as preconditioner; k and c are chosen anew in between, from a first solution without α.

Where this code differs or the paper was not at hand. Only the abstracts of this paper and of its
precursor (Shen and Yeo, CVPR 2011) were: the priors and the ℓ₁ minimization are theirs. Theirs are
second-generation wavelets that predict a pixel from several neighbors; here each coefficient is a
difference of two, as a prediction from all sides lets a slope of light pass for reflectance. The
smoothness of the shading, all weights and the solver are ours.

The flash paper's outlook, to change the shading and so obtain the ambient image, is `intrinsic`:
the flash's fall-off, the shading's large scale, is flattened by half in the logarithm, which turns
the inverse square of a small light at the camera into the inverse of a wide one; the mean luminance
stays.
"""

from typing import NamedTuple

import numpy as np
from scipy.cluster.vq import kmeans2

from keras_f2a.baselines.bilateral import bilateral_filter, diagonal
from keras_f2a.baselines.sparse_reflectance import ReflectanceModel, chromaticity, pair_differences
from keras_f2a.support.srgb import from_linear, to_linear

ALPHA = 0.05
BETA = 3.0
REFLECTANCES = 16  # K
FLATTENING = 0.5
_DARKEST = 0.002  # linear light that still has a logarithm: half a step of an 8-bit file
_LUMA = np.array([0.2126, 0.7152, 0.0722])  # of linear sRGB (ITU-R BT.709)
_UNITS = np.array([0.5, 0.03, 0.03, 0.03])  # of log brightness and chromaticity, when compared


class Decomposition(NamedTuple):
    """A photograph's logarithms of brightness i = r + s; e to the power of them is linear light.

    Attributes:
        reflectance: r, (height, width).
        shading: s, (height, width).
        energies: E after each choice of k and c and after the solve behind it, (choices, 2).
    """

    reflectance: np.ndarray
    shading: np.ndarray
    energies: np.ndarray


def intrinsic(flash: np.ndarray, *, flattening: float = FLATTENING) -> np.ndarray:
    """Even out the light of a flash photograph.

    Args:
        flash: RGB in [0, 1], (height, width, 3).
        flattening: The part of the fall-off's logarithm that is taken away: 0 none, 1 all.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    light = to_linear(flash.astype(np.float64))
    shading = decompose(flash).shading
    fall_off = bilateral_filter(shading, sigma_space=0.05 * diagonal(flash), sigma_range=0.7)
    relit = light * np.exp(-flattening * (fall_off - fall_off.mean()))[..., None]
    mean, relit_mean = (float((image @ _LUMA).mean()) for image in (light, relit))
    relit *= mean / max(relit_mean, 1e-12)
    return from_linear(np.clip(relit, 0.0, 1.0)).astype(np.float32)


def decompose(
    image: np.ndarray,
    *,
    alpha: float = ALPHA,
    beta: float = BETA,
    choices: int = 2,
    iterations: int = 10,
    solver_iterations: int = 12,
) -> Decomposition:
    """Split a photograph into reflectance and shading.

    Args:
        image: RGB in [0, 1], (height, width, 3).
        alpha: α.
        beta: β, above 0.
        choices: How often k and c are chosen and r is solved for behind it; 0 leaves the global
            prior out.
        iterations: Of the multipliers' method for each solve; the first one, without α, has twice
            as many.
        solver_iterations: Of the conjugate gradients in each of them.
    """
    light = to_linear(image.astype(np.float64))
    brightness = np.log(np.maximum(light @ _LUMA, _DARKEST))
    color = chromaticity(light)
    model = ReflectanceModel(brightness, pair_differences(color), beta)
    model.solve(2 * iterations, solver_iterations)
    energies = []
    palette = None
    for _ in range(choices):
        features = np.column_stack([model.r, color.reshape(-1, 3)]) / _UNITS
        palette = _first_palette(features) if palette is None else palette
        palette, model.target = _choose(features, palette)
        model.alpha = alpha
        start = model.energy()
        model.solve(iterations, solver_iterations)
        energies.append((start, model.energy()))
    reflectance = model.r.reshape(brightness.shape)
    return Decomposition(reflectance, brightness - reflectance, np.reshape(energies, (choices, 2)))


def _first_palette(features: np.ndarray) -> np.ndarray:
    """Return K centers by k-means++ and k-means on a part of the pixels."""
    sample = features[:: max(1, len(features) // 10_000)]
    count = min(REFLECTANCES, len(np.unique(sample, axis=0)))
    return kmeans2(sample, count, minit="++", rng=0, iter=8)[0]


def _choose(features: np.ndarray, palette: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest reflectance of each pixel.

    Returns the centers moved to them, and c_k(p).
    """
    squares = ((features[:, None, :] - palette[None]) ** 2).sum(axis=-1)
    nearest = squares.argmin(axis=-1)
    palette = palette.copy()
    for k in np.unique(nearest):
        own = features[nearest == k]
        palette[k] = [np.median(own[:, 0]), *own[:, 1:].mean(axis=0)]
    return palette, palette[nearest, 0] * _UNITS[0]
