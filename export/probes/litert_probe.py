"""Runs a `.tflite` file in a separate process with only LiteRT.

    python litert_probe.py MODEL IMAGES.npy OUTPUTS.npy THREADS

IMAGES is float32 (number, height, width, 3). OUTPUTS has the model's output for each image. Prints
the measurements as JSON. Does not import the package, so its memory is what an app needs too.
"""

import json
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from measure import measure


def main() -> None:
    """Run and time the model on every image."""
    model, images, outputs, threads = sys.argv[1:]
    interpreter = Interpreter(model, num_threads=int(threads))
    [signature] = interpreter.get_signature_list()
    runner = interpreter.get_signature_runner(signature)
    [name], [output] = runner.get_input_details(), runner.get_output_details()
    results, report = measure(lambda image: runner(**{name: image})[output], np.load(images))
    np.save(outputs, results)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
