"""Damaged generators, and runs that resume with damaged files."""

import io
import shutil
import zipfile
from pathlib import Path

import h5py
import numpy as np
from PIL import Image

from tests.faults.damage import damaged
from tests.faults.photo_cases import odd_name
from tests.faults.photographs import write_photograph
from tests.faults.processes import Processes
from tests.faults.verdict import DIFFERENCE, Fault, faults_of_ending, faults_of_files
from tests.faults.workshop import Case

TRAIN = "keras_f2a.train"


def tflite_files(case: Case) -> list[Fault]:
    """Check that a damaged `.tflite` file is refused, or run the way the library runs it."""
    name = ("fixed.tflite", "any.tflite")[case.rng.integers(2)]
    return _with_model(case, name, damaged((case.shop.models / name).read_bytes(), case.rng))


def keras_files(case: Case) -> list[Fault]:
    """Check a `.keras` file with damage to the archive, or to a member with a correct checksum."""
    content = (case.shop.models / "any.keras").read_bytes()
    if case.rng.random() < 0.3:
        return _with_model(case, "any.keras", damaged(content, case.rng))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = list(members)[case.rng.integers(len(members))]
    members[name] = damaged(members[name], case.rng)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return _with_model(case, "any.keras", packed.getvalue())


def _with_model(case: Case, name: str, content: bytes) -> list[Fault]:
    model = case.folder / (odd_name(case.rng) + name if case.rng.random() < 0.3 else name)
    model.write_bytes(content)
    photo = write_photograph(case.folder / "photo.png", case.rng, size=(48, 36))
    ended = case.correct(photo, {}, model=model)
    faults = faults_of_ending(ended)
    if faults:
        return faults
    expected = case.expected(photo, photo.name, {}, model=model) if ended.code == 0 else None
    faults = faults_of_files(case.output, {photo.name: {expected}})
    if ended.code == 0 and expected is None:
        faults.append(Fault(DIFFERENCE, "the command corrects what the library refuses"))
    return faults


def resumed_runs(case: Case) -> list[Fault]:
    """Check that a run with a damaged file is refused or ends with the undamaged run's weights."""
    run = case.folder / "run"
    shutil.copytree(case.shop.run / "run", run)
    files = [path for path in sorted(run.rglob("*")) if path.is_file()]
    files = [path for path in files if "tensorboard" not in path.parts]
    path = files[case.number % len(files)]
    path.write_bytes(damaged(path.read_bytes(), case.rng))
    before = contents(run)
    ended = case.processes.command(TRAIN, *training_options(case.shop.run / "data", run, 2))
    faults = faults_of_ending(ended)
    if ended.code == 0 and "difference: PSNR" not in ended.output:
        faults.append(Fault(DIFFERENCE, "does not say how the flash photographs themselves score"))
    name = path.relative_to(run)
    if ended.code == 0:
        same = weights(run) == weights(case.shop.run / "resumed")
        if not same:
            faults.append(Fault(DIFFERENCE, f"{name} was damaged; other weights"))
    elif contents(run) != before:
        faults.append(Fault(DIFFERENCE, f"{name} was damaged; refused, and files were changed"))
    return [Fault(fault.kind, f"{name}: {fault.text}") for fault in faults]


def training_options(data: Path, run: Path, epochs: int) -> list[str]:
    """Return the options of the smallest run. Its `start_from` file exists only at first."""
    return [
        f"--data={data}",
        f"--run-dir={run}",
        f"--epochs={epochs}",
        "--condition=unet",
        "--batch-size=2",
        "--crop-size=32",
        "--width=0.0625",
        "--encoder-weights=none",
        f"--start-from={data.parent / 'start.keras'}",
    ]


def contents(folder: Path) -> dict[Path, bytes]:
    """Return the content of every file below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def weights(run: Path) -> dict[str, bytes]:
    """Return every array of a run's generator as bytes."""
    arrays = {}

    def take(name, item):
        if isinstance(item, h5py.Dataset):
            arrays[name] = np.asarray(item).tobytes()

    with (
        zipfile.ZipFile(run / "generator.keras") as archive,
        h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file,
    ):
        file.visititems(take)
    return arrays


def make_run(folder: Path) -> None:
    """Train the run that cases damage, and resume an undamaged copy of it."""
    rng = np.random.default_rng(0)
    for part, count in (("train", 2), ("test", 1)):
        (folder / "data" / part).mkdir(parents=True)
        for i in range(count):
            name = folder / "data" / part / f"{part}_{i}_ambient.png"
            with Image.open(write_photograph(name, rng, size=(40, 40))) as ambient:
                flash = ambient.point(lambda value: value // 2)
            flash.save(name.with_name(f"{part}_{i}_flash.png"))
    start = folder / "start.keras"
    made = Processes(1200).function(_make_start, start)
    assert made.code == 0, made.errors
    for run, epochs in (("run", 1), ("resumed", 2)):
        if epochs == 2:
            shutil.copytree(folder / "run", folder / run)
            start.unlink()  # A checkpoint has all weights.
        options = training_options(folder / "data", folder / run, epochs)
        ended = Processes(1200).command(TRAIN, *options)
        assert ended.code == 0, ended.errors


def _make_start(path: Path):
    from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

    import_tensorflow_quietly()
    import keras_f2a

    keras_f2a.UNetGenerator(width=0.0625).save(path)


def make_models(folder: Path) -> None:
    """Write the small generators that cases use."""
    ended = Processes(1200).function(_make_models, folder)
    assert ended.code == 0, ended.errors


def _make_models(folder: Path):
    from tests.small_models import save_keras, save_tflite

    save_tflite(folder / "fixed.tflite")
    save_tflite(folder / "any.tflite", (None, None))
    save_keras(folder / "any.keras")


CLASSES = (tflite_files, keras_files, resumed_runs)
