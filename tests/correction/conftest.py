"""The photograph that tests of placed light share."""

import numpy as np
import pytest


@pytest.fixture
def photo(rng):
    """Return a gray flash photograph whose right half mirrors its left half."""
    down, across = np.ogrid[-1:1:72j, -1:1:96j]
    gray = 0.6 * np.exp(-0.8 * (down**2 + across**2))[..., None]
    half = rng.uniform(0.9, 1.1, (72, 48, 1))
    texture = np.concatenate([half, half[:, ::-1]], axis=1)
    return (gray * texture * [1, 1, 1]).astype(np.float32)
