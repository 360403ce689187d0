"""Flash detail on a denoised ambient photograph (Petschnigg et al., SIGGRAPH 2004).

The method. With the flash photograph F and the ambient photograph A, channel by channel:

    A_NR     = A smoothed by the joint bilateral filter with F as its guide,
    A_Base   = A smoothed by the bilateral filter (its own guide),
    F_Detail = (F + ε) / (F_Base + ε), F_Base by the bilateral filter, ε 0.02,
    A_Final  = (1 − M) A_NR F_Detail + M A_Base.

The mask M is 1 where F has no information about the scene under ambient light. These are the
flash's shadows, where F_Lin − A_Lin ≤ τ, and its highlights, where the luminance of F_Lin is at
least 95% of the range. Both masks are cleaned by morphology and feathered by a blur.

Differences from the paper. The paper's numbers are for raw files.

- σ_d is 24 pixels in the paper. Here it is 1.2% of the diagonal, which is 24 pixels at 1600×1200.
- σ_r of the joint filter is 0.1% of the range in the paper, a quarter of an 8-bit step. Here it is
  five steps.
- σ_r of the other filters is 5 to 10% in the paper and 7.5% here.
- τ is set by hand for each pair in the paper and is one number here.
- The filters work on sRGB values, and the masks on linear light.
- The paper does not give the sizes of its morphology. The ones here are ours.
- White balance, red eyes and the slider between the two photographs are omitted.
- FAID's flash images have only the light of the flash, so F_Lin − A_Lin is F_Lin itself.
  `ambient_share` says how much of the ambient light the flash photograph includes.
"""

import cv2
import numpy as np

from keras_f2a.baselines.bilateral import bilateral_filter, diagonal, joint_bilateral_filter
from keras_f2a.support.srgb import to_linear

SIGMA_SPACE = 0.012  # of the diagonal
SIGMA_RANGE = 0.075
SIGMA_RANGE_JOINT = 5 / 255
DETAIL_EPSILON = 0.02
SHADOW_THRESHOLD = 0.005  # τ, linear light: sRGB 16 of 255
HIGHLIGHT_THRESHOLD = 0.95
_LUMA = np.array([0.2126, 0.7152, 0.0722])  # of linear sRGB (ITU-R BT.709)
_FEATHER = 0.005  # radius of the mask's morphology and blur, relative to the diagonal


def petschnigg(
    flash: np.ndarray,
    ambient: np.ndarray,
    *,
    sigma_space: float = SIGMA_SPACE,
    sigma_range: float = SIGMA_RANGE,
    sigma_range_joint: float = SIGMA_RANGE_JOINT,
    shadow_threshold: float = SHADOW_THRESHOLD,
    ambient_share: float = 0.0,
) -> np.ndarray:
    """Denoise an ambient photograph and add the flash photograph's detail.

    Args:
        flash: RGB in [0, 1], (height, width, 3).
        ambient: The same scene, in the same shape and range.
        sigma_space: σ_d of all filters, as a fraction of the diagonal.
        sigma_range: σ_r of A_Base and F_Base.
        sigma_range_joint: σ_r of A_NR.
        shadow_threshold: τ, linear light.
        ambient_share: As for `artifact_mask`.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    sigma_pixels = sigma_space * diagonal(flash)
    mask = artifact_mask(flash, ambient, shadow_threshold, ambient_share=ambient_share)
    result = np.empty(flash.shape, np.float32)
    for channel in range(3):
        f, a = flash[..., channel], ambient[..., channel]
        denoised = joint_bilateral_filter(
            a, f, sigma_space=sigma_pixels, sigma_range=sigma_range_joint
        )
        base = bilateral_filter(a, sigma_space=sigma_pixels, sigma_range=sigma_range)
        detail = detail_layer(f, sigma_pixels, sigma_range)
        result[..., channel] = (1.0 - mask) * denoised * detail + mask * base
    return np.clip(result, 0.0, 1.0)


def detail_layer(channel: np.ndarray, sigma_space: float, sigma_range: float) -> np.ndarray:
    """Return F_Detail of one channel, (height, width). It is 1 where the channel is flat.

    Args:
        channel: Values in [0, 1], (height, width).
        sigma_space: σ_d in pixels.
        sigma_range: σ_r of the bilateral filter.
    """
    base = bilateral_filter(channel, sigma_space=sigma_space, sigma_range=sigma_range)
    return (channel + DETAIL_EPSILON) / (base + DETAIL_EPSILON)


def artifact_mask(
    flash: np.ndarray,
    ambient: np.ndarray,
    shadow_threshold: float = SHADOW_THRESHOLD,
    *,
    ambient_share: float = 0.0,
) -> np.ndarray:
    """Return the mask M of the flash's shadows and highlights.

    Args:
        flash: RGB in [0, 1], (height, width, 3).
        ambient: The same shape and range.
        shadow_threshold: τ, linear light.
        ambient_share: The fraction of the ambient photograph's light that is also in the flash
            photograph: 0 in FAID, 1 for two photographs with the same exposure.

    Returns:
        M in [0, 1], 1 for a shadow or a highlight, float32, (height, width).
    """
    light = to_linear(flash) @ _LUMA
    flash_light = light - ambient_share * (to_linear(ambient) @ _LUMA)
    shadow = _clean_mask(flash_light <= shadow_threshold, flash)
    highlight = _clean_mask(light >= HIGHLIGHT_THRESHOLD, flash)
    mask = np.maximum(shadow, highlight).astype(np.float32)
    return cv2.GaussianBlur(mask, (0, 0), max(0.5, _FEATHER * diagonal(flash)))


def _clean_mask(mask: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Fill holes, remove specks, and dilate the mask by the radius of its blur."""
    radius = max(1, round(_FEATHER * diagonal(image)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, disc)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, disc)
    return cv2.dilate(opened, disc)
