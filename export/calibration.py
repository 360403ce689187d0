"""Computes the ranges of an integer file from the ranges of the calibration images."""

import numpy as np

# Fraction of images to ignore at each end of a range. A few outliers make it coarse for all others.
_OUTLIER_FRACTION = 0.02


def calibrated_range(lows: np.ndarray, highs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the minimum and maximum of a tensor without the outlier images.

    Quantizers that process all images at once use the mean or a moving average of the ranges. They
    clip values that images brighter than average need.

    Args:
        lows: The tensor's minimum for each image, along the first axis.
        highs: The tensor's maximum for each image, along the first axis.
    """
    return (
        np.quantile(lows, _OUTLIER_FRACTION, axis=0, method="lower").astype(lows.dtype),
        np.quantile(highs, 1 - _OUTLIER_FRACTION, axis=0, method="higher").astype(highs.dtype),
    )
