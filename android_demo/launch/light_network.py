"""A small network for placed light with random weights, for the launch tests.

Its estimate of the flash's share is about half for any photograph.
"""

from pathlib import Path

import numpy as np

from android_demo.toolchain.kept_output import make
from android_demo.toolchain.toolchain import BUILD

SIZE = (48, 64)
_FILE = BUILD / "launch/placed_light_64x48_float32.tflite"


def light_network() -> Path:
    """Return its `.tflite` file, rebuilt only if its sources have changed."""
    from keras_f2a.export import placed_tflite

    from keras_f2a.models import placed_light

    sources = [Path(module.__file__) for module in (placed_tflite, placed_light)]
    made_from = [file.read_text() for file in (Path(__file__), *sources)]

    def write(file: Path) -> None:
        network = placed_light.PlacedLight(width=0.1, tells_flash=True)
        random = np.random.default_rng(0)
        network.set_weights([random.normal(0, 0.15, w.shape) for w in network.get_weights()])
        size = placed_tflite.ImageSize(*SIZE)
        inferring = placed_tflite.inference_network(network, size)
        file.write_bytes(placed_tflite.convert_placed_light(inferring, size))

    return make(_FILE, made_from, write)
