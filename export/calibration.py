"""The ranges that an integer file is made for, from those of each calibration image."""

import numpy as np

# Of the calibration images, at each end of a range: a few wide ones make it coarse for all others.
_LEFT_OUT = 0.02


def calibrated_range(lows: np.ndarray, highs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the largest value of a tensor, without the images furthest out.

    Quantizers that take all images at once use a moving average of their ranges, or the mean, and
    clip what an image that is brighter than most needs.

    Args:
        lows: The tensor's least value in each image, along the first axis.
        highs: The largest.
    """
    return (
        np.quantile(lows, _LEFT_OUT, axis=0, method="lower").astype(lows.dtype),
        np.quantile(highs, 1 - _LEFT_OUT, axis=0, method="higher").astype(highs.dtype),
    )
