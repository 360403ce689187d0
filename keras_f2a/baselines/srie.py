"""SRIE: reflectance and illumination from a weighted variational model (Fu et al., CVPR 2016).

The method. The paper's model uses the logarithms s = r + l of the value channel S = R·L,

    min over r ≤ 0, l ≥ s of  ‖r + l − s‖² + c₁‖R∘∇r‖₁ + c₂‖L∘∇l‖².

The weights R = eʳ and L = eˡ keep the values of the last iteration. The scheme alternates: d
replaces R∘∇r with weight λ and a Bregman variable b, shrinkage gives d, and linear solves give r
and l. Each is then clipped to its bound, which is not quite the constrained minimum. The constants
are c₁ 0.01, c₂ 0.1 and λ 1. Iteration stops at relative changes below 1e-3. The enhanced value
channel is R·L', with L' = 255·(L/255)^(1/2.2).

The scale of S matters because L weights the smoothness of l. The published demo script uses values
from 0 to 255, and so does this code. With values from 0 to 1, the illumination would hardly be
smoothed, and the result would be a plain gamma curve.

Differences between the paper, the authors' code and this code. The decomposition was published only
as protected code, so intermediate results cannot be compared. Division in the Fourier domain is not
possible for weights that differ between pixels. But according to public reimplementations, the
paper gives closed forms there, which are correct only if a weight is a single number. This code has
both. `weights="pixel"` solves the stated equations by conjugate gradients, preconditioned by fast
transforms. `weights="mean"` uses the image's mean weight and is a closed form. Their scores on
flash photographs differ by less than 0.01 dB.
"""

from typing import Literal, NamedTuple

import numpy as np

from keras_f2a.baselines.gradients import (
    CosineSmoother,
    Gradient,
    gradient,
    norm,
    shrink,
    solve_weighted,
    transposed_gradient,
)

WHITE = 255.0
GAMMA = 2.2
_SOLVER_TOLERANCE = 0.3  # of the tolerance, so that an unfinished solve does not look converged


class Decomposition(NamedTuple):
    """An image S split into R·L.

    Attributes:
        reflectance: R in [0, 1], (height, width).
        illumination: L ≥ S, on a scale from 0 to 255, (height, width).
        changes: The relative changes of r and l in each iteration, (iterations, 2).
    """

    reflectance: np.ndarray
    illumination: np.ndarray
    changes: np.ndarray


def srie(image: np.ndarray, weights: Literal["pixel", "mean"] = "pixel") -> np.ndarray:
    """Brighten an image by a gamma curve on its estimated illumination.

    This enhances the value channel of HSV and keeps hue and saturation, so it scales the three
    channels of a pixel by the same factor.

    Args:
        image: RGB in [0, 1], (height, width, 3).
        weights: As for `decompose`.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    value = image.max(axis=-1).astype(np.float64) * WHITE
    reflectance, illumination, _ = decompose(value, weights=weights)
    enhanced = reflectance * WHITE * (illumination / WHITE) ** (1.0 / GAMMA)
    gain = enhanced / np.maximum(value, 1.0)
    return np.clip(image * gain[..., None], 0.0, 1.0).astype(np.float32)


def decompose(
    value: np.ndarray,
    c1: float = 0.01,
    c2: float = 0.1,
    *,
    splitting_weight: float = 1.0,
    weights: Literal["pixel", "mean"] = "pixel",
    tolerance: float = 1e-3,
    iterations: int = 50,
    solver_iterations: int = 20,
) -> Decomposition:
    """Split a value channel into reflectance and illumination.

    Args:
        value: S from 0 to 255, (height, width). Values below 1 count as 1, for the logarithm.
        c1: c₁, weight of the reflectance's total variation.
        c2: c₂, weight of the illumination's smoothness.
        splitting_weight: λ of the split d = R∘∇r.
        weights: "pixel" weights each pixel's gradient by its own R and L, like the model. "mean"
            uses the image's mean R and L, so that each solve is a division of spectra.
        tolerance: Stop when the relative changes of r and l are both smaller.
        iterations: Stop after this many iterations.
        solver_iterations: Conjugate gradient iterations of each solve. Each solve starts from the
            last iteration's solution, so solutions and weights improve together.
    """
    log_value = np.log(np.maximum(value, 1.0).astype(np.float64))
    log_reflectance, log_illumination = np.zeros_like(log_value), log_value
    splitting = _Splitting(c1 * splitting_weight, splitting_weight, log_value.shape)
    smoother = CosineSmoother(log_value.shape)
    changes = []
    for _ in range(iterations):
        last = log_reflectance, log_illumination
        weight = _weight(log_reflectance, weights)
        log_reflectance = solve_weighted(
            splitting.scale * weight**2,
            log_value - log_illumination + splitting.right_side(log_reflectance, weight),
            log_reflectance,
            smoother=smoother,
            tolerance=_SOLVER_TOLERANCE * tolerance,
            iterations=solver_iterations,
        )
        log_reflectance = np.minimum(log_reflectance, 0.0)
        splitting.add_error(log_reflectance, weight)
        log_illumination = solve_weighted(
            c2 * _weight(log_illumination, weights) ** 2,
            log_value - log_reflectance,
            log_illumination,
            smoother=smoother,
            tolerance=_SOLVER_TOLERANCE * tolerance,
            iterations=solver_iterations,
        )
        log_illumination = np.maximum(log_illumination, log_value)
        current = log_reflectance, log_illumination
        changes.append([_relative_change(*pair) for pair in zip(current, last, strict=True)])
        if max(changes[-1]) < tolerance:
            break
    return Decomposition(np.exp(log_reflectance), np.exp(log_illumination), np.array(changes))


class _Splitting:
    """The split d = R∘∇r with its Bregman variable b.

    Args:
        scale: c₁λ.
        splitting_weight: λ.
        shape: Height and width of the image.
    """

    def __init__(self, scale: float, splitting_weight: float, shape: tuple[int, int]):
        self.scale = scale
        self._threshold = 1.0 / (2.0 * splitting_weight)
        self._split = self._error = Gradient(np.zeros(shape), np.zeros(shape))

    def right_side(self, log_reflectance: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Update d by shrinkage and return c₁λ ∇ᵀ R∘(d − b), its term in r's right-hand side."""
        parts = zip(gradient(log_reflectance), self._error, strict=True)
        self._split = Gradient(*(shrink(weight * part + b, self._threshold) for part, b in parts))
        parts = zip(self._split, self._error, strict=True)
        return self.scale * transposed_gradient(Gradient(*(weight * (d - b) for d, b in parts)))

    def add_error(self, log_reflectance: np.ndarray, weight: np.ndarray) -> None:
        """Add the remaining error of the split to b."""
        parts = zip(gradient(log_reflectance), self._split, self._error, strict=True)
        self._error = Gradient(*(b + weight * part - d for part, d, b in parts))


def _weight(logarithm: np.ndarray, weights: str) -> np.ndarray:
    weight = np.exp(logarithm)
    return weight if weights == "pixel" else np.full_like(weight, weight.mean())


def _relative_change(current: np.ndarray, last: np.ndarray) -> float:
    change, size = norm(current - last), norm(last)
    if change == 0.0:
        return 0.0
    return change / size if size > 0.0 else np.inf
