"""How a generated image is scored against the ambient photograph: PSNR and SSIM, in two forms.

The authors' protocol, for comparison with the paper's tables, is what their code does: the output
becomes 8 bit by scaling with 255 and cutting the fraction off; PSNR is over all RGB values with the
squared error on integers; SSIM is scikit-image's `structural_similarity` with its defaults (uniform
7×7 window, sample covariance) on Pillow's luma "L".

The usual protocol of today, reported beside it: 8 bit by rounding; SSIM with the Gaussian window of
σ 1.5 (11×11) and the population covariance of Wang et al. (2004), for each of the three colors and
averaged. It looks at colors and not at luma because an ambient image with wrong colors should not
score as well as one with right colors; TensorFlow's `tf.image.ssim` computes the same.
"""

import numpy as np
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

SMALLEST_SCORED_SIDE = 11  # pixels, of the Gaussian window
_WHITE = 255.0
# In float32, k/255 times 255 can fall just below k, which must still become k.
_TRUNCATION_MARGIN = 1e-3


def truncate_to_8_bit(image: np.ndarray) -> np.ndarray:
    """Scale [0, 1] by 255 and cut the fraction off; the float of k/255 becomes k."""
    scaled = np.clip(image, 0.0, 1.0).astype(np.float64) * _WHITE
    return np.floor(scaled + _TRUNCATION_MARGIN).astype(np.uint8)


def round_to_8_bit(image: np.ndarray) -> np.ndarray:
    """Scale [0, 1] by 255 and round to the nearest whole number."""
    return np.rint(np.clip(image, 0.0, 1.0).astype(np.float64) * _WHITE).astype(np.uint8)


def file_values_as_8_bit(image: np.ndarray) -> np.ndarray:
    """Return a decoded file's 8-bit values; of 16 bits the upper 8, as Pillow reads them."""
    return (image >> 8).astype(np.uint8) if image.dtype == np.uint16 else image


def file_values_as_float(image: np.ndarray) -> np.ndarray:
    """Scale a decoded file's uint8 or uint16 values to float32 in [0, 1]."""
    return image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)


def psnr(output: np.ndarray, target: np.ndarray) -> float:
    """Return the peak signal-to-noise ratio in dB of two uint8 images over all values.

    Infinite if equal.
    """
    with np.errstate(divide="ignore"):  # where both are equal
        return float(peak_signal_noise_ratio(target, output, data_range=_WHITE))


def ssim(output: np.ndarray, target: np.ndarray) -> float:
    """Return the SSIM of two uint8 RGB images' luma, with scikit-image's defaults."""
    return float(structural_similarity(_luma(output), _luma(target)))


def ssim_gaussian(output: np.ndarray, target: np.ndarray) -> float:
    """Return the SSIM of two uint8 RGB images, Gaussian window, averaged over the colors."""
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
