"""Compares an exported file's outputs with the Keras model's and with the ambient photographs."""

import math
from dataclasses import dataclass, field
from statistics import fmean

import numpy as np

from keras_f2a.evaluation.metrics import METRICS
from keras_f2a.evaluation.protocol import psnr as psnr_of_8_bit
from keras_f2a.evaluation.protocol import round_to_8_bit, ssim_gaussian
from keras_f2a.evaluation.result import PhotoPair, Result

from .formats import FORMATS

REQUIRED_PARITY = {name: file_format.required_parity for name, file_format in FORMATS.items()}
"""Minimum PSNR in dB against the Keras model's output, as the mean over images, by format."""

MAX_DIP = 3.0
"""Maximum distance, in dB, of the worst image below the required parity."""

MAX_DROP = 8.0
"""Maximum distance, in dB, of the bundled scenes' parity below that of the user's pairs."""

AMPLE_PARITY = 45.0
"""Parity in dB from which `MAX_DROP` does not apply."""

MAX_LOSS = 0.1
"""Maximum loss of PSNR, in dB, against the ambient photographs."""


@dataclass(frozen=True)
class Parity:
    """How close a file's outputs are to the Keras model's on held-out pairs.

    Attributes:
        parity: Mean PSNR in dB against the Keras model's output, without rounding. Infinite for
            equal outputs.
        worst_parity: The lowest PSNR of an image.
        psnr: Mean PSNR in dB against the ambient photographs.
        ssim: Mean SSIM against the ambient photographs.
        psnr_change: `psnr` minus the Keras model's.
        changes: Mean difference from the Keras model for each metric with a tolerance, by name.
            Metrics that are not defined for any image are omitted.
        pairs: Number of pairs.
    """

    parity: float
    worst_parity: float
    psnr: float
    ssim: float
    psnr_change: float
    changes: dict[str, float] = field(default_factory=dict)
    pairs: int = 0

    def shortcomings(self, file_format: str) -> list[str]:
        """Return one line for each reason to miss a format's gate, or nothing if it passes."""
        problems = []
        required = REQUIRED_PARITY[file_format]
        # Comparisons with nan are false, and nan must not pass.
        if not self.parity >= required:
            problems.append(f"parity {self.parity:.1f} dB, below {required:.0f} dB")
        elif not self.worst_parity >= required - MAX_DIP:
            problems.append(
                f"parity {self.worst_parity:.1f} dB for one image, below "
                f"{required - MAX_DIP:.0f} dB"
            )
        if not self.psnr_change >= -MAX_LOSS:
            problems.append(
                f"loses {-self.psnr_change:.2f} dB against ambient, more than {MAX_LOSS} dB"
            )
        for name, change in self.changes.items():
            metric = METRICS[name]
            if not metric.tolerates(change):
                problems.append(
                    f"{metric.text} changes by {change:+.{metric.digits + 1}f}, more than "
                    f"{metric.tolerance:g}"
                )
        return problems


def shortcomings(file_format: str, own: Parity, scenes: Parity | None) -> list[str]:
    """Return one line for each reason to miss a format's gate, or nothing if it passes.

    Args:
        file_format: One of `export.formats.FORMATS`.
        own: Parity on the user's held-out pairs.
        scenes: Parity on the bundled test scenes, or `None` if these are the user's pairs.
    """
    problems = own.shortcomings(file_format)
    if scenes is None:
        return problems
    scene_problems = scenes.shortcomings(file_format)
    if not scene_problems and scenes.parity < min(own.parity - MAX_DROP, AMPLE_PARITY):
        scene_problems = [
            f"parity {scenes.parity:.1f} dB, {own.parity - scenes.parity:.1f} dB below that of the "
            "held-out pairs"
        ]
    return [*problems, *(f"{line}, on the bundled test scenes" for line in scene_problems)]


def compare(
    outputs: np.ndarray, reference: np.ndarray, ambient: np.ndarray, *, flash: np.ndarray
) -> Parity:
    """Compare a file's outputs with the Keras model's on the same images.

    Args:
        outputs: The file's outputs, float RGB in [0, 1], (number, height, width, 3).
        reference: The Keras model's outputs in the same shape.
        ambient: The ambient photographs in the same shape.
        flash: The flash photographs in the same shape.

    Returns:
        The comparison. If any output is not finite, all numbers are nan, which misses every gate.
    """
    if not np.isfinite(outputs).all():
        nan = math.nan
        return Parity(nan, nan, nan, nan, nan, pairs=len(outputs))
    parities = [psnr(*pair) for pair in zip(outputs, reference, strict=True)]
    scores, reference_scores = ambient_scores(outputs, ambient), ambient_scores(reference, ambient)
    # Both are infinite if the outputs equal the ambient photographs.
    change = 0.0
    if scores["psnr"] != reference_scores["psnr"]:
        change = scores["psnr"] - reference_scores["psnr"]
    return Parity(
        parity=fmean(parities),
        worst_parity=min(parities),
        psnr=scores["psnr"],
        ssim=scores["ssim"],
        psnr_change=change,
        changes=_changes(outputs, reference, flash, ambient),
        pairs=len(outputs),
    )


def ambient_scores(outputs: np.ndarray, ambient: np.ndarray) -> dict[str, float]:
    """Return the mean scores of outputs against the ambient photographs, rounded to 8 bits.

    Truncation, as in the authors' protocol, would blame the file for half a gray level.
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
    """Return the PSNR in dB of float images in [0, 1] without rounding, infinite if equal."""
    error = np.mean((output.astype(np.float64) - reference.astype(np.float64)) ** 2)
    return math.inf if error == 0 else -10 * math.log10(error)


def _changes(
    outputs: np.ndarray, reference: np.ndarray, flash: np.ndarray, ambient: np.ndarray
) -> dict[str, float]:
    """Return each metric's mean change over the images where the Keras model has a value."""
    metrics = [metric for metric in METRICS.values() if metric.tolerance is not None]
    changes: dict[str, list[float]] = {metric.name: [] for metric in metrics}
    for output, expected, *photographs in zip(outputs, reference, flash, ambient, strict=True):
        pair = PhotoPair(*map(round_to_8_bit, photographs))
        exported, original = (Result(pair, np.clip(image, 0, 1)) for image in (output, expected))
        for metric in metrics:
            value = metric.compute(original)
            if not math.isnan(value):
                changes[metric.name].append(metric.compute(exported) - value)
    return {name: fmean(values) for name, values in changes.items() if values}
