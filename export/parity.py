"""Compares an exported file's outputs with the Keras model's and with the ambient photographs."""

import math
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from keras_f2a.evaluation.protocol import psnr as psnr_of_8_bit
from keras_f2a.evaluation.protocol import round_to_8_bit, ssim_gaussian

REQUIRED_PARITY = {
    "saved_model": 90.0,
    "float32": 90.0,
    "float16": 60.0,
    "int8": 38.0,
    "int8_qat": 38.0,
}
"""The least PSNR in dB of a format's output against the Keras model's."""

LARGEST_LOSS = 0.1
"""The most PSNR in dB that a file may lose against the ambient photographs."""


@dataclass(frozen=True)
class Parity:
    """How near a file's outputs are to the Keras model's, over the held-out pairs.

    Attributes:
        parity: Mean PSNR in dB against the Keras model's output, not rounded; infinite if equal.
        worst_parity: The lowest of the images'.
        psnr: Mean PSNR in dB against the ambient photographs.
        ssim: Mean SSIM against the ambient photographs.
        psnr_change: By how much `psnr` exceeds the Keras model's.
    """

    parity: float
    worst_parity: float
    psnr: float
    ssim: float
    psnr_change: float

    def shortcomings(self, file_format: str) -> list[str]:
        """What misses the gate of a format, one line each; empty if nothing does."""
        found = []
        required = REQUIRED_PARITY[file_format]
        # A value that is no number fails every comparison, and must not pass.
        if not self.parity >= required:
            found.append(f"parity {self.parity:.1f} dB, below {required:.0f} dB")
        if not self.psnr_change >= -LARGEST_LOSS:
            found.append(
                f"loses {-self.psnr_change:.2f} dB against ambient, more than {LARGEST_LOSS} dB"
            )
        return found


def compare(outputs: np.ndarray, reference: np.ndarray, ambient: np.ndarray) -> Parity:
    """Compares outputs with the Keras model's on the same images.

    Args:
        outputs: A file's outputs, float RGB in [0, 1], (number, height, width, 3).
        reference: The Keras model's, the same shape.
        ambient: The ambient photographs, the same shape.
    """
    parities = [psnr(*pair) for pair in zip(outputs, reference, strict=True)]
    scores = ambient_scores(outputs, ambient)
    return Parity(
        parity=fmean(parities),
        worst_parity=min(parities),
        psnr=scores["psnr"],
        ssim=scores["ssim"],
        psnr_change=scores["psnr"] - ambient_scores(reference, ambient)["psnr"],
    )


def ambient_scores(outputs: np.ndarray, ambient: np.ndarray) -> dict[str, float]:
    """Mean scores of outputs against the ambient photographs; rounded to 8 bit.

    Truncation, the authors' protocol, would count half a grey level as the file's doing.
    """
    pairs = [
        (round_to_8_bit(output), round_to_8_bit(target))
        for output, target in zip(outputs, ambient, strict=True)
    ]
    return {
        "psnr": fmean(psnr_of_8_bit(*pair) for pair in pairs),
        "ssim": fmean(ssim_gaussian(*pair) for pair in pairs),
    }


def psnr(output: np.ndarray, reference: np.ndarray) -> float:
    """PSNR in dB of float images in [0, 1], not rounded; infinite if equal."""
    error = np.mean((output.astype(np.float64) - reference.astype(np.float64)) ** 2)
    return math.inf if error == 0 else -10 * math.log10(error)
