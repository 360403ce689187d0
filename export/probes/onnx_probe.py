"""Runs an ONNX file in a process of its own, which holds ONNX Runtime and nothing else.

    python onnx_probe.py MODEL IMAGES.npy OUTPUTS.npy THREADS

IMAGES is float32 (number, height, width, 3); OUTPUTS gets what the model made of each, in the same
order of axes also if the model has another. Prints what was measured as JSON. Imports nothing of
the package, so that its memory is what another program needs too.
"""

import json
import sys

import numpy as np
import onnxruntime
from measure import measure


def main() -> None:
    """Run the model on every image, and time it."""
    model, images, outputs, threads = sys.argv[1:]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(threads)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    [source] = session.get_inputs()
    channels_first = source.shape[1] == 3

    def correct(image: np.ndarray) -> np.ndarray:
        if channels_first:
            image = np.ascontiguousarray(image.transpose(0, 3, 1, 2))
        [result] = session.run(None, {source.name: image})
        return result.transpose(0, 2, 3, 1) if channels_first else result

    results, report = measure(correct, np.load(images))
    np.save(outputs, results)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
