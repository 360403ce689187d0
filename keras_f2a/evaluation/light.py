"""What a method does to the light, apart from how bright and how warm its result is.

Exposure and white balance of the ambient photograph cannot be told from the flash photograph, so
that the authors' PSNR rewards a good guess of both. These measures stand beside it:

- aligned PSNR and SSIM: as in `keras_f2a.evaluation.protocol`, after the result was multiplied by
  the one gain for each channel that brings it nearest to the ambient photograph (least squares on
  the 8-bit values, the product limited to white and truncated). Compare them with the aligned row
  of the unchanged flash image, not with its plain one;
- brightness: mean luma of the result over that of the ambient photograph;
- contrast: standard deviation of the luma, as a difference too;
- near-white level and cast: mean value, and mean red minus blue, of the result where the flash
  image is 245 or more in all channels; nan where no pixel is. What was white should stay white;
- without flash: PSNR between an ambient photograph and the result for it as input. A photograph
  that was taken without flash should stay as it is. Measured on request, nan for a method that
  changes nothing.
"""

import numpy as np

from keras_f2a.evaluation.protocol import file_values_as_float, psnr, ssim, truncate_to_8_bit
from keras_f2a.evaluation.result import LUMA, Result

NEAR_WHITE = 245


def aligned_psnr(result: Result) -> float:
    """Return the PSNR in dB after alignment; infinite if equal."""
    return psnr(result.aligned, result.pair.target)


def aligned_ssim(result: Result) -> float:
    """Return the SSIM of luma after alignment."""
    return ssim(result.aligned, result.pair.target)


def brightness(result: Result) -> float:
    """Mean luma over the ambient photograph's; nan if that is black."""
    return _ratio((result.truncated @ LUMA).mean(), (result.pair.target @ LUMA).mean())


def contrast(result: Result) -> float:
    """Return the standard deviation of luma over the ambient photograph's; nan if that has none."""
    return _ratio((result.truncated @ LUMA).std(), (result.pair.target @ LUMA).std())


def white_level(result: Result) -> float:
    """Mean value, of 255, where the flash photograph is near-white; nan where nothing is."""
    white = _near_white(result)
    return float(white.mean()) if white.size else float("nan")


def white_cast(result: Result) -> float:
    """Mean red minus blue, of 255, where the flash photograph is near-white; nan if no pixel is."""
    white = _near_white(result)
    return float((white[:, 0] - white[:, 2]).mean()) if white.size else float("nan")


def without_flash(result: Result) -> float:
    """Return the PSNR between the ambient photograph and the result for it.

    Returns:
        The PSNR in dB; nan if it was not measured, or the result is the same picture.
    """
    if result.of_ambient is None:
        return float("nan")
    # What the method saw: of 16 bits the target has the upper 8, which is less here and there.
    given = truncate_to_8_bit(file_values_as_float(result.pair.ambient))
    output = truncate_to_8_bit(result.of_ambient)
    return float("nan") if np.array_equal(output, given) else psnr(output, given)


def _near_white(result: Result) -> np.ndarray:
    near_white = (result.pair.flash_8_bit >= NEAR_WHITE).all(axis=-1)
    return result.truncated[near_white].astype(np.float64)


def _ratio(ours: float, theirs: float) -> float:
    return float(ours / theirs) if theirs > 0 else float("nan")
