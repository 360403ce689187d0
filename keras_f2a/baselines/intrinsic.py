"""Reflectance and shading of one photograph by sparse reflectance (Shen, Yeo and Hua, TPAMI 2013).

The method. An image is reflectance times gray shading, I = S·R, so R has the color of I, and the
unknown is its log brightness r. Those of I and S are i and s = i − r. The paper has two priors.
First, neighboring pixels of similar chromaticity mostly have the same reflectance. This holds for a
hierarchy of neighborhoods and makes a data-driven representation of the reflectance sparse. Second,
a photograph has only a few different reflectances. Both enter as ℓ₁ norms:

    E(r) = Σ_pairs w_pq |r_p − r_q|  +  α Σ_p |r_p − c_k(p)|  +  β ‖∇(i − r)‖².

Pairs are horizontal and vertical neighbors on grids of every 1, 2, 4 … 32 pixels. Their weight is
w_pq = step·exp(−|χ_p − χ_q|²/2σ²), with the chromaticities χ = RGB / (R + G + B), so an edge of a
given length costs the same on every grid. k(p) is the one of K reflectances that is closest to p in
brightness and chromaticity, and c_k is the median brightness of its pixels. The last term keeps the
shading smooth. The constants are α 0.05, β 3, σ 0.02 and K 16.

For fixed k and c the energy is convex. The alternating direction method of multipliers minimizes
it. Its linear systems are solved by conjugate gradients, with a cosine transform as preconditioner.
In between, k and c are updated, starting from a solution without the α term.

Differences from the paper. Only the abstracts of the paper and of its precursor (Shen and Yeo, CVPR
2011) were available. The priors and the ℓ₁ minimization are theirs. They use second-generation
wavelets, which predict a pixel from several neighbors. Here each coefficient is a difference of two
pixels, because a prediction from all sides would treat a slope of light as reflectance. The
smoothness of the shading, all weights and the solver are ours.

The flash paper suggests changing the shading to obtain the ambient image. `intrinsic` does so. It
halves the logarithm of the flash's fall-off, which is the large scale of the shading. This turns
the inverse-square fall-off of a small light at the camera into the inverse fall-off of a wide one.
The mean luminance does not change.
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
_DARKEST = 0.002  # lower bound in linear light for the logarithm: half an 8-bit step
_LUMA = np.array([0.2126, 0.7152, 0.0722])  # of linear sRGB (ITU-R BT.709)
_FEATURE_SCALES = np.array([0.5, 0.03, 0.03, 0.03])  # scales of log brightness and chromaticity


class Decomposition(NamedTuple):
    """The decomposition i = r + s of a photograph's natural log brightness in linear light.

    Attributes:
        reflectance: r, (height, width).
        shading: s, (height, width).
        energies: E after each choice of k and c, and after the following solve, (choices, 2).
    """

    reflectance: np.ndarray
    shading: np.ndarray
    energies: np.ndarray


def intrinsic(flash: np.ndarray, *, flattening: float = FLATTENING) -> np.ndarray:
    """Even out the light of a flash photograph.

    Args:
        flash: RGB in [0, 1], (height, width, 3).
        flattening: The fraction of the fall-off's logarithm to remove, from 0 to 1.

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
        choices: How many times to choose k and c and then solve for r. 0 omits the second prior.
        iterations: Iterations of the method of multipliers for each solve. The first solve,
            without α, has twice as many.
        solver_iterations: Conjugate gradient iterations in each of them.
    """
    light = to_linear(image.astype(np.float64))
    brightness = np.log(np.maximum(light @ _LUMA, _DARKEST))
    color = chromaticity(light)
    model = ReflectanceModel(brightness, pair_differences(color), beta)
    model.solve(2 * iterations, solver_iterations)
    energies = []
    palette = None
    for _ in range(choices):
        features = np.column_stack([model.r, color.reshape(-1, 3)]) / _FEATURE_SCALES
        palette = _initial_palette(features) if palette is None else palette
        palette, model.target = _assign_reflectances(features, palette)
        model.alpha = alpha
        initial_energy = model.energy()
        model.solve(iterations, solver_iterations)
        energies.append((initial_energy, model.energy()))
    reflectance = model.r.reshape(brightness.shape)
    return Decomposition(reflectance, brightness - reflectance, np.reshape(energies, (choices, 2)))


def _initial_palette(features: np.ndarray) -> np.ndarray:
    """Return K centers from k-means, initialized by k-means++, on a sample of the pixels."""
    sample = features[:: max(1, len(features) // 10_000)]
    count = min(REFLECTANCES, len(np.unique(sample, axis=0)))
    return kmeans2(sample, count, minit="++", rng=0, iter=8)[0]


def _assign_reflectances(
    features: np.ndarray, palette: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Assign each pixel to its closest reflectance.

    Returns:
        The centers of the assigned pixels, and c_k(p).
    """
    squared_distances = ((features[:, None, :] - palette[None]) ** 2).sum(axis=-1)
    nearest = squared_distances.argmin(axis=-1)
    palette = palette.copy()
    for k in np.unique(nearest):
        members = features[nearest == k]
        palette[k] = [np.median(members[:, 0]), *members[:, 1:].mean(axis=0)]
    return palette, palette[nearest, 0] * _FEATURE_SCALES[0]
