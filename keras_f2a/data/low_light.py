"""Simulates a photograph taken with less light: darkened, noisy and brightened again.

The pairs for this task were taken with enough ambient light. Where a flash is needed, there is too
little of it. A method that takes two photographs then gets a dark and noisy ambient photograph. The
simulation has four steps:

1. A shorter exposure divides the photograph's linear light by 2^stops.
2. The sensor counts electrons, with Poisson shot noise and normally distributed read noise.
3. The camera stores the dark photograph as 8-bit sRGB.
4. Development multiplies its linear light by 2^stops again, because the exposure is known. The
   original brightness returns, so a table compares how methods handle noise, not darkness.

The sensor is a small one: white is 5000 electrons and read noise is 3 electrons, the same for all
colors. Demosaicking and the camera's own denoising are not simulated.
"""

import numpy as np

from keras_f2a.support.srgb import from_linear, to_linear

WHITE_ELECTRONS = 5000.0
READ_NOISE = 3.0  # electrons
_WHITE = 255.0


def simulate_low_light(image: np.ndarray, stops: float, seed: int = 0) -> np.ndarray:
    """Simulate a shorter exposure of a photograph and restore its brightness.

    Args:
        image: RGB in [0, 1], (height, width, 3).
        stops: How many stops (EV) shorter the exposure is, 0 or more. 0 adds the sensor's noise at
            the photograph's own exposure.
        seed: Seed of the noise.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    rng = np.random.default_rng(seed)
    electrons = to_linear(image.astype(np.float64)) * (WHITE_ELECTRONS / 2.0**stops)
    measured = rng.poisson(electrons) + rng.normal(0.0, READ_NOISE, image.shape)
    light = np.clip(measured / WHITE_ELECTRONS, 0.0, 1.0)
    stored = np.rint(from_linear(light) * _WHITE) / _WHITE
    developed = np.clip(to_linear(stored) * 2.0**stops, 0.0, 1.0)
    return from_linear(developed).astype(np.float32)
