"""Views of a panorama: through a window, as a picture, or as the light of another room."""

import numpy as np

BRIGHTEST = 12.0
"""Maximum radiance of a light's picture over its mean. The sun's disc would only add noise."""


def seen_from_inside(
    panorama: np.ndarray, yaw: float, pitch: float, across: float, size: tuple[int, int]
) -> np.ndarray:
    """Return a perspective view of a panorama.

    Args:
        panorama: Equirectangular, linear RGB, first row at the zenith, (height, 2 * height, 3).
        yaw: Viewing direction in degrees.
        pitch: Degrees above the horizon.
        across: Field of view across the width, degrees.
        size: Width and height in pixels.

    Returns:
        Linear RGB, first row at the top, shape (height, width, 3).
    """
    width, height = size
    reach = np.tan(np.radians(across / 2))
    x, z = np.meshgrid(
        np.linspace(-reach, reach, width),
        np.linspace(reach * height / width, -reach * height / width, height),
    )
    rise = np.radians(pitch)
    forward = np.cos(rise) - np.sin(rise) * z
    upward = np.sin(rise) + np.cos(rise) * z
    azimuth = np.arctan2(x, forward) / (2 * np.pi) + yaw / 360
    elevation = np.arctan2(upward, np.hypot(x, forward))
    rows, columns = panorama.shape[:2]
    row = np.clip((0.5 - elevation / np.pi) * rows, 0, rows - 1).astype(int)
    return panorama[row, (azimuth % 1.0 * columns).astype(int) % columns]


def exposed(radiance: np.ndarray) -> np.ndarray:
    """Convert radiance of any scale to linear values in [0, 1), as in a printed photograph."""
    middle = max(float(np.percentile(radiance.mean(-1), 60)), 1e-6)
    return 1 - np.exp(-0.6 * radiance / middle)


def light_picture(radiance: np.ndarray) -> np.ndarray:
    """Return a light's radiance without the sun's disc, with a gray mean of 1.

    Pairs color the lights. So a light keeps only its own pattern of hues.

    Args:
        radiance: Linear RGB, first row at the top, shape (height, width, 3).
    """
    tame = np.minimum(radiance, BRIGHTEST * radiance.mean())
    return (tame / np.maximum(tame.mean((0, 1)), 1e-9)).astype(np.float32)
