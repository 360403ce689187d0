"""Runs a file for placed light in its own process and turns a crash into a one-line error."""

from collections.abc import Sequence

import numpy as np

from keras_f2a.correction.engine import EncodedPhoto, validate_gain
from keras_f2a.correction.guarded_engine import GuardedEngine
from keras_f2a.correction.guarded_process import unpack_arrays


class GuardedLightEngine:
    """A network for placed light that runs in another process; see `LightEngine`.

    Args:
        engine: The engine of that process, which has loaded the network.

    Attributes:
        fixed_size: The only (height, width) that the model takes.
    """

    def __init__(self, engine: GuardedEngine):
        self._engine = engine
        self.fixed_size = engine.fixed_size

    def encode(self, image: np.ndarray) -> EncodedPhoto:
        """See `LightEngine.encode`."""
        image = np.ascontiguousarray(image, np.float32)
        header, content = self._engine.request({"shape": image.shape}, image.tobytes())
        return EncodedPhoto(unpack_arrays(header["shapes"], content), header["flash_share"])

    def log_gain(self, features: Sequence[np.ndarray], light: np.ndarray) -> np.ndarray:
        """See `LightEngine.log_gain`."""
        tensors = [*features, light]
        content = b"".join(np.ascontiguousarray(tensor, np.float32).tobytes() for tensor in tensors)
        shapes = [tensor.shape for tensor in tensors]
        header, content = self._engine.request({"shapes": shapes}, content)
        [gain] = unpack_arrays(header["shapes"], content)
        return validate_gain(gain[np.newaxis, :, :, np.newaxis])
