"""Repeats the paper's experiments on any pairs and compares our scores with the paper's."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a.baselines.lime import FLASH_PAPER_GAMMA
from keras_f2a.data.pair_files import split_folders
from keras_f2a.data.pairs import LoadedPairs, load_pairs
from keras_f2a.evaluation.comparison import compare
from keras_f2a.evaluation.methods import apply as apply_method
from keras_f2a.evaluation.methods import load_methods
from keras_f2a.evaluation.protocol import SMALLEST_SCORED_SIDE, file_values_as_float
from keras_f2a.evaluation.score_summary import Evaluation
from keras_f2a.evaluation.table_formats import Table, as_latex, as_markdown
from keras_f2a.evaluation.tables import appearance_table, light_table
from keras_f2a.imaging.labeled_grid import labeled_grid
from keras_f2a.runs import TrainingSettings, train
from keras_f2a.runs.run import check
from keras_f2a.support.atomic_file import atomic_path, write_text
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import InputError
from keras_f2a.support.folders import writable_folder
from keras_f2a.training.conditions import CONDITIONS

LIME = f"lime-gamma-{FLASH_PAPER_GAMMA}"
# Rows of the paper's Table 1: the paper's name, our label, and the paper's PSNR and SSIM.
_TABLE_1 = (
    ("LIME", LIME, 12.38, 0.611),
    ("SRIE", "srie", 14.09, 0.659),
    ("DeepFlash", "deepflash", 15.39, 0.671),
    ("Ours", "guided", 15.67, 0.684),
)
_TABLE_2 = (
    ("1. Default (R_M + A_M)", "guided"),
    ("2. R + A", "unguided"),
    ("3. R", "reconstruction"),
    ("4. U-Net", "unet"),
)
# Named but not measured in the paper. Like the methods above, they need only one image.
_RELATED_WORK = (
    ("pix2pix (Isola et al. 2017)", "pix2pix"),
    ("Intrinsic decomposition (Shen et al. 2013)", "intrinsic"),
)
_FIGURES = {
    "figures_4_and_5": ("flash", "srie", LIME, "deepflash", "guided"),
    "figure_6": ("flash", "guided", "unguided", "reconstruction", "unet"),
}
_TABLES = {"tables.md": as_markdown, "tables.tex": as_latex}
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reproduction:
    """The result of `reproduce`.

    Attributes:
        evaluation: The scores of every method.
        tables: Tables of appearance and of light, Tables 1 and 2 with the paper's scores next to
            ours, and a table of related work that the paper does not measure.
        remarks: As in `keras_f2a.evaluation.comparison.Comparison`.
        files: The paths of the written files.
    """

    evaluation: Evaluation
    tables: list[Table]
    remarks: list[str]
    files: list[Path]


def reproduce(
    settings: TrainingSettings, conditions: Sequence[str] = tuple(CONDITIONS)
) -> Reproduction:
    """Train DeepFlash, the four conditions of Table 2 and pix2pix, and compare all methods.

    Finished runs are not trained again, and an interrupted run resumes. The settings, pairs and
    folders of all runs are checked before the first step.

    Args:
        settings: Settings of all runs. `condition` is set here for each run. `data` is the folder
            of the pairs, with `train/` and `test/`. `run_dir` is the folder for
            `runs/CONDITION`, `report/`, the tables and the figures. `limit` limits both training
            and testing to the first pairs.
        conditions: The keys of `CONDITIONS` to train. The tables omit the others.

    Raises:
        InputError: Settings, data or folders are not usable. Nothing was trained.
        WorkError: A run or a method failed. Finished runs are kept.
    """
    _check_conditions(conditions)
    # Resolve only the data here, because each condition has its own defaults for the rest.
    settings = settings.changed(data=settings.pairs.resolved().data)
    output, test = Path(settings.run_dir), Path(str(settings.pairs.data)) / "test"
    runs = {name: _condition_settings(settings, name) for name in conditions}
    _check_all(runs.values(), test, output)
    for index, (condition, run) in enumerate(runs.items(), start=1):
        _logger.info(f"\n[{index}/{len(runs)}] {condition}")
        train(run)
    methods = ["flash", LIME, "srie", "intrinsic", *(run.run_dir for run in runs.values())]
    comparison = compare(test, methods, output / "report", limit=settings.pairs.limit, force=True)
    evaluation, files = comparison.evaluation, comparison.files
    tables = [
        *(appearance_table(evaluation), light_table(evaluation)),
        # The paper's tables show plain PSNR, which says the least, so they come last.
        *(_table_1(evaluation), _table_2(evaluation), _related_work_table(evaluation)),
    ]
    for name, write in _TABLES.items():
        write_text(output / name, "\n".join(map(write, tables)))
        files.append(output / name)
    _logger.info("drawing the figures")
    files += _draw_figures(load_pairs(test).first(settings.pairs.limit), methods, output)
    return Reproduction(evaluation, tables, comparison.remarks, files)


def _check_conditions(conditions: Sequence[str]) -> None:
    for name in conditions:
        if name not in CONDITIONS:
            raise InputError(
                f"must be one of {', '.join(CONDITIONS)}", setting="conditions", value=name
            )


def _condition_settings(settings: TrainingSettings, condition: str) -> TrainingSettings:
    run_dir = str(Path(settings.run_dir) / "runs" / condition)
    # The U-Net has no encoder with pretrained weights.
    has_encoder = CONDITIONS[condition].generator != "unet"
    weights = settings.networks.encoder_weights if has_encoder else "none"
    return settings.changed(condition=condition, run_dir=run_dir, encoder_weights=weights)


def _check_all(runs: Iterable[TrainingSettings], test: Path, output: Path) -> None:
    """Check up front what could fail during days of training or in the evaluation after it."""
    for folder in (output, output / "report"):
        writable_folder(folder, "run_dir")
    _check_existing_output(output)
    split_folders(test.parent, "data")
    load_pairs(test, minimum_size=SMALLEST_SCORED_SIDE)
    for run in runs:
        check(run)


def _check_existing_output(output: Path) -> None:
    """Check that existing tables and figures come from this command, which replaces them."""
    if any((output / "runs" / condition).is_dir() for condition in CONDITIONS):
        return  # An earlier call, which this one resumes.
    names = [*_TABLES, *(f"{figure}.png" for figure in _FIGURES)]
    existing = [path for path in (output / name for name in names) if path.exists()]
    existing += (output / "report").iterdir()
    if existing:
        raise InputError("already exists; choose another `run_dir`", file=existing[0])


def _table_1(evaluation: Evaluation) -> Table:
    return _table_with_paper(evaluation, "Table 1", _TABLE_1)


def _table_2(evaluation: Evaluation) -> Table:
    rows = [
        (name, label, CONDITIONS[label].psnr, CONDITIONS[label].ssim) for name, label in _TABLE_2
    ]
    return _table_with_paper(evaluation, "Table 2", rows)


def _related_work_table(evaluation: Evaluation) -> Table:
    header = ["Method", "PSNR (dB)", "SSIM"]
    rows = [("Unchanged flash images", "flash"), *_RELATED_WORK]
    measured = evaluation.scores
    body = [[name, *_score_cells(evaluation, label)] for name, label in rows if label in measured]
    return Table(f"Related work, {_test_images(evaluation)}", header, body)


def _table_with_paper(evaluation: Evaluation, caption: str, rows: Sequence[tuple]) -> Table:
    header = ["Method", "PSNR (dB)", "SSIM", "PSNR in the paper (dB)", "SSIM in the paper"]
    unchanged = ["Unchanged flash images", *_score_cells(evaluation, "flash"), "", ""]
    body = [
        [name, *_score_cells(evaluation, label), f"{psnr:.2f}", f"{ssim:.3f}"]
        for name, label, psnr, ssim in rows
        if label in evaluation.scores
    ]
    return Table(f"{caption}, {_test_images(evaluation)}", header, [unchanged, *body])


def _test_images(evaluation: Evaluation) -> str:
    return counted(len(evaluation.names), "test image")


def _score_cells(evaluation: Evaluation, label: str) -> list[str]:
    psnr, ssim = (evaluation.summary(label, metric).mean for metric in ("psnr", "ssim"))
    return [f"{psnr:.2f}", f"{ssim:.3f}"]


def _draw_figures(
    pairs: LoadedPairs, methods: Sequence[str], output: Path, scenes: int = 4
) -> list[Path]:
    """Draw grids like the paper's Figures 4 to 6: one row per scene, one column per method."""
    # Spread the scenes over the whole set, because the first ones are all of one category.
    indices = np.unique(np.linspace(0, len(pairs) - 1, scenes).astype(int))
    loaded_methods = load_methods(methods)
    files = []
    for figure, labels in _FIGURES.items():
        columns = [label for label in labels if label in loaded_methods]
        rows = []
        for index in indices:
            flash = file_values_as_float(pairs.flash[index])
            name = pairs.names[index]
            cells = [apply_method(loaded_methods[c], c, flash, image_name=name) for c in columns]
            rows.append([*cells, file_values_as_float(pairs.ambient[index])])
        files.append(_save(labeled_grid(rows, (*columns, "ambient")), output / f"{figure}.png"))
    return files


def _save(picture: Image.Image, path: Path) -> Path:
    with atomic_path(path) as temporary:
        picture.save(temporary)
    return path
