"""Flash detail on a denoised ambient photograph (Petschnigg et al., SIGGRAPH 2004).

What was followed. With the flash photograph F and the ambient one A, channel by channel:

    A_NR     = A smoothed by the joint bilateral filter with F as its guide,
    A_Base   = A smoothed by the bilateral filter (its own guide),
    F_Detail = (F + ε) / (F_Base + ε), F_Base by the bilateral filter, ε 0.02,
    A_Final  = (1 − M) A_NR F_Detail + M A_Base.

The mask M is 1 where F says nothing of the scene under ambient light: in the flash's shadows, where
F_Lin − A_Lin ≤ τ, and in its highlights, where the luminance of F_Lin exceeds 95 % of the range.
Both are cleaned and feathered by morphology and a blur.

Where paper and this code differ. The paper's numbers belong to raw files: σ_d is 24 pixels there,
here 1.2 % of the diagonal, which is 24 pixels of 1600×1200; the joint filter's σ_r is 0.1 % of the
range there, a quarter of one step of an 8-bit file, and five such steps here; the other filters'
σ_r of 5 to 10 % is 7.5 % here. τ is set by hand for each pair there and is one number here. The
filters work on sRGB values, the masks on linear light. The paper does not give the sizes of its
morphology: these are ours. White balance, red eyes and the slider between both pictures are left
out. In FAID a flash image holds the flash's light alone, so that F_Lin − A_Lin is F_Lin itself
there: `ambient_share` says how much of the ambient light the flash photograph holds.
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
_FEATHER = 0.005  # of the diagonal, the radius of the mask's morphology and its blur


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
    """Denoise an ambient photograph and give it the flash photograph's detail.

    Args:
        flash: RGB in [0, 1], (height, width, 3).
        ambient: Of the same scene, the same shape and range.
        sigma_space: σ_d of all filters, as a part of the diagonal.
        sigma_range: σ_r of A_Base and F_Base.
        sigma_range_joint: σ_r of A_NR.
        shadow_threshold: τ, linear light.
        ambient_share: As for `artifact_mask`.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    pixels = sigma_space * diagonal(flash)
    mask = artifact_mask(flash, ambient, shadow_threshold, ambient_share=ambient_share)
    result = np.empty(flash.shape, np.float32)
    for channel in range(3):
        f, a = flash[..., channel], ambient[..., channel]
        denoised = joint_bilateral_filter(a, f, sigma_space=pixels, sigma_range=sigma_range_joint)
        base = bilateral_filter(a, sigma_space=pixels, sigma_range=sigma_range)
        detail = detail_layer(f, pixels, sigma_range)
        result[..., channel] = (1.0 - mask) * denoised * detail + mask * base
    return np.clip(result, 0.0, 1.0)


def detail_layer(channel: np.ndarray, sigma_space: float, sigma_range: float) -> np.ndarray:
    """Return F_Detail of one channel, (height, width): 1 where the channel is flat.

    Args:
        channel: In [0, 1], (height, width).
        sigma_space: In pixels.
        sigma_range: Of the bilateral filter.
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
    """Return M: where the flash photograph is in the flash's shadow or blown out.

    Args:
        flash: RGB in [0, 1], (height, width, 3).
        ambient: The same shape and range.
        shadow_threshold: τ, linear light.
        ambient_share: The part of the ambient photograph's light that the flash photograph holds
            too: 0 in FAID; 1 for two photographs of the same exposure.

    Returns:
        In [0, 1], 1 for a shadow or a highlight, (height, width) float32.
    """
    light = to_linear(flash) @ _LUMA
    flash_light = light - ambient_share * (to_linear(ambient) @ _LUMA)
    shadow = _cleaned(flash_light <= shadow_threshold, flash)
    highlight = _cleaned(light >= HIGHLIGHT_THRESHOLD, flash)
    mask = np.maximum(shadow, highlight).astype(np.float32)
    return cv2.GaussianBlur(mask, (0, 0), max(0.5, _FEATHER * diagonal(flash)))


def _cleaned(mask: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Fill holes, drop specks, and widen what is left by the width of its soft border."""
    radius = max(1, round(_FEATHER * diagonal(image)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, disc)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, disc)
    return cv2.dilate(opened, disc)
