"""Runs methods on pairs of photographs and collects their scores."""

import logging
import time
import zlib
from collections.abc import Callable, Mapping

import numpy as np

from keras_f2a.data.low_light import simulate_low_light
from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.evaluation.methods import Method, apply, sees_ambient
from keras_f2a.evaluation.metrics import METRICS
from keras_f2a.evaluation.protocol import file_values_as_float
from keras_f2a.evaluation.result import PhotoPair, Result
from keras_f2a.evaluation.score_summary import Evaluation
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import InputError
from keras_f2a.support.progress import progress_bar

MAX_STOPS = 12.0  # of less light, which leaves nothing of an 8-bit photograph
_PROGRESS_LINES = 10
_logger = logging.getLogger(__name__)
Observer = Callable[[str, str, np.ndarray], None]
"""Called with the image's name, the method's label and its output, uint8, (height, width, 3)."""


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
    """Score every method on every pair with every metric.

    Progress is shown as a bar on a terminal and logged as lines elsewhere.

    Args:
        pairs: Decoded pairs, with sides of at least `protocol.SMALLEST_SCORED_SIDE` pixels.
        methods: Methods by label, in the order of the table.
        baseline: Label of the method that the others are compared with, by default the first.
        ambient_noise: Methods that see the ambient photograph see it with this many stops less
            light, simulated by `keras_f2a.data.low_light`. With `None` they see the photograph
            itself. It is the target, so copying it is enough.
        ambient_input: Also run the methods that do not see the ambient photograph on it, for the
            metric `without_flash`. This doubles their time.
        shadows: The flash's shadows by pair name, from
            `keras_f2a.evaluation.shadows.load_shadows`.
        on_output: Called with each output, for example to save it.

    Raises:
        InputError: There are no methods, `baseline` is not one of them, or `ambient_noise` is out
            of range.
        WorkError: A method failed.
    """
    baseline = check_baseline(methods, baseline)
    check_ambient_noise(ambient_noise)
    scores = {label: {name: np.full(len(pairs), np.nan) for name in METRICS} for label in methods}
    seconds = dict.fromkeys(methods, 0.0)
    _logger.info(f"scoring {', '.join(methods)} on {counted(len(pairs), 'pair')}")
    with progress_bar(len(pairs) * len(methods), "image") as bar:
        for row, name in enumerate(pairs.names):
            shadow = None if shadows is None else shadows.get(name)
            pair = PhotoPair(pairs.flash[row], pairs.ambient[row], shadow)
            ambient = file_values_as_float(pair.ambient)
            visible_ambient = ambient
            if ambient_noise is not None:
                # Seed by name, so that an image's noise does not depend on the other images.
                seed = zlib.crc32(name.encode())
                visible_ambient = simulate_low_light(ambient, ambient_noise, seed)
            for label, method in methods.items():
                start = time.perf_counter()
                output = apply(
                    method, label, pair.flash_image, image_name=name, ambient=visible_ambient
                )
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
        InputError: There are no methods, or `baseline` is not one of them.
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
    """Check the number of stops of less light.

    Raises:
        InputError: The number is negative, or so large that nothing of a photograph is left.
    """
    if ambient_noise is not None and not 0.0 <= ambient_noise <= MAX_STOPS:
        raise InputError(
            f"must be stops of less light, from 0 to {MAX_STOPS:g}",
            setting="ambient_noise",
            value=ambient_noise,
        )


def _log_progress(done: int, total: int) -> None:
    """Log the progress after each tenth of the images."""
    if done * _PROGRESS_LINES // total > (done - 1) * _PROGRESS_LINES // total:
        _logger.info(f"scored {done} of {total} pairs")
