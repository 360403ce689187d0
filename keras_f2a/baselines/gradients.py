"""Image gradients and linear solvers that the baselines share.

Differences are forward differences. Across the border they are 0, as if the image continued as its
mirror image. The matching fast transform is the cosine transform, which is the Fourier transform of
the mirrored image. (The papers use a plain Fourier transform, which joins opposite borders. The
results differ only near the borders, and with mirroring no light wraps around.)
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.fft import dctn, idctn


class Gradient(NamedTuple):
    """The two forward differences of an image, or any pair of fields of the same form.

    Attributes:
        horizontal: (height, width). The last column of a gradient is 0.
        vertical: (height, width). The last row of a gradient is 0.
    """

    horizontal: np.ndarray
    vertical: np.ndarray


def gradient(image: np.ndarray) -> Gradient:
    """Return the forward differences ∇x of an image (height, width)."""
    horizontal, vertical = np.zeros_like(image), np.zeros_like(image)
    horizontal[:, :-1] = image[:, 1:] - image[:, :-1]
    vertical[:-1] = image[1:] - image[:-1]
    return Gradient(horizontal, vertical)


def transposed_gradient(field: Gradient) -> np.ndarray:
    """Return ∇ᵀ (the negative divergence) of a pair of fields, (height, width)."""
    horizontal, vertical = field.horizontal[:, :-1], field.vertical[:-1]
    image = np.zeros_like(field.horizontal)
    image[:, :-1] -= horizontal
    image[:, 1:] += horizontal
    image[:-1] -= vertical
    image[1:] += vertical
    return image


def shrink(values: np.ndarray, threshold: np.ndarray | float) -> np.ndarray:
    """Move values toward 0 by `threshold`, but not past 0 (soft thresholding)."""
    return np.sign(values) * np.maximum(np.abs(values) - threshold, 0.0)


def inner_product(first: np.ndarray, second: np.ndarray) -> float:
    """Return the inner product of two images.

    It does not use BLAS because its threads cost far more than they save for images on busy cores.
    """
    return float((first * second).sum())


def norm(image: np.ndarray) -> float:
    """Return the Euclidean norm, without BLAS."""
    return math.sqrt(inner_product(image, image))


class CosineSmoother:
    """Solves (a + b ∇ᵀ∇) x = y with two cosine transforms, for numbers a > 0 and b ≥ 0.

    Args:
        shape: Height and width of the images.
    """

    def __init__(self, shape: tuple[int, int]):
        self._spectrum = _laplacian_spectrum(shape)

    def solve(self, right_side: np.ndarray, a: float, b: float) -> np.ndarray:
        """Return x for the right-hand side y. Both are (height, width)."""
        spectrum = dctn(right_side, norm="ortho")
        return idctn(spectrum / (a + b * self._spectrum), norm="ortho", overwrite_x=True)


def integrate(field: Gradient, mean: float) -> np.ndarray:
    """Return the image whose gradient is closest to a field: ∇ᵀ∇ x = ∇ᵀ field.

    This is Poisson's equation with Neumann boundary conditions: the image continues as its mirror
    image. They leave the mean undetermined.

    Args:
        field: Two fields of differences, (height, width). The last column of `horizontal` and the
            last row of `vertical`, which would be differences across the border, are ignored.
        mean: Mean of the image.
    """
    eigenvalues = _laplacian_spectrum(field.horizontal.shape)
    eigenvalues[0, 0] = 1.0  # The eigenvalue of a constant image is 0; `mean` sets it below.
    spectrum = dctn(transposed_gradient(field), norm="ortho") / eigenvalues
    spectrum[0, 0] = mean * math.sqrt(spectrum.size)
    return idctn(spectrum, norm="ortho", overwrite_x=True)


def solve_weighted(
    weight: np.ndarray,
    right_side: np.ndarray,
    start: np.ndarray,
    *,
    smoother: CosineSmoother,
    tolerance: float = 1e-3,
    iterations: int = 30,
) -> np.ndarray:
    """Solve (1 + ∇ᵀ w ∇) x = y for weights w that differ between pixels.

    The Fourier transform does not diagonalize this equation. It is solved by conjugate gradients.
    The preconditioner is the same equation with the mean weight, which two transforms solve.

    Args:
        weight: w ≥ 0, (height, width), for both differences that start at the pixel.
        right_side: y, (height, width).
        start: Initial guess of x, (height, width).
        smoother: A smoother for the images' shape.
        tolerance: Stop at a residual of this fraction of y's norm.
        iterations: Stop after this many iterations.
    """
    mean_weight = float(weight.mean())
    solution = start
    residual = right_side - _apply_weighted(weight, solution)
    threshold = tolerance * norm(right_side)
    direction, last_product = np.zeros_like(residual), np.inf
    for _ in range(iterations):
        if norm(residual) <= threshold:
            break
        preconditioned = smoother.solve(residual, 1.0, mean_weight)
        product = inner_product(residual, preconditioned)
        direction = preconditioned + (product / last_product) * direction
        applied = _apply_weighted(weight, direction)
        step = product / inner_product(direction, applied)
        solution = solution + step * direction
        residual = residual - step * applied
        last_product = product
    return solution


def _laplacian_spectrum(shape: tuple[int, int]) -> np.ndarray:
    """Return the eigenvalues of ∇ᵀ∇ in the cosine basis, 0 for a constant image."""
    rows, columns = (2.0 - 2.0 * np.cos(np.pi * np.arange(size) / size) for size in shape)
    return rows[:, None] + columns[None, :]


def _apply_weighted(weight: np.ndarray, image: np.ndarray) -> np.ndarray:
    horizontal, vertical = gradient(image)
    return image + transposed_gradient(Gradient(weight * horizontal, weight * vertical))
