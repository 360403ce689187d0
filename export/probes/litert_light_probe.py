"""Runs a `.tflite` file for placed light in a separate process with only LiteRT.

    python litert_light_probe.py MODEL IMAGES.npy OUTPUTS.npy THREADS LIGHTS.npy

IMAGES is float32 (number, height, width, 3), and LIGHTS is float32 (lights, 13). OUTPUTS is the
logarithm of the gain of each light for each image, (number · lights, height, width, 1). Prints the
measurements as JSON: `seconds` for one light, `encode_seconds` for an image, and `peak_memory`.
"""

import json
import statistics
import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from measure import measure


def main() -> None:
    """Run and time the model with every light on every image."""
    model, images, outputs, threads, lights = sys.argv[1:]
    interpreter = Interpreter(model, num_threads=int(threads))
    encode, decode = (interpreter.get_signature_runner(name) for name in ("encode", "light"))
    results, encode_seconds, seconds, peak_memory = [], [], [], None
    for image in np.load(images):
        start = time.perf_counter()
        features = encode(flash=image[np.newaxis])
        encode_seconds.append(time.perf_counter() - start)
        features.pop("flash_share", None)  # Not an input of `light`. Older files lack it.
        gains, measurements = measure(
            lambda light, features=features: decode(light=light, **features)["log_gain"],
            np.load(lights),
        )
        results.append(gains)
        seconds += measurements["seconds"]
        peak_memory = measurements["peak_memory"]
    np.save(outputs, np.concatenate(results))
    report = {"seconds": seconds, "encode_seconds": statistics.median(encode_seconds)}
    print(json.dumps(report | {"peak_memory": peak_memory}))


if __name__ == "__main__":
    main()
