"""Runs a `.tflite` file in a process of its own, which holds LiteRT and nothing else.

    python litert_probe.py MODEL IMAGES.npy OUTPUTS.npy THREADS

IMAGES is float32 (number, height, width, 3); OUTPUTS gets what the model made of each. Prints what
was measured as JSON. Imports nothing of the package, so that its memory is what an app needs too.
"""

import json
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from measure import measure


def main() -> None:
    """Run the model on every image, and time it."""
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
