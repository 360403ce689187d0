"""Compares methods on a folder of pairs and writes a report."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from keras_f2a.data.pairs import load_pairs
from keras_f2a.evaluation.methods import load_methods
from keras_f2a.evaluation.preference import tally
from keras_f2a.evaluation.preference_table import preference_table
from keras_f2a.evaluation.protocol import SMALLEST_SCORED_SIDE
from keras_f2a.evaluation.report import Report, check_report
from keras_f2a.evaluation.score_summary import Evaluation
from keras_f2a.evaluation.scores import check_ambient_noise, check_baseline, evaluate
from keras_f2a.evaluation.shadows import load_shadows
from keras_f2a.evaluation.table_formats import Table
from keras_f2a.evaluation.tables import all_tables
from keras_f2a.support.errors import InputError

_NO_PREFERENCE = (
    "A blind choice says more than these numbers, but none was given: `keras-f2a prefer` draws its "
    "sheets, and `keras-f2a evaluate --preference` shows its answers first."
)


class Comparison(NamedTuple):
    """The result of `compare`.

    Attributes:
        evaluation: The scores.
        tables: The report's tables in order: the blind choice first, if any, and plain PSNR last.
        remarks: Notes for the reader, one line each: warnings, and whether a blind choice is
            missing.
        files: The paths of the report's files.
    """

    evaluation: Evaluation
    tables: list[Table]
    remarks: list[str]
    files: list[Path]


def compare(
    directory: str | Path,
    methods: Sequence[str],
    output: str | Path,
    *,
    baseline: str | None = None,
    limit: int | None = None,
    ambient_noise: float | None = None,
    ambient_input: bool = False,
    preference: Sequence[str | Path] = (),
    viewers: str | None = None,
    force: bool = False,
) -> Comparison:
    """Evaluate methods on a folder of pairs and write numbers, tables and pictures.

    Args:
        directory: A folder of `NAME_flash.png` and `NAME_ambient.png` files.
        methods: As for `keras_f2a.evaluation.methods.load_methods`.
        output: The report's folder.
        baseline: Label of the method that the others are compared with, by default the first.
        limit: Maximum number of pairs. The first ones are used.
        ambient_noise: As for `keras_f2a.evaluation.scores.evaluate`.
        ambient_input: As for `keras_f2a.evaluation.scores.evaluate`.
        preference: The key of a blind choice, followed by one file of answers for each viewer, as
            for `keras_f2a.evaluation.preference.tally`. Empty without a blind choice.
        viewers: Who or what the viewers were.
        force: Replace an existing report in the folder.

    Raises:
        InputError: A method cannot be found, pairs are missing or invalid, the report's folder
            cannot be written, or it has a report and `force` is not set.
        WorkError: A method failed.
    """
    if limit is not None and limit < 1:
        raise InputError("must be at least 1", setting="limit", value=limit)
    check_ambient_noise(ambient_noise)
    preference_tables = _preference_tables(preference, viewers)
    check_report(output, force=force)
    loaded_methods = load_methods(methods)
    baseline = check_baseline(loaded_methods, baseline)
    pairs = load_pairs(directory, minimum_size=SMALLEST_SCORED_SIDE).first(limit)
    shadows = load_shadows(directory, pairs.names, [image.shape for image in pairs.flash])
    report = Report(output, pairs, list(loaded_methods))
    evaluation = evaluate(
        pairs,
        loaded_methods,
        baseline,
        ambient_noise=ambient_noise,
        ambient_input=ambient_input,
        shadows=shadows,
        on_output=report.add_output,
    )
    tables = [*preference_tables, *all_tables(evaluation)]
    remarks = [f"WARNING: {line}" for line in evaluation.warnings()]
    if not preference_tables:
        remarks.insert(0, _NO_PREFERENCE)
    return Comparison(evaluation, tables, remarks, report.write(evaluation, tables, remarks))


def _preference_tables(preference: Sequence[str | Path], viewers: str | None) -> list[Table]:
    if not preference:
        if viewers is not None:
            raise InputError("needs `preference`; give both", setting="viewers", value=viewers)
        return []
    key, *answers = map(Path, preference)
    if not answers:
        raise InputError(
            "name the key, then a file of answers for each viewer", setting="preference"
        )
    return [preference_table(tally(key, answers), viewers)]
