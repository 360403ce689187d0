"""Exports of models that are valid, damaged or something else."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from tests.faults.verdict import DIFFERENCE, Fault, faults_of_ending
from tests.faults.workshop import Case

EXPORT = "keras_f2a.export.__main__"
_DIFFERENT = 3  # exit code of a function that found a wrong result


def exports(case: Case) -> list[Fault]:
    """Check that two exports into one folder lose nothing silently and compute the right results.

    The calibration pairs are few and flat, and some are pure black and white.
    """
    pairs = case.folder / "pairs"
    for part in ("train", "test"):
        (pairs / part).mkdir(parents=True)
        for role in ("flash", "ambient"):
            image = Image.fromarray(case.rng.integers(0, 256, (6, 8), np.uint8)).resize((64, 48))
            if case.rng.random() < 0.5:
                image = image.point(lambda value: 255 * (value > 127))
            image.convert("RGB").save(pairs / part / f"a_{role}.png")
    folder, before = case.folder / "export", {}
    faults = []
    for formats in case.rng.permutation(["float32", "float16", "int8"])[:2]:
        ended = case.processes.command(
            EXPORT,
            f"--model={case.shop.run / 'run'}",
            f"--output={folder}",
            f"--calibration-data={pairs}",
            "--size=48x32",
            f"--formats={formats}",
        )
        faults += _faults_of_export(ended, folder, before)
        before = {path: path.read_bytes() for path in folder.rglob("*.tflite")}
    if not faults and before:
        seen = case.processes.function(_compare_files, sorted(before), case.shop.models)
        faults += [Fault(DIFFERENCE, seen.output.strip())] if seen.code == _DIFFERENT else []
    return faults


def _faults_of_export(ended, folder: Path, before: dict[Path, bytes]) -> list[Fault]:
    faults = []
    if ended.code not in (0, 1, 2) or "Traceback" in ended.errors:
        faults += faults_of_ending(ended)
    if any(not path.is_file() or path.read_bytes() != text for path, text in before.items()):
        faults.append(Fault(DIFFERENCE, "a file of the first export was replaced"))
    files = {path.name for path in folder.rglob("*.tflite")}
    report = folder / "report.json"
    rows = json.loads(report.read_text())["files"] if report.exists() else []
    if files - {row["name"] for row in rows}:
        faults.append(Fault(DIFFERENCE, f"the report lacks files: {files}"))
    return faults


def _compare_files(files: list[Path], models: Path):
    """Compare files of one generator on a photograph that was not used for calibration."""
    from keras_f2a.correction.litert_engine import LiteRTEngine

    flash = np.random.default_rng(0).random((8, 12, 3)).repeat(4, 0).repeat(4, 1)
    results = [LiteRTEngine(file, threads=1).run(flash.astype(np.float32)) for file in files]
    for file, result in zip(files, results, strict=True):
        error = float(np.mean((result - results[0]) ** 2))
        if not error < 10 ** (-30 / 10):
            print(f"{file.name} differs from {files[0].name}: mean squared error {error:.4f}")
            raise SystemExit(_DIFFERENT)


CLASSES = (exports,)
