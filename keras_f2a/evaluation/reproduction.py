"""The paper's experiments on any pairs: trains what its tables need and sets ours beside theirs."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a.baselines.lime import FLASH_PAPER_GAMMA
from keras_f2a.data.pairs import load_pairs
from keras_f2a.evaluation.methods import apply as apply_method
from keras_f2a.evaluation.methods import load_methods
from keras_f2a.evaluation.protocol import file_values_as_float
from keras_f2a.evaluation.report import compare
from keras_f2a.evaluation.scores import Evaluation
from keras_f2a.evaluation.tables import Table, as_latex, as_markdown
from keras_f2a.imaging.labelled_grid import labelled_grid
from keras_f2a.runs import TrainingSettings, train
from keras_f2a.support.atomic_file import atomic_path, write_text
from keras_f2a.training.conditions import CONDITIONS

LIME = f"lime-gamma-{FLASH_PAPER_GAMMA}"
# Rows of the paper's tables: what the paper calls it, our label, its PSNR and SSIM there.
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
_FIGURES = {
    "figures_4_and_5": ("flash", "srie", LIME, "deepflash", "guided"),
    "figure_6": ("flash", "guided", "unguided", "reconstruction", "unet"),
}
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reproduction:
    """What `reproduce` leaves.

    Attributes:
        evaluation: The scores of every method.
        tables: Tables 1 and 2 with the paper's figures beside ours.
        files: The files written.
    """

    evaluation: Evaluation
    tables: list[Table]
    files: list[Path]


def reproduce(
    settings: TrainingSettings, output: str | Path, limit: int | None = None
) -> Reproduction:
    """Trains DeepFlash and the four conditions of Table 2, and compares all methods.

    What is trained already is not trained again, and an interrupted run goes on.

    Args:
        settings: For every run; `run_dir` and `condition` are set here, `data` holds the pairs.
        output: Gets `runs/CONDITION`, `report/`, the tables and the pictures.
        limit: Trains and tests on the first so many pairs only.

    Raises:
        InputError: Settings or data are not usable.
        WorkError: A run or a method failed; what is finished is kept.
    """
    output = Path(output)
    settings = replace(settings, limit=limit).resolved()
    runs = {}
    for number, condition in enumerate(CONDITIONS, start=1):
        _logger.info(f"\n[{number}/{len(CONDITIONS)}] {condition}")
        runs[condition] = output / "runs" / condition
        train(replace(_for_condition(settings, condition), run_dir=str(runs[condition])))
    test = Path(settings.data) / "test"
    methods = ["flash", LIME, "srie", *map(str, runs.values())]
    evaluation, files = compare(test, methods, output / "report", limit=limit)
    tables = [_first_table(evaluation), _second_table(evaluation)]
    for name, write in (("tables.md", as_markdown), ("tables.tex", as_latex)):
        write_text(output / name, "\n".join(map(write, tables)))
        files.append(output / name)
    files += _draw_figures(test, methods, output)
    return Reproduction(evaluation, tables, files)


def _for_condition(settings: TrainingSettings, condition: str) -> TrainingSettings:
    """The U-Net has no encoder whose weights could be set."""
    if CONDITIONS[condition].generator == "unet":
        settings = replace(settings, encoder_weights="none")
    return replace(settings, condition=condition)


def _first_table(evaluation: Evaluation) -> Table:
    return _beside_the_paper(evaluation, "Table 1", _TABLE_1)


def _second_table(evaluation: Evaluation) -> Table:
    rows = [
        (name, label, CONDITIONS[label].psnr, CONDITIONS[label].ssim) for name, label in _TABLE_2
    ]
    return _beside_the_paper(evaluation, "Table 2", rows)


def _beside_the_paper(evaluation: Evaluation, caption: str, rows: Sequence[tuple]) -> Table:
    header = ["Method", "PSNR (dB)", "SSIM", "PSNR in the paper (dB)", "SSIM in the paper"]
    unchanged = ["Unchanged flash images", *_ours(evaluation, "flash"), "", ""]
    body = [
        [name, *_ours(evaluation, label), f"{psnr:.2f}", f"{ssim:.3f}"]
        for name, label, psnr, ssim in rows
    ]
    return Table(f"{caption}, {len(evaluation.names)} test images", header, [unchanged, *body])


def _ours(evaluation: Evaluation, label: str) -> list[str]:
    psnr, ssim = (evaluation.summary(label, metric).mean for metric in ("psnr", "ssim"))
    return [f"{psnr:.2f}", f"{ssim:.3f}"]


def _draw_figures(test: Path, methods: Sequence[str], output: Path, scenes: int = 4) -> list[Path]:
    """Sheets like the paper's Figures 4 to 6: one row per scene, one column per method."""
    pairs = load_pairs(test)
    # Scenes from all over the set, not the first ones, which are of one category.
    chosen = np.unique(np.linspace(0, len(pairs) - 1, scenes).astype(int))
    loaded = load_methods(methods)
    files = []
    for name, columns in _FIGURES.items():
        rows = []
        for index in chosen:
            flash = file_values_as_float(pairs.flash[index])
            cells = [apply_method(loaded[c], c, flash, pairs.names[index]) for c in columns]
            rows.append([*cells, file_values_as_float(pairs.ambient[index])])
        files.append(_save(labelled_grid(rows, (*columns, "ambient")), output / f"{name}.png"))
    return files


def _save(picture: Image.Image, path: Path) -> Path:
    with atomic_path(path) as temporary:
        picture.save(temporary)
    return path
