"""Metrics of what a method does to the light, apart from exposure and white balance.

The flash photograph does not reveal the ambient photograph's exposure and white balance, so the
authors' PSNR rewards a good guess of both. These metrics complement it:

- Aligned PSNR and SSIM: as in `keras_f2a.evaluation.protocol`, but each channel of the result is
  first multiplied by the gain that brings it closest to the ambient photograph (least squares on
  the 8-bit values; the product is clipped to white and truncated). Compare them with the aligned
  scores of the unchanged flash image, not with its plain scores.
- Brightness: mean luma of the result, divided by that of the ambient photograph.
- Contrast: standard deviation of luma, divided by that of the ambient photograph.
- Near-white level and cast: mean value, and mean red minus blue, of the result where the flash
  image is at least 245 in all channels. They are nan without such pixels. White should stay white.
- Without flash: PSNR between an ambient photograph and the result for it as input. A photograph
  taken without flash should not change. This is measured only on request, and is nan for a method
  that changes nothing.
"""

import numpy as np

from keras_f2a.evaluation.protocol import file_values_as_float, psnr, ssim, truncate_to_8_bit
from keras_f2a.evaluation.result import LUMA, Result

NEAR_WHITE = 245


def aligned_psnr(result: Result) -> float:
    """Return the PSNR in dB after alignment, infinite for equal images."""
    return psnr(result.aligned, result.pair.target)


def aligned_ssim(result: Result) -> float:
    """Return the SSIM of luma after alignment."""
    return ssim(result.aligned, result.pair.target)


def brightness(result: Result) -> float:
    """Return mean luma divided by the ambient photograph's, or nan if that one is black."""
    return _ratio((result.truncated @ LUMA).mean(), (result.pair.target @ LUMA).mean())


def contrast(result: Result) -> float:
    """Return the standard deviation of luma divided by the ambient's, or nan if that is 0."""
    return _ratio((result.truncated @ LUMA).std(), (result.pair.target @ LUMA).std())


def white_level(result: Result) -> float:
    """Return the mean value, of 255, where the flash photograph is near-white, or nan."""
    white = _near_white(result)
    return float(white.mean()) if white.size else float("nan")


def white_cast(result: Result) -> float:
    """Return mean red minus blue, of 255, where the flash photograph is near-white, or nan."""
    white = _near_white(result)
    return float((white[:, 0] - white[:, 2]).mean()) if white.size else float("nan")


def without_flash(result: Result) -> float:
    """Return the PSNR between the ambient photograph and the result for it.

    Returns:
        The PSNR in dB, or nan if it was not measured or the result equals its input.
    """
    if result.of_ambient is None:
        return float("nan")
    # Compare with the method's actual input. The target keeps only the upper 8 of 16 bits, which
    # can be a lower value.
    input_image = truncate_to_8_bit(file_values_as_float(result.pair.ambient))
    output = truncate_to_8_bit(result.of_ambient)
    return float("nan") if np.array_equal(output, input_image) else psnr(output, input_image)


def _near_white(result: Result) -> np.ndarray:
    near_white = (result.pair.flash_8_bit >= NEAR_WHITE).all(axis=-1)
    return result.truncated[near_white].astype(np.float64)


def _ratio(value: float, reference: float) -> float:
    return float(value / reference) if reference > 0 else float("nan")
