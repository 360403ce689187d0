"""Summarizes the scores of methods on the same images, for tables and as a JSON document."""

import math
from dataclasses import dataclass, field

import numpy as np

from keras_f2a.evaluation import uncertainty
from keras_f2a.evaluation.metrics import METRICS
from keras_f2a.support.provenance import package_versions


@dataclass(frozen=True)
class MetricSummary:
    """One metric of one method over all images.

    Attributes:
        mean: Mean over the images for which the metric is defined (not nan).
        standard_deviation: Sample standard deviation, or nan for a single image.
        difference: Mean difference from the baseline, with its interval. `None` for the baseline
            itself, and if the metric is not defined for both methods on any image.
        categories: Mean for each FAID category that occurs in the images' names.
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
        scores: One number for each image, by the method's label and the metric's name.
        seconds: Mean wall-clock seconds per image, by the method's label.
        baseline: Label of the method that the others are compared with.
        data: Number of pairs and digest of their names and pixels.
        seeing_ambient: Labels of the methods that see the ambient photograph.
        ambient_noise: How many stops less light the ambient photograph that they see has, or
            `None` if they see the target itself.
    """

    names: list[str]
    scores: dict[str, dict[str, np.ndarray]]
    seconds: dict[str, float]
    baseline: str
    data: dict
    seeing_ambient: frozenset[str] = frozenset()
    ambient_noise: float | None = None
    _summaries: dict[tuple[str, str, int], MetricSummary] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def summary(self, label: str, metric: str, seed: int = 0) -> MetricSummary:
        """Summarize one metric of one method, with `seed` for the bootstrap."""
        key = label, metric, seed
        if key not in self._summaries:
            self._summaries[key] = self._summarize(label, metric, seed)
        return self._summaries[key]

    def _summarize(self, label: str, metric: str, seed: int) -> MetricSummary:
        values = self.scores[label][metric]
        baseline = self.scores[self.baseline][metric]
        defined = ~np.isnan(values)
        if not defined.any():
            return MetricSummary(math.nan, math.nan, None, {})
        difference, both = None, defined & ~np.isnan(baseline)
        if label != self.baseline and both.any():
            difference = uncertainty.paired_difference(values[both], baseline[both], seed=seed)
        names = [name for name, is_defined in zip(self.names, defined, strict=True) if is_defined]
        values = values[defined]
        return MetricSummary(
            mean=float(np.mean(values)),
            standard_deviation=uncertainty.standard_deviation(values),
            difference=difference,
            categories=uncertainty.category_means(names, values),
        )

    def warnings(self) -> list[str]:
        """Return one line for each mean at which viewers reject results.

        Methods that see the ambient photograph do not compete and are left out.
        """
        warnings = []
        for label in self.scores:
            if label in self.seeing_ambient:
                continue
            for name in self.scores[label]:
                problem = METRICS[name].warns_of(self.summary(label, name).mean)
                if problem is not None:
                    warnings.append(f"{label}: {problem}")
        return warnings

    def as_document(self) -> dict:
        """Return everything as plain JSON values. Values that are not finite become `None`."""
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


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
