"""LIME: low-light enhancement by a refined illumination map (Guo, Li and Ling, TIP 2017).

The method. An image is L = R∘T. The initial illumination T̂ is the largest of the three channels.
The refined one is

    min over T of  ‖T̂ − T‖² + α ‖W∘∇T‖₁.

The exact solver uses the augmented Lagrangian: a transform solves for T, shrinkage gives G = ∇T,
and then the multiplier Z and the penalty μ ← ρμ are updated. The sped-up solver replaces |∇T| with
(∇T)²/(|∇T̂| + ε), so it needs only one sparse linear solve. Weights: strategy I is 1, II is
1/(|∇T̂| + ε), and III, the default, is ΣG/(|ΣG∇T̂| + ε) with a Gaussian window of σ 2 that sums
to 1. The result is R = L/T^γ. Its luma may be denoised and blended as R∘T + R_d∘(1 − T), which
preserves the bright parts.

Differences between the paper, the authors' code and this code. The method was published only as
protected code, so intermediate results cannot be compared. The authors' demo script agrees with the
paper on α 0.15, σ 2, the sped-up solver, strategy III and the blending. It adds that α 0.15 is for
the sped-up solver with strategy III, and that the exact solver needs less. γ is 0.8 in the paper
and 0.7 in the script. The script behind the flash paper's Table 1 uses 0.7 without denoising. ε is
not given and is 0.001 here. Paper and script denoise with BM3D (script: σ 10 of 255). Its reference
implementation is for non-commercial use only, so this code uses scikit-image's non-local means.
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
        gamma: γ. 0 returns the image, and 1 removes the illumination completely.
        strategy: Strategy of the weights: 1, 2 or 3.
        sigma: σ of the window of strategy 3, in pixels.
        solver: "sped_up" or "exact".
        denoise_sigma: Standard deviation of the noise in the result's luma, in [0, 1], for example
            10/255. 0 disables denoising and blending.

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
    """Return T̂, the largest channel of each pixel: (height, width), float64, in [0, 1]."""
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
    # The matrix is diagonally dominant, so a symmetric ordering without pivoting is safe.
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
        penalty_growth: ρ ≥ 1, the factor by which μ grows in each iteration.
        tolerance: Stop when ‖∇T − G‖ is at most this fraction of ‖T̂‖.
        iterations: Stop after this many iterations.
    """
    smoother = CosineSmoother(initial.shape)
    auxiliary = multiplier = Gradient(np.zeros_like(initial), np.zeros_like(initial))
    threshold = tolerance * norm(initial)
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
        residuals = Gradient(*(slope - g for slope, g in zip(slopes, auxiliary, strict=True)))
        multiplier = Gradient(
            *(z + penalty * residual for z, residual in zip(multiplier, residuals, strict=True))
        )
        penalty *= penalty_growth
        if math.hypot(*map(norm, residuals)) <= threshold:
            break
    return illumination


def _system_matrix(horizontal: np.ndarray, vertical: np.ndarray) -> scipy.sparse.csc_matrix:
    """Return 1 + ∇ᵀ diag(w) ∇ over the pixels in row order, for weights w of each difference."""
    width = horizontal.shape[1]
    horizontal, vertical = horizontal.copy(), vertical.copy()
    horizontal[:, -1] = vertical[-1] = 0.0  # no differences across the border
    diagonal = 1.0 + horizontal + vertical
    diagonal[:, 1:] += horizontal[:, :-1]
    diagonal[1:] += vertical[:-1]
    right, below = -horizontal.ravel()[:-1], -vertical.ravel()[:-width]
    bands = {0: diagonal.ravel(), 1: right, -1: right}
    # In a single column, the next pixel is the one below, and this replaces the one on the right.
    bands |= {width: below, -width: below}
    return scipy.sparse.diags(list(bands.values()), list(bands), format="csc")


def _denoise_luma(image: np.ndarray, sigma: float) -> np.ndarray:
    # Imported here because only denoising needs scikit-image.
    from skimage.color import rgb2ycbcr, ycbcr2rgb
    from skimage.restoration import denoise_nl_means

    luma_chroma = rgb2ycbcr(image)
    luma = luma_chroma[..., 0] / 255.0
    denoised = denoise_nl_means(luma, patch_size=5, patch_distance=6, h=0.8 * sigma, sigma=sigma)
    # scikit-image drops the axis of a single column.
    luma_chroma[..., 0] = denoised.reshape(luma.shape) * 255.0
    return np.clip(ycbcr2rgb(luma_chroma), 0.0, 1.0)
