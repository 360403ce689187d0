"""Compares methods on a folder of pairs and leaves a report: what `keras_f2a.evaluate` does."""

from collections.abc import Sequence
from pathlib import Path

from keras_f2a.data.pairs import load_pairs
from keras_f2a.evaluation.methods import load_methods
from keras_f2a.evaluation.protocol import SMALLEST_SIDE
from keras_f2a.evaluation.report import Report
from keras_f2a.evaluation.scores import Evaluation, check_baseline, evaluate
from keras_f2a.support.errors import InputError


def compare(
    directory: str | Path,
    methods: Sequence[str],
    output: str | Path,
    baseline: str | None = None,
    limit: int | None = None,
) -> tuple[Evaluation, list[Path]]:
    """Evaluates methods on a folder of pairs and writes numbers, tables and pictures.

    Args:
        directory: A folder of `NAME_flash.png` and `NAME_ambient.png` files.
        methods: As for `keras_f2a.evaluation.methods.load_methods`.
        output: The report's folder.
        baseline: The label of the method that differences refer to; the first one by default.
        limit: Take only the first so many pairs.

    Returns:
        The evaluation and the paths of the report's files.

    Raises:
        InputError: A method cannot be found, pairs are missing or bad, or the report's folder
            cannot be written.
        WorkError: A method failed.
    """
    if limit is not None and limit < 1:
        raise InputError(f"--limit {limit}: must be at least 1")
    loaded = load_methods(methods)
    baseline = check_baseline(loaded, baseline)
    pairs = load_pairs(directory, minimum_size=SMALLEST_SIDE).first(limit)
    report = Report(output, pairs, list(loaded))
    evaluation = evaluate(pairs, loaded, baseline, report.add_output)
    return evaluation, report.write(evaluation)
