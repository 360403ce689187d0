"""Runs methods over pairs of photographs and collects the numbers of their tables."""

import logging
import math
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from keras_f2a.data.low_light import with_less_light
from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.evaluation import uncertainty
from keras_f2a.evaluation.methods import Method, apply, sees_ambient
from keras_f2a.evaluation.metrics import METRICS
from keras_f2a.evaluation.protocol import file_values_as_float
from keras_f2a.evaluation.result import PhotoPair, Result
from keras_f2a.support.errors import InputError
from keras_f2a.support.progress import progress_bar
from keras_f2a.support.provenance import package_versions

MOST_STOPS = 12.0  # of less light; then nothing is left of an 8-bit photograph
_LOGGED_PARTS = 10
_logger = logging.getLogger(__name__)
Observer = Callable[[str, str, np.ndarray], None]
"""Called with the image's name, the method's label and its output as 8 bit (height, width, 3)."""


@dataclass(frozen=True)
class MetricSummary:
    """One metric of one method over all images.

    Attributes:
        mean: Mean over the images, without those for which the metric is not defined (nan).
        standard_deviation: Sample standard deviation; nan for a single image.
        difference: Of the mean to the baseline's, with its interval; None for the baseline.
        categories: Mean of each of FAID's categories that occurs in the images' names.
    """

    mean: float
    standard_deviation: float
    difference: uncertainty.Difference | None
    categories: dict[str, float]


@dataclass(frozen=True)
class Evaluation:
    """Scores of methods on the same images.

    Attributes:
        names: The images' names.
        scores: Label of a method, name of a metric, one number for each image.
        seconds: Label of a method, mean wall-clock seconds for an image.
        baseline: The label that differences refer to.
        data: Number of pairs and digest of their names and pixels.
        seeing_ambient: Labels of the methods that see the ambient photograph.
        ambient_noise: With how many stops less light they see it; `None` if they see the target.
    """

    names: list[str]
    scores: dict[str, dict[str, np.ndarray]]
    seconds: dict[str, float]
    baseline: str
    data: dict
    seeing_ambient: frozenset[str] = frozenset()
    ambient_noise: float | None = None

    def summary(self, label: str, metric: str, seed: int = 0) -> MetricSummary:
        """Summarize one metric of one method; `seed` is the bootstrap's."""
        values = self.scores[label][metric]
        baseline = self.scores[self.baseline][metric]
        defined = ~np.isnan(values)
        if not defined.any():
            return MetricSummary(math.nan, math.nan, None, {})
        difference, both = None, defined & ~np.isnan(baseline)
        if label != self.baseline and both.any():
            difference = uncertainty.paired_difference(values[both], baseline[both], seed=seed)
        names = [name for name, counts in zip(self.names, defined, strict=True) if counts]
        values = values[defined]
        return MetricSummary(
            mean=float(np.mean(values)),
            standard_deviation=uncertainty.standard_deviation(values),
            difference=difference,
            categories=uncertainty.category_means(names, values),
        )

    def warnings(self) -> list[str]:
        """Say which methods' means lie where viewers reject results, one line each.

        Methods that see the ambient photograph are no rivals, and are left out.
        """
        found = []
        for label in self.scores:
            if label in self.seeing_ambient:
                continue
            for name in self.scores[label]:
                problem = METRICS[name].warns_of(self.summary(label, name).mean)
                if problem is not None:
                    found.append(f"{label}: {problem}")
        return found

    def as_document(self) -> dict:
        """Return everything as plain values for a JSON file; what is not finite becomes None."""
        return {
            "protocol": {metric.name: metric.text for metric in METRICS.values()},
            "intervals": f"{uncertainty.CONFIDENCE:.0%} percentile intervals of the mean "
            f"difference to the baseline, paired bootstrap over images, "
            f"{uncertainty.RESAMPLES} resamples",
            "versions": package_versions(),
            "data": self.data,
            "baseline": self.baseline,
            "warnings": self.warnings(),
            "ambient_noise": self.ambient_noise,
            "methods": {label: self._method_document(label) for label in self.scores},
            "images": {name: self._image_document(row) for row, name in enumerate(self.names)},
        }

    def _method_document(self, label: str) -> dict:
        document: dict = {
            "sees_ambient": label in self.seeing_ambient,
            "seconds_per_image": round(self.seconds[label], 4),
        }
        for metric in self.scores[label]:
            summary = self.summary(label, metric)
            document[metric] = {
                "mean": _finite(summary.mean),
                "standard_deviation": _finite(summary.standard_deviation),
                "categories": {name: _finite(mean) for name, mean in summary.categories.items()},
            }
            if summary.difference is not None:
                parts = summary.difference._asdict().items()
                document[metric]["difference"] = {name: _finite(value) for name, value in parts}
        return document

    def _image_document(self, row: int) -> dict:
        return {
            label: {metric: _finite(values[row]) for metric, values in metrics.items()}
            for label, metrics in self.scores.items()
        }


def evaluate(
    pairs: LoadedPairs,
    methods: dict[str, Method],
    baseline: str | None = None,
    *,
    ambient_noise: float | None = None,
    ambient_input: bool = False,
    shadows: Mapping[str, np.ndarray] | None = None,
    on_output: Observer | None = None,
) -> Evaluation:
    """Score every method on every pair by every metric.

    On a terminal a bar shows the progress; elsewhere lines are logged.

    Args:
        pairs: Decoded pairs, sides of at least `protocol.SMALLEST_SCORED_SIDE` pixels.
        methods: Methods by their labels, in the order of the table.
        baseline: The label that differences refer to; the first one by default.
        ambient_noise: With how many stops less light the methods that see the ambient photograph
            see it, as of `keras_f2a.data.low_light`. `None` shows them the photograph itself, which
            is the target: they need only copy it.
        ambient_input: Also give every method the ambient photographs as input, for the metric
            `without_flash`; that takes the same time again.
        shadows: By the pairs' names, as `keras_f2a.evaluation.shadows.load_shadows` returns them.
        on_output: Called with each output, for pictures.

    Raises:
        InputError: `baseline` is none of the methods, there is no method, or `ambient_noise` is out
            of range.
        WorkError: A method failed.
    """
    baseline = check_baseline(methods, baseline)
    check_ambient_noise(ambient_noise)
    scores = {label: {name: np.full(len(pairs), np.nan) for name in METRICS} for label in methods}
    seconds = dict.fromkeys(methods, 0.0)
    _logger.info(f"scoring {', '.join(methods)} on {len(pairs)} pairs")
    with progress_bar(len(pairs) * len(methods), "image") as bar:
        for row, name in enumerate(pairs.names):
            shadow = None if shadows is None else shadows.get(name)
            pair = PhotoPair(pairs.flash[row], pairs.ambient[row], shadow)
            ambient = file_values_as_float(pair.ambient)
            shown = ambient
            if ambient_noise is not None:
                # The same noise for an image in every order and choice of images.
                shown = with_less_light(ambient, ambient_noise, zlib.crc32(name.encode()))
            for label, method in methods.items():
                start = time.perf_counter()
                output = apply(method, label, pair.flash_image, image_name=name, ambient=shown)
                seconds[label] += (time.perf_counter() - start) / len(pairs)
                of_ambient = None
                if ambient_input and not sees_ambient(method):
                    of_ambient = apply(method, label, ambient, image_name=name)
                result = Result(pair, output, of_ambient)
                for metric in METRICS.values():
                    scores[label][metric.name][row] = metric.compute(result)
                if on_output is not None:
                    on_output(name, label, result.truncated)
                bar.update()
            if bar.disable:
                _log_progress(row + 1, len(pairs))
    return Evaluation(
        pairs.names,
        scores,
        seconds,
        baseline,
        pairs.description(),
        frozenset(label for label, method in methods.items() if sees_ambient(method)),
        ambient_noise,
    )


def check_baseline(methods: dict[str, Method], baseline: str | None) -> str:
    """Return the baseline's label, by default the first method's.

    Raises:
        InputError: `baseline` is none of the methods, or there is no method.
    """
    if not methods:
        raise InputError("name at least one method", setting="methods")
    if baseline is None:
        return next(iter(methods))
    if baseline not in methods:
        raise InputError(
            f"not among the methods {', '.join(methods)}", setting="baseline", value=baseline
        )
    return baseline


def check_ambient_noise(ambient_noise: float | None) -> None:
    """Check the stops of less light.

    Raises:
        InputError: They are negative, or too many to leave a picture.
    """
    if ambient_noise is not None and not 0.0 <= ambient_noise <= MOST_STOPS:
        raise InputError(
            f"stops of less light, from 0 to {MOST_STOPS:g}",
            setting="ambient_noise",
            value=ambient_noise,
        )


def _log_progress(done: int, total: int) -> None:
    """Say where a terminal's bar would stand, a tenth of the images at a time."""
    if done * _LOGGED_PARTS // total > (done - 1) * _LOGGED_PARTS // total:
        _logger.info(f"scored {done} of {total} pairs")


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
