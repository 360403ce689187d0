"""Scores a generated image against the ambient photograph with two variants of PSNR and SSIM.

The authors' protocol follows their code and allows comparison with the paper's tables. The output
is scaled by 255 and truncated to 8 bits. PSNR is computed over all RGB values, with the squared
error on integers. SSIM is scikit-image's `structural_similarity` with its defaults (uniform 7×7
window, sample covariance) on Pillow's luma "L".

Today's usual protocol is reported as well. It rounds to 8 bits. SSIM has the Gaussian window of
σ 1.5 (11×11) and the population covariance of Wang et al. (2004), and is averaged over the three
channels. It uses colors instead of luma because an image with wrong colors should score lower than
one with the right colors. TensorFlow's `tf.image.ssim` computes the same.
"""

import numpy as np
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

SMALLEST_SCORED_SIDE = 11  # pixels, the side of the Gaussian window
_WHITE = 255.0
# In float32, k/255 times 255 can be slightly below k, and must still become k.
_TRUNCATION_MARGIN = 1e-3


def truncate_to_8_bit(image: np.ndarray) -> np.ndarray:
    """Scale [0, 1] by 255 and truncate. A float of k/255 becomes k."""
    scaled = np.clip(image, 0.0, 1.0).astype(np.float64) * _WHITE
    return np.floor(scaled + _TRUNCATION_MARGIN).astype(np.uint8)


def round_to_8_bit(image: np.ndarray) -> np.ndarray:
    """Scale [0, 1] by 255 and round to the nearest whole number."""
    return np.rint(np.clip(image, 0.0, 1.0).astype(np.float64) * _WHITE).astype(np.uint8)


def file_values_as_8_bit(image: np.ndarray) -> np.ndarray:
    """Return a decoded file's values as 8 bits: the upper 8 of 16 bits, as in Pillow."""
    return (image >> 8).astype(np.uint8) if image.dtype == np.uint16 else image


def file_values_as_float(image: np.ndarray) -> np.ndarray:
    """Scale a decoded file's uint8 or uint16 values to float32 in [0, 1]."""
    return image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)


def psnr(output: np.ndarray, target: np.ndarray) -> float:
    """Return the PSNR in dB of two uint8 images over all values, infinite for equal images."""
    with np.errstate(divide="ignore"):  # for equal images
        return float(peak_signal_noise_ratio(target, output, data_range=_WHITE))


def ssim(output: np.ndarray, target: np.ndarray) -> float:
    """Return the SSIM of two uint8 RGB images' luma, with scikit-image's defaults."""
    return float(structural_similarity(_luma(output), _luma(target)))


def ssim_gaussian(output: np.ndarray, target: np.ndarray) -> float:
    """Return the SSIM of two uint8 RGB images with a Gaussian window, averaged over channels."""
    return float(
        structural_similarity(
            output,
            target,
            channel_axis=-1,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            data_range=_WHITE,
        )
    )


def _luma(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).convert("L"))
