"""A photograph as a camera would have taken it with less light: dark, noisy, and brought back.

Pairs for this task were taken where there was light enough. Where a flash is needed there is not,
and the ambient photograph that a method with two photographs then gets is dark and noisy:

1. The photograph's linear light is divided by 2^stops: a shorter exposure.
2. The sensor counts electrons: Poisson's shot noise, and read noise of a normal distribution.
3. The camera stores the dark photograph, 8-bit sRGB.
4. Developing multiplies its linear light by 2^stops again, as the exposure is known; what was
   brightest stays, so that a table compares how methods deal with noise and not how dark it is.

The sensor is a small one: 5000 electrons are white, and its read noise is 3 electrons, alike for
all colors. There is no demosaicking and no denoising of the camera's own.
"""

import numpy as np

from keras_f2a.support.srgb import from_linear, to_linear

WHITE_ELECTRONS = 5000.0
READ_NOISE = 3.0  # electrons
_WHITE = 255.0


def with_less_light(image: np.ndarray, stops: float, seed: int = 0) -> np.ndarray:
    """Take a photograph with less light and bring it back to its brightness.

    Args:
        image: RGB in [0, 1], (height, width, 3).
        stops: By how many stops (EV) the exposure is shorter, 0 or more; 0 leaves the sensor's
            noise at the photograph's own exposure.
        seed: Of the noise.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    draw = np.random.default_rng(seed)
    electrons = to_linear(image.astype(np.float64)) * (WHITE_ELECTRONS / 2.0**stops)
    counted = draw.poisson(electrons) + draw.normal(0.0, READ_NOISE, image.shape)
    light = np.clip(counted / WHITE_ELECTRONS, 0.0, 1.0)
    stored = np.rint(from_linear(light) * _WHITE) / _WHITE
    developed = np.clip(to_linear(stored) * 2.0**stops, 0.0, 1.0)
    return from_linear(developed).astype(np.float32)
