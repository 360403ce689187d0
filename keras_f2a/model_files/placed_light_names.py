"""What the parts of a `.tflite` file for placed light are called."""

KIND = "placed light"
"""What its card calls it."""
ENCODE, TELL = "encode", "light"
"""Its two signatures: the first runs once for a photograph, the second once for each light."""
FLASH, LIGHT, LOG_GAIN = "flash", "light", "log_gain"
"""The input of the first; the last input and the output of the second."""
FLASH_SHARE = "flash_share"
"""An output of the first: which share of the light is a flash's. Older files have none."""
_FEATURES = "features"


def feature_names(levels: int) -> list[str]:
    """Return the outputs of the first signature, which are inputs of the second, finest first."""
    return [f"{_FEATURES}{level}" for level in range(1, levels + 1)]
