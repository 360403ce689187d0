"""Runs an ONNX file in a separate process with only ONNX Runtime.

    python onnx_probe.py MODEL IMAGES.npy OUTPUTS.npy THREADS

IMAGES is float32 (number, height, width, 3). OUTPUTS has the model's output for each image, with
the same order of axes even if the model's order differs. Prints the measurements as JSON. Does not
import the package, so its memory is what another program needs too.
"""

import json
import sys

import numpy as np
import onnxruntime
from measure import measure


def main() -> None:
    """Run and time the model on every image."""
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
