"""Runs the network on a photograph, downsampled to the size that the network is made for.

Needs NumPy, OpenCV and ONNX Runtime.
"""

import argparse

import cv2
import numpy as np
import onnxruntime

LONGEST_SIDE = 320
MULTIPLE = 16


def demo(model: str, image: str, output: str, **_: object) -> None:
    """Correct a small copy of a photograph. The repository's pipeline calls this."""
    pixels = cv2.imread(image)
    if pixels is None:
        raise FileNotFoundError(f"{image}: cannot be read as a photograph")
    scale = min(1.0, LONGEST_SIDE / max(pixels.shape[:2]))
    height, width = (max(1, round(side * scale / MULTIPLE)) * MULTIPLE for side in pixels.shape[:2])
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    flash = small[..., ::-1].transpose(2, 0, 1)[np.newaxis].astype(np.float32) / 255
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    [ambient] = session.run(None, {session.get_inputs()[0].name: flash})
    levels = np.rint(np.clip(ambient[0], 0, 1) * 255).astype(np.uint8)
    cv2.imwrite(output, levels.transpose(1, 2, 0)[..., ::-1])


def main() -> None:
    """Correct the photograph that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("model", "image", "output"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    demo(options.model, options.image, options.output)


if __name__ == "__main__":
    main()
