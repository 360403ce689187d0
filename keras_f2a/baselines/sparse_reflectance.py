"""Minimizes the energy E(r) of sparse reflectance. `intrinsic` explains the symbols."""

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import LinearOperator, cg

from keras_f2a.baselines.gradients import CosineSmoother, shrink

SIGMA = 0.02  # of chromaticities, which sum to 1
LEVELS = 6
_GRAY = 0.02  # linear light added to each channel, so that dark noise has no color


def chromaticity(light: np.ndarray) -> np.ndarray:
    """Return χ of linear light (height, width, 3), in the same shape.

    Each channel of a dark pixel has about a third.
    """
    light = light + _GRAY
    return light / light.sum(axis=-1, keepdims=True)


def pair_differences(
    color: np.ndarray, sigma: float = SIGMA, levels: int = LEVELS
) -> sparse.csr_matrix:
    """Return the matrix that maps r to all w_pq (r_p − r_q), (pairs, height · width).

    Args:
        color: χ, (height, width, 3).
        sigma: σ. If it is infinite, all pairs of a grid have the same weight.
        levels: Number of grids, with steps of 1, 2, 4 … pixels.
    """
    indices = np.arange(color.shape[0] * color.shape[1]).reshape(color.shape[:2])
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for step in 2 ** np.arange(levels):
        grid, grid_color = indices[::step, ::step], color[::step, ::step]
        for first_side, second_side in ((np.s_[:-1], np.s_[1:]), (np.s_[:, :-1], np.s_[:, 1:])):
            squared_distances = ((grid_color[first_side] - grid_color[second_side]) ** 2).sum(
                axis=-1
            )
            weight = step * np.exp(-0.5 * squared_distances / sigma**2)
            parts.append((grid[first_side].ravel(), grid[second_side].ravel(), weight.ravel()))
    first, second, weights = map(np.concatenate, zip(*parts, strict=True))
    rows = np.arange(len(weights))
    return sparse.csr_matrix(
        (
            np.concatenate([weights, -weights]),
            (np.concatenate([rows, rows]), np.concatenate([first, second])),
        ),
        shape=(len(weights), indices.size),
    )


class ReflectanceModel:
    """The energy E(r) and its minimization. Each solve starts with the last one's multipliers.

    Args:
        brightness: i, (height, width).
        differences: As `pair_differences` returns it.
        beta: β.
    """

    penalty = 1.0

    def __init__(self, brightness: np.ndarray, differences: sparse.csr_matrix, beta: float):
        self.shape = brightness.shape
        self.i = brightness.ravel()
        self.r = self.i.copy()
        self.alpha = 0.0
        self.target = self.r
        self.beta = beta
        self.differences = differences
        self.transposed = differences.T.tocsr()
        flat = np.zeros((*self.shape, 1))
        self.gradient = pair_differences(flat, sigma=np.inf, levels=1)
        laplacian = self.gradient.T @ self.gradient
        # The identity is for |r − c|. Without α it is a proximal term, which keeps the optimum.
        self.matrix = (
            self.penalty * (self.transposed @ differences + sparse.identity(self.i.size))
            + 2.0 * beta * laplacian
        ).tocsr()
        self.smoothness_term = 2.0 * beta * (laplacian @ self.i)
        self._split = differences @ self.r
        self._multiplier = np.zeros_like(self._split)
        self._target_split = np.zeros_like(self.i)
        self._target_multiplier = np.zeros_like(self.i)

    def energy(self) -> float:
        """Return E for the current r, c and k."""
        sparsity = np.abs(self.differences @ self.r).sum()
        palette_distance = self.alpha * np.abs(self.r - self.target).sum()
        roughness = self.beta * ((self.gradient @ (self.i - self.r)) ** 2).sum()
        return float(sparsity + palette_distance + roughness)

    def solve(self, iterations: int, solver_iterations: int) -> None:
        """Move r toward the minimum for the current c and k."""
        mean_weight = 2.0 * self.beta + self.penalty * (self.differences.data**2).sum() / (
            2.0 * max(self.gradient.shape[0], 1)  # A single pixel has no neighbors.
        )
        smoother = CosineSmoother(self.shape)
        preconditioner = LinearOperator(
            self.matrix.shape,
            lambda v: smoother.solve(v.reshape(self.shape), self.penalty, mean_weight).ravel(),
        )
        for _ in range(iterations):
            right_side = self.smoothness_term + self.penalty * (
                self.transposed @ (self._split - self._multiplier) + self._anchor()
            )
            options = {"rtol": 1e-4, "maxiter": solver_iterations, "M": preconditioner}
            self.r, _ = cg(self.matrix, right_side, self.r, **options)
            shifted = self.differences @ self.r + self._multiplier
            self._split = shrink(shifted, 1.0 / self.penalty)
            self._multiplier = shifted - self._split
            if self.alpha > 0.0:
                shifted = self.r - self.target + self._target_multiplier
                self._target_split = shrink(shifted, self.alpha / self.penalty)
                self._target_multiplier = shifted - self._target_split

    def _anchor(self) -> np.ndarray:
        if self.alpha == 0.0:
            return self.r
        return self.target + self._target_split - self._target_multiplier
