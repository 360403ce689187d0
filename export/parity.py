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

REQUIRED_PARITY = {name: found.required_parity for name, found in FORMATS.items()}
"""The least PSNR in dB of a format's output against the Keras model's, as the images' mean."""

LARGEST_DIP = 3.0
"""How far, in dB, the worst image may lie below that."""

LARGEST_DROP = 8.0
"""How far, in dB, the bundled scenes' parity may lie below that of the user's own pairs."""

AMPLE_PARITY = 45.0
"""A parity in dB at which that does not matter."""

LARGEST_LOSS = 0.1
"""The most PSNR in dB that a file may lose against the ambient photographs."""


@dataclass(frozen=True)
class Parity:
    """How near a file's outputs are to the Keras model's, over some held-out pairs.

    Attributes:
        parity: Mean PSNR in dB against the Keras model's output, not rounded; infinite if equal.
        worst_parity: The lowest of the images'.
        psnr: Mean PSNR in dB against the ambient photographs.
        ssim: Mean SSIM against the ambient photographs.
        psnr_change: By how much `psnr` exceeds the Keras model's.
        changes: By how much each metric with a tolerance exceeds the Keras model's, by name, in
            the mean; without those that no image defines.
        pairs: The number of pairs.
    """

    parity: float
    worst_parity: float
    psnr: float
    ssim: float
    psnr_change: float
    changes: dict[str, float] = field(default_factory=dict)
    pairs: int = 0

    def shortcomings(self, file_format: str) -> list[str]:
        """Return what misses the gate of a format, one line each; empty if nothing does."""
        found = []
        required = REQUIRED_PARITY[file_format]
        # A value that is no number fails every comparison, and must not pass.
        if not self.parity >= required:
            found.append(f"parity {self.parity:.1f} dB, below {required:.0f} dB")
        elif not self.worst_parity >= required - LARGEST_DIP:
            found.append(
                f"parity {self.worst_parity:.1f} dB for one image, below "
                f"{required - LARGEST_DIP:.0f} dB"
            )
        if not self.psnr_change >= -LARGEST_LOSS:
            found.append(
                f"loses {-self.psnr_change:.2f} dB against ambient, more than {LARGEST_LOSS} dB"
            )
        for name, change in self.changes.items():
            metric = METRICS[name]
            if not metric.tolerates(change):
                found.append(
                    f"{metric.text} changes by {change:+.{metric.digits + 1}f}, more than "
                    f"{metric.tolerance:g}"
                )
        return found


def shortcomings(file_format: str, own: Parity, scenes: Parity | None) -> list[str]:
    """Return what misses the gate of a format, one line each; empty if nothing does.

    Args:
        file_format: One of `export.formats.FORMATS`.
        own: On the user's held-out pairs.
        scenes: On the bundled test scenes, if those are not the user's.
    """
    found = own.shortcomings(file_format)
    if scenes is None:
        return found
    elsewhere = scenes.shortcomings(file_format)
    if not elsewhere and scenes.parity < min(own.parity - LARGEST_DROP, AMPLE_PARITY):
        elsewhere = [
            f"parity {scenes.parity:.1f} dB, {own.parity - scenes.parity:.1f} dB below that of the "
            "held-out pairs"
        ]
    return [*found, *(f"{problem}, on the bundled test scenes" for problem in elsewhere)]


def compare(
    outputs: np.ndarray, reference: np.ndarray, ambient: np.ndarray, *, flash: np.ndarray
) -> Parity:
    """Compare outputs with the Keras model's on the same images.

    Args:
        outputs: A file's outputs, float RGB in [0, 1], (number, height, width, 3).
        reference: The Keras model's, the same shape.
        ambient: The ambient photographs, the same shape.
        flash: The flash photographs, the same shape.

    Returns:
        The comparison; nan where outputs are not finite, which misses every gate.
    """
    if not np.isfinite(outputs).all():
        nothing = math.nan
        return Parity(nothing, nothing, nothing, nothing, nothing, pairs=len(outputs))
    parities = [psnr(*pair) for pair in zip(outputs, reference, strict=True)]
    scores, before = ambient_scores(outputs, ambient), ambient_scores(reference, ambient)
    # Both are infinite where they are the ambient photographs themselves.
    change = 0.0 if scores["psnr"] == before["psnr"] else scores["psnr"] - before["psnr"]
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
    """Mean scores of outputs against the ambient photographs; rounded to 8 bit.

    Truncation, the authors' protocol, would count half a gray level as the file's doing.
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
    """Return the PSNR in dB of float images in [0, 1], not rounded; infinite if equal."""
    error = np.mean((output.astype(np.float64) - reference.astype(np.float64)) ** 2)
    return math.inf if error == 0 else -10 * math.log10(error)


def _changes(
    outputs: np.ndarray, reference: np.ndarray, flash: np.ndarray, ambient: np.ndarray
) -> dict[str, float]:
    """Return the mean change of each metric over the images that define it for the Keras model."""
    metrics = [metric for metric in METRICS.values() if metric.tolerance is not None]
    found: dict[str, list[float]] = {metric.name: [] for metric in metrics}
    for output, expected, *photographs in zip(outputs, reference, flash, ambient, strict=True):
        pair = PhotoPair(*map(round_to_8_bit, photographs))
        ours, theirs = (Result(pair, np.clip(image, 0, 1)) for image in (output, expected))
        for metric in metrics:
            before = metric.compute(theirs)
            if not math.isnan(before):
                found[metric.name].append(metric.compute(ours) - before)
    return {name: fmean(changes) for name, changes in found.items() if changes}
