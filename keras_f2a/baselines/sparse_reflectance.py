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
        grid, shade = indices[::step, ::step], color[::step, ::step]
        for here, there in ((np.s_[:-1], np.s_[1:]), (np.s_[:, :-1], np.s_[:, 1:])):
            squares = ((shade[here] - shade[there]) ** 2).sum(axis=-1)
            weight = step * np.exp(-0.5 * squares / sigma**2)
            parts.append((grid[here].ravel(), grid[there].ravel(), weight.ravel()))
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
        self.pull = 2.0 * beta * (laplacian @ self.i)
        self._split = differences @ self.r
        self._multiplier = np.zeros_like(self._split)
        self._rest = np.zeros_like(self.i)
        self._rest_multiplier = np.zeros_like(self.i)

    def energy(self) -> float:
        """Return E for the current r, c and k."""
        local = np.abs(self.differences @ self.r).sum()
        whole = self.alpha * np.abs(self.r - self.target).sum()
        rough = self.beta * ((self.gradient @ (self.i - self.r)) ** 2).sum()
        return float(local + whole + rough)

    def solve(self, iterations: int, solver_iterations: int) -> None:
        """Move r toward the minimum for the current c and k."""
        mean_weight = 2.0 * self.beta + self.penalty * (self.differences.data**2).sum() / (
            2.0 * self.gradient.shape[0]
        )
        smoother = CosineSmoother(self.shape)
        preconditioner = LinearOperator(
            self.matrix.shape,
            lambda v: smoother.solve(v.reshape(self.shape), self.penalty, mean_weight).ravel(),
        )
        for _ in range(iterations):
            right_side = self.pull + self.penalty * (
                self.transposed @ (self._split - self._multiplier) + self._anchor()
            )
            options = {"rtol": 1e-4, "maxiter": solver_iterations, "M": preconditioner}
            self.r, _ = cg(self.matrix, right_side, self.r, **options)
            moved = self.differences @ self.r + self._multiplier
            self._split = shrink(moved, 1.0 / self.penalty)
            self._multiplier = moved - self._split
            if self.alpha > 0.0:
                moved = self.r - self.target + self._rest_multiplier
                self._rest = shrink(moved, self.alpha / self.penalty)
                self._rest_multiplier = moved - self._rest

    def _anchor(self) -> np.ndarray:
        if self.alpha == 0.0:
            return self.r
        return self.target + self._rest - self._rest_multiplier
