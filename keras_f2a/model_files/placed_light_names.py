"""Names of the parts of a `.tflite` file for placed light."""

KIND = "placed light"
"""The kind of network in its card."""
ENCODE, DECODE = "encode", "light"
"""Its two signatures. The first runs once per photograph, the second once per light."""
FLASH, LIGHT, LOG_GAIN = "flash", "light", "log_gain"
"""The input of the first signature, and the last input and the output of the second."""
FLASH_SHARE = "flash_share"
"""An output of the first signature: the flash's share of the light. Older files lack it."""
_FEATURES = "features"


def feature_names(levels: int) -> list[str]:
    """Return the names of the features, finest first.

    They are outputs of the first signature and inputs of the second.
    """
    return [f"{_FEATURES}{level}" for level in range(1, levels + 1)]
