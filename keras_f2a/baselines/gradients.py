"""Image gradients and the solves for an image that the baselines share.

Differences are forward differences; across the image border they are 0, as if the image went on as
its own mirror image. The matching fast transform is the cosine transform, which is the Fourier
transform of the mirrored image. (The papers write a plain Fourier transform, which joins opposite
borders; mirroring differs from it near the borders only and lets no light wrap around.)
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.fft import dctn, idctn


class Gradient(NamedTuple):
    """The two forward differences of an image, or any pair of fields that belongs to them.

    Attributes:
        horizontal: (height, width); the last column is 0 for a gradient.
        vertical: (height, width); the last row is 0 for a gradient.
    """

    horizontal: np.ndarray
    vertical: np.ndarray


def gradient(image: np.ndarray) -> Gradient:
    """Take forward differences ∇x of an image (height, width)."""
    horizontal, vertical = np.zeros_like(image), np.zeros_like(image)
    horizontal[:, :-1] = image[:, 1:] - image[:, :-1]
    vertical[:-1] = image[1:] - image[:-1]
    return Gradient(horizontal, vertical)


def transposed_gradient(field: Gradient) -> np.ndarray:
    """Apply ∇ᵀ (the negative divergence) to a pair of fields, giving (height, width)."""
    horizontal, vertical = field.horizontal[:, :-1], field.vertical[:-1]
    image = np.zeros_like(field.horizontal)
    image[:, :-1] -= horizontal
    image[:, 1:] += horizontal
    image[:-1] -= vertical
    image[1:] += vertical
    return image


def shrink(values: np.ndarray, threshold: np.ndarray | float) -> np.ndarray:
    """Move values toward 0 by `threshold` and stop there (soft thresholding)."""
    return np.sign(values) * np.maximum(np.abs(values) - threshold, 0.0)


def inner_product(first: np.ndarray, second: np.ndarray) -> float:
    """Sum the products of two images' values.

    Without BLAS, whose threads cost many times what they save on images and busy cores.
    """
    return float((first * second).sum())


def norm(image: np.ndarray) -> float:
    """Return the root of the sum of squares, without BLAS."""
    return math.sqrt(inner_product(image, image))


class CosineSmoother:
    """Solves (a + b ∇ᵀ∇) x = y for two numbers a > 0 and b ≥ 0 with two cosine transforms.

    Args:
        shape: Height and width of the images.
    """

    def __init__(self, shape: tuple[int, int]):
        self._spectrum = _laplacian_spectrum(shape)

    def solve(self, right_side: np.ndarray, a: float, b: float) -> np.ndarray:
        """Return x for the right side y; both (height, width)."""
        spectrum = dctn(right_side, norm="ortho")
        return idctn(spectrum / (a + b * self._spectrum), norm="ortho", overwrite_x=True)


def integrate(field: Gradient, mean: float) -> np.ndarray:
    """Return the image whose gradient is nearest to a field: ∇ᵀ∇ x = ∇ᵀ field.

    This is Poisson's equation. No boundary value is given: the image goes on as its own mirror
    image (Neumann's condition), which leaves its mean open.

    Args:
        field: Two fields of differences, (height, width); what its last column and row say of
            differences that leave the image is not heard.
        mean: Of the image.
    """
    eigenvalues = _laplacian_spectrum(field.horizontal.shape)
    eigenvalues[0, 0] = 1.0  # of the constant image, whose place the mean takes
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
    """Solve (1 + ∇ᵀ w ∇) x = y for weights w that differ from pixel to pixel.

    Such weights do not turn into a product under the Fourier transform. Conjugate gradients do it,
    preconditioned by the same equation with the mean weight, which two transforms solve.

    Args:
        weight: w ≥ 0, (height, width), for both differences that start at the pixel.
        right_side: y, (height, width).
        start: A guess of x, (height, width).
        smoother: For the images' shape.
        tolerance: Ends the search at a residual of this part of y's norm.
        iterations: Ends the search after as many iterations.
    """
    mean_weight = float(weight.mean())
    solution = start
    residual = right_side - _apply_weighted(weight, solution)
    enough = tolerance * norm(right_side)
    direction, previous = np.zeros_like(residual), np.inf
    for _ in range(iterations):
        if norm(residual) <= enough:
            break
        preconditioned = smoother.solve(residual, 1.0, mean_weight)
        product = inner_product(residual, preconditioned)
        direction = preconditioned + (product / previous) * direction
        applied = _apply_weighted(weight, direction)
        step = product / inner_product(direction, applied)
        solution = solution + step * direction
        residual = residual - step * applied
        previous = product
    return solution


def _laplacian_spectrum(shape: tuple[int, int]) -> np.ndarray:
    """Return the eigenvalues of ∇ᵀ∇ under the cosine transform, 0 for the constant image."""
    rows, columns = (2.0 - 2.0 * np.cos(np.pi * np.arange(size) / size) for size in shape)
    return rows[:, None] + columns[None, :]


def _apply_weighted(weight: np.ndarray, image: np.ndarray) -> np.ndarray:
    horizontal, vertical = gradient(image)
    return image + transposed_gradient(Gradient(weight * horizontal, weight * vertical))
