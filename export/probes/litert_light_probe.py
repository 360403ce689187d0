"""Runs a `.tflite` file for placed light in a process of its own, which holds nothing but LiteRT.

    python litert_light_probe.py MODEL IMAGES.npy OUTPUTS.npy THREADS LIGHTS.npy

IMAGES is float32 (number, height, width, 3) and LIGHTS float32 (lights, 13); OUTPUTS gets the
logarithm of the gain of each light for each image, (number · lights, height, width, 1). Prints as
JSON what was measured: `seconds` of one light, and `encode_seconds` of reading one image.
"""

import json
import statistics
import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from measure import measure


def main() -> None:
    """Ask for every light of every image, and time it."""
    model, images, outputs, threads, lights = sys.argv[1:]
    interpreter = Interpreter(model, num_threads=int(threads))
    encode, tell = (interpreter.get_signature_runner(name) for name in ("encode", "light"))
    results, encode_seconds, seconds, peak_memory = [], [], [], None
    for image in np.load(images):
        start = time.perf_counter()
        features = encode(flash=image[np.newaxis])
        encode_seconds.append(time.perf_counter() - start)
        features.pop("flash_share", None)  # No input of a light; older files have none.
        found, measured = measure(
            lambda light, features=features: tell(light=light, **features)["log_gain"],
            np.load(lights),
        )
        results.append(found)
        seconds += measured["seconds"]
        peak_memory = measured["peak_memory"]
    np.save(outputs, np.concatenate(results))
    report = {"seconds": seconds, "encode_seconds": statistics.median(encode_seconds)}
    print(json.dumps(report | {"peak_memory": peak_memory}))


if __name__ == "__main__":
    main()
