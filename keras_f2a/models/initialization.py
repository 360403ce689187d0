"""How the weights of the paper's networks start."""

import math

import keras

INITIALIZATIONS = ("torch", "he")


def initializers(scheme: str, fan_in: int, otherwise: str = "he_normal") -> dict:
    """Return the keyword arguments of a convolution that say how its weights start.

    Args:
        scheme: `"torch"`, what the authors' code leaves as it is: kernel and bias uniform within
            ±1/√fan_in, PyTorch's default. `"he"`: the kernel as `otherwise` says, no bias.
        fan_in: Height times width of the kernel times the input's channels; of a transposed
            convolution PyTorch takes the output's channels.
        otherwise: Keras's name of the kernel's initializer under `"he"`.
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
