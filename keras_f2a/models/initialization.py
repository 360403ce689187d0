"""Initial weights of the paper's networks."""

import math

import keras

INITIALIZATIONS = ("torch", "he")


def initializers(scheme: str, fan_in: int, otherwise: str = "he_normal") -> dict:
    """Return the keyword arguments that set a convolution's initializers.

    Args:
        scheme: `"torch"` draws kernel and bias uniformly within ±1/√fan_in, PyTorch's default,
            which the authors' code keeps. `"he"` uses `otherwise` for the kernel and zeros for the
            bias.
        fan_in: Height times width of the kernel times the input's channels. For a transposed
            convolution, PyTorch uses the output's channels.
        otherwise: Keras's name of the kernel initializer under `"he"`.
    """
    if scheme == "he":
        return {"kernel_initializer": otherwise}
    limit = 1 / math.sqrt(fan_in)
    return {
        f"{part}_initializer": keras.initializers.RandomUniform(-limit, limit)
        for part in ("kernel", "bias")
    }


def check_initialization(scheme: str) -> None:
    """Raise a `ValueError` if a scheme is not one of `INITIALIZATIONS`."""
    if scheme not in INITIALIZATIONS:
        raise ValueError(f"initialization must be 'torch' or 'he', not {scheme!r}")
