"""LIME: low-light enhancement by a refined illumination map (Guo, Li and Ling, TIP 2017).

What was followed. An image is L = R∘T. The first illumination T̂ is the largest of the three
colors; the refined one is

    min over T of  ‖T̂ − T‖² + α ‖W∘∇T‖₁,

by the exact solver (augmented Lagrangian: a transform solves for T, shrinkage gives G = ∇T, the
multiplier Z and the penalty μ ← ρμ follow) or by the sped-up one, which puts (∇T)²/(|∇T̂| + ε) for
|∇T| and is one sparse linear solve. Weights: I is 1; II is 1/(|∇T̂| + ε); III, the default, is
ΣG/(|ΣG∇T̂| + ε) with a Gaussian window of σ 2 whose sum is 1. The result is R = L/T^γ; its luma may
be denoised and mixed back by R∘T + R_d∘(1 − T), which spares the bright parts.

Where paper and code differ or leave room. The method itself was published as protected code, so no
intermediate result can be compared; its demonstration script agrees on α 0.15, σ 2, the sped-up
solver, strategy III and the mixing, and says that α 0.15 belongs to the sped-up solver with
strategy III and that the exact solver wants less. γ is 0.8 in the paper and 0.7 in the script; the
script that made the flash paper's Table 1 has 0.7 and no denoising. ε is not given: 0.001 here.
Paper and script denoise with BM3D (script: σ 10 of 255), whose reference implementation is for
non-commercial use only; here scikit-image's non-local means takes its place.
"""

import math
from typing import Literal

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from scipy.ndimage import gaussian_filter

from keras_f2a.baselines.gradients import (
    CosineSmoother,
    Gradient,
    gradient,
    norm,
    shrink,
    transposed_gradient,
)

EPSILON = 1e-3
DARKEST_ILLUMINATION = 1e-3  # keeps L/T^γ finite where the image is black
FLASH_PAPER_GAMMA = 0.7


def lime(
    image: np.ndarray,
    alpha: float = 0.15,
    gamma: float = 0.8,
    *,
    strategy: Literal[1, 2, 3] = 3,
    sigma: float = 2.0,
    solver: Literal["sped_up", "exact"] = "sped_up",
    denoise_sigma: float = 0.0,
) -> np.ndarray:
    """Brighten an image by the inverse of its illumination.

    Args:
        image: RGB in [0, 1], (height, width, 3).
        alpha: α, weight of the illumination's smoothness.
        gamma: γ; 0 returns the image, 1 removes the illumination altogether.
        strategy: Of the weights: 1, 2 or 3.
        sigma: Of strategy 3's window, in pixels.
        solver: "sped_up" or "exact".
        denoise_sigma: Standard deviation of the noise in the result's luma, in [0, 1], for example
            10/255; 0 leaves denoising and mixing out.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    initial = initial_illumination(image)
    weights = illumination_weights(initial, strategy, sigma)
    refine = refine_sped_up if solver == "sped_up" else refine_exactly
    illumination = np.clip(refine(initial, weights, alpha), DARKEST_ILLUMINATION, 1.0)[..., None]
    reflectance = np.clip(image / illumination**gamma, 0.0, 1.0)
    if denoise_sigma > 0.0:
        denoised = _denoise_luma(reflectance, denoise_sigma)
        reflectance = reflectance * illumination + denoised * (1.0 - illumination)
    return reflectance.astype(np.float32)


def initial_illumination(image: np.ndarray) -> np.ndarray:
    """Return T̂, the largest color of each pixel: (height, width) float64 in [0, 1]."""
    return image.max(axis=-1).astype(np.float64)


def illumination_weights(
    initial: np.ndarray, strategy: Literal[1, 2, 3] = 3, sigma: float = 2.0
) -> Gradient:
    """Return W ≥ 0 for the two differences of T̂ (height, width), by strategy 1, 2 or 3."""
    if strategy == 1:
        return Gradient(np.ones_like(initial), np.ones_like(initial))
    parts = gradient(initial)
    if strategy == 3:
        parts = Gradient(*(gaussian_filter(part, sigma) for part in parts))
    return Gradient(*(1.0 / (np.abs(part) + EPSILON) for part in parts))


def refine_sped_up(initial: np.ndarray, weights: Gradient, alpha: float) -> np.ndarray:
    """Refine T̂ with the quadratic surrogate: (1 + ∇ᵀ αW/(|∇T̂| + ε) ∇) t = t̂.

    Args:
        initial: T̂, (height, width).
        weights: W, as `illumination_weights` returns it.
        alpha: α.
    """
    slopes = zip(weights, gradient(initial), strict=True)
    matrix = _system_matrix(*(alpha * w / (np.abs(slope) + EPSILON) for w, slope in slopes))
    # A symmetric ordering without pivoting is safe for a diagonally dominant matrix.
    factors = scipy.sparse.linalg.splu(
        matrix,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    return factors.solve(initial.ravel()).reshape(initial.shape)


def refine_exactly(
    initial: np.ndarray,
    weights: Gradient,
    alpha: float,
    *,
    penalty: float = 1.0,
    penalty_growth: float = 1.03,
    tolerance: float = 1e-5,
    iterations: int = 300,
) -> np.ndarray:
    """Refine T̂ by the augmented Lagrangian method.

    Args:
        initial: T̂, (height, width).
        weights: W, as `illumination_weights` returns it.
        alpha: α.
        penalty: μ of the first iteration.
        penalty_growth: ρ ≥ 1, by which μ grows with each iteration.
        tolerance: Ends when ‖∇T − G‖ falls below this part of ‖T̂‖.
        iterations: Ends after as many iterations.
    """
    smoother = CosineSmoother(initial.shape)
    auxiliary = multiplier = Gradient(np.zeros_like(initial), np.zeros_like(initial))
    enough = tolerance * norm(initial)
    for _ in range(iterations):
        pairs = zip(auxiliary, multiplier, strict=True)
        target = transposed_gradient(Gradient(*(penalty * g - z for g, z in pairs)))
        illumination = smoother.solve(2.0 * initial + target, 2.0, penalty)
        slopes = gradient(illumination)
        auxiliary = Gradient(
            *(
                shrink(slope + z / penalty, alpha * w / penalty)
                for slope, z, w in zip(slopes, multiplier, weights, strict=True)
            )
        )
        misses = Gradient(*(slope - g for slope, g in zip(slopes, auxiliary, strict=True)))
        multiplier = Gradient(
            *(z + penalty * miss for z, miss in zip(multiplier, misses, strict=True))
        )
        penalty *= penalty_growth
        if math.hypot(*map(norm, misses)) <= enough:
            break
    return illumination


def _system_matrix(horizontal: np.ndarray, vertical: np.ndarray) -> scipy.sparse.csc_matrix:
    """Build 1 + ∇ᵀ diag(w) ∇ over the pixels in row order, for weights w of each difference."""
    width = horizontal.shape[1]
    horizontal, vertical = horizontal.copy(), vertical.copy()
    horizontal[:, -1] = vertical[-1] = 0.0  # no difference leaves the image
    diagonal = 1.0 + horizontal + vertical
    diagonal[:, 1:] += horizontal[:, :-1]
    diagonal[1:] += vertical[:-1]
    right, below = -horizontal.ravel()[:-1], -vertical.ravel()[:-width]
    return scipy.sparse.diags(
        [diagonal.ravel(), right, right, below, below], [0, 1, -1, width, -width], format="csc"
    )


def _denoise_luma(image: np.ndarray, sigma: float) -> np.ndarray:
    # Imported here because only denoising needs scikit-image.
    from skimage.color import rgb2ycbcr, ycbcr2rgb
    from skimage.restoration import denoise_nl_means

    luma_chroma = rgb2ycbcr(image)
    luma = luma_chroma[..., 0] / 255.0
    denoised = denoise_nl_means(luma, patch_size=5, patch_distance=6, h=0.8 * sigma, sigma=sigma)
    luma_chroma[..., 0] = denoised * 255.0
    return np.clip(ycbcr2rgb(luma_chroma), 0.0, 1.0)
