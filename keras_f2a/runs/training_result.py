"""The files that a finished run left, and what its scores say."""

import json
from dataclasses import dataclass
from pathlib import Path

from keras_f2a.runs.run_directory import RunDirectory
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError
from keras_f2a.training.metrics import SCORES


@dataclass(frozen=True)
class TrainingResult:
    """The files and metrics of a finished run.

    Attributes:
        generator: The trained generator, a `.keras` file.
        picture: Flash, generated, ambient image and attention map of some validation pairs.
        results: A JSON file with `metrics`, `warnings` and the settings.
        metrics: Metrics of the validation pairs. `flash` has PSNR and SSIM of the unchanged flash
            photographs. `before` and `after` have losses, PSNR and SSIM of the generator before and
            after training. `gain` says how much higher PSNR and SSIM are after training than for
            the flash photographs.
        kept: Whether the files stay. Of several workers, only the chief's do.
    """

    generator: Path
    picture: Path
    results: Path
    metrics: dict[str, dict[str, float]]
    kept: bool = True

    def warnings(self) -> list[str]:
        """Return what a user must know before the generator is used."""
        gain = self.metrics["gain"]
        below = [score.heading for name, score in SCORES.items() if gain[name] < 0]
        if not below:
            return []
        return [
            "the results score below the unchanged flash photographs in "
            f"{' and '.join(below)}; do not use this generator, but train longer or with more pairs"
        ]

    def closing_lines(self) -> list[str]:
        """Return the closing lines: the scores of flash photographs and results, and warnings."""
        flash, after, gain = (self.metrics[name] for name in ("flash", "after", "gain"))
        return [
            f"flash photographs, unchanged: {_format_scores(flash)}",
            f"results of the validation pairs: {_format_scores(after)}",
            f"difference: {_format_scores(gain, '+')}",
            *(f"WARNING: {warning}" for warning in self.warnings()),
        ]


def read_outcome(settings: TrainingSettings, directory: RunDirectory) -> TrainingResult | None:
    """Return what `write_outcome` left for these settings, or `None` if the run is not finished.

    Raises:
        InputError: `results.json` does not hold a run's results.
    """
    files = (directory.generator, directory.picture, directory.results)
    if not all(path.is_file() for path in (*files, directory.history)):
        return None
    try:
        results = json.loads(directory.results.read_text(encoding="utf-8"))
        metrics, recorded = results["metrics"], results["settings"]
        if (recorded["epochs"], recorded["final"]) != (settings.epochs, settings.final):
            return None
        if not {"flash", "after", "gain"} <= metrics.keys() or SCORES.keys() - metrics["gain"]:
            return None  # From an earlier version, which compared less or nothing.
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{directory.results}: not the results of a run; move it away and repeat the call"
        ) from error
    return TrainingResult(*files, metrics)


def _format_scores(scores: dict[str, float], sign: str = "") -> str:
    return ", ".join(score.written(scores[name], sign) for name, score in SCORES.items())
