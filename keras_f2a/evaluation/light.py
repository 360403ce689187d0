"""What a method does to the light, apart from how bright and how warm its result is.

Exposure and white balance of the ambient photograph cannot be told from the flash photograph, so
that the authors' PSNR rewards a good guess of both. These measures stand beside it:

- aligned PSNR and SSIM: as in `keras_f2a.evaluation.protocol`, after the result was multiplied by
  the one gain for each channel that brings it nearest to the ambient photograph (least squares on
  the 8-bit values, the product limited to white and truncated). Compare them with the aligned row
  of the unchanged flash image, not with its plain one;
- brightness: mean luma of the result over that of the ambient photograph;
- contrast: standard deviation of the luma, likewise;
- near-white level and cast: mean value, and mean red minus blue, of the result where the flash
  image is 245 or more in all channels; nan where no pixel is. What was white should stay white;
- without flash: PSNR between an ambient photograph and the result for it as input. A photograph
  that was taken without flash should stay as it is. Measured on request, nan for a method that
  changes nothing;
- shadow error: see `keras_f2a.evaluation.shadows`; nan where it is not known where shadows are.
"""

import numpy as np

from keras_f2a.evaluation.protocol import psnr, ssim, truncate_to_8_bit

LIGHT_METRICS = {
    "psnr_aligned": "PSNR in dB after one least-squares gain for each channel",
    "ssim_aligned": "SSIM of luma after one least-squares gain for each channel",
    "brightness": "mean luma over the ambient photograph's",
    "contrast": "standard deviation of luma over the ambient photograph's",
    "white_level": "mean value where the flash image is 245 or more in all channels",
    "white_cast": "mean red minus blue where the flash image is 245 or more in all channels",
    "without_flash": "PSNR in dB between the ambient photograph and the result for it as input",
    "shadow_error": "mean absolute difference of luma, of 255, in the flash's shadows, after "
    "one least-squares gain for each channel",
}
NEAR_WHITE = 245
_LUMA = np.array([0.299, 0.587, 0.114])


def light_scores(output: np.ndarray, target: np.ndarray, flash: np.ndarray) -> dict[str, float]:
    """Scores a method's result by the entries of `LIGHT_METRICS` that need nothing else.

    Args:
        output: The result's 8-bit values, RGB, uint8, (height, width, 3).
        target: The ambient photograph's, the same shape.
        flash: The flash photograph's, the same shape.

    Returns:
        One number for each metric's name; nan where it is not defined, such as the level of
        near-white pixels in a flash image that has none.
    """
    aligned = align(output, target)
    ours, theirs = output @ _LUMA, target @ _LUMA
    white = output[(flash >= NEAR_WHITE).all(axis=-1)].astype(np.float64)
    return {
        "psnr_aligned": psnr(aligned, target),
        "ssim_aligned": ssim(aligned, target),
        "brightness": _ratio(ours.mean(), theirs.mean()),
        "contrast": _ratio(ours.std(), theirs.std()),
        "white_level": float(white.mean()) if white.size else float("nan"),
        "white_cast": float((white[:, 0] - white[:, 2]).mean()) if white.size else float("nan"),
    }


def align(output: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Multiplies each channel by the gain that brings it nearest to the target's.

    Args:
        output: RGB, uint8, (height, width, 3).
        target: The same.

    Returns:
        The product, limited to white and truncated, uint8; a black channel stays black.
    """
    ours, theirs = output / 255.0, target / 255.0
    energy = (ours * ours).sum(axis=(0, 1))
    gains = (ours * theirs).sum(axis=(0, 1)) / np.where(energy > 0, energy, 1.0)
    return truncate_to_8_bit(ours * gains)


def _ratio(ours: float, theirs: float) -> float:
    return float(ours / theirs) if theirs > 0 else float("nan")
