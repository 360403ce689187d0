"""What users of the library may pass: pairs, arrays, backends and training batches."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a.support.errors import InputError
from tests.faults.bombs import PHOTOGRAPHS
from tests.faults.damage import damaged
from tests.faults.photographs import write_photograph
from tests.faults.verdict import DIFFERENCE, Fault, faults_of_ending, faults_of_files
from tests.faults.workshop import Case

ROOT = Path(__file__).parents[2]
_DIFFERENT = 3  # exit code of a function that found a wrong result
_OTHER_KINDS = ("TIFF", "DDS", "GIF", "BMP", "AVIF", "PPM", "TGA", "PCX", "JPEG2000")


def training_pairs(case: Case) -> list[Fault]:
    """Check a pair with one file that is damaged, of another format, or demands huge memory."""
    folder = case.folder / "pairs"
    folder.mkdir()
    for name in ("a", "b"):
        for role in ("flash", "ambient"):
            write_photograph(folder / f"{name}_{role}.png", case.rng, size=(40, 32))
    bad = folder / f"a_{('flash', 'ambient')[case.rng.integers(2)]}.png"
    kind = case.rng.random()
    if kind < 0.4:
        bad.write_bytes(damaged(bad.read_bytes(), case.rng))
    elif kind < 0.7:
        with Image.open(bad) as image:
            image.load()
            image.save(bad, _OTHER_KINDS[case.rng.integers(len(_OTHER_KINDS))])
    else:
        bad.write_bytes(PHOTOGRAPHS[case.number % len(PHOTOGRAPHS)](case.rng))
    ended = case.processes.function(_load_pairs, folder, kind >= 0.4)
    if ended.code == _DIFFERENT:
        return [Fault(DIFFERENCE, ended.output.strip())]
    return faults_of_ending(ended, (0,))


def _load_pairs(folder: Path, must_be_refused: bool):
    from keras_f2a.data.pairs import load_pairs

    loaded = load_pairs(folder, skip_bad_pairs=True)
    good = "b" in loaded.names and len(loaded.names) + len(loaded.problems) == 2
    if not good or (must_be_refused and "a" in loaded.names):
        print(f"pairs {loaded.names}, problems {loaded.problems}")
        raise SystemExit(_DIFFERENT)


def arrays(case: Case) -> list[Fault]:
    """Check that arrays and qualities of any dtype, shape and value are corrected or refused."""
    seed = int(case.rng.integers(2**31))
    ended = case.processes.function(_correct_arrays, case.random_model(), seed)
    if ended.code == _DIFFERENT:
        return [Fault(DIFFERENCE, ended.output.strip())]
    return faults_of_ending(ended, (0,))


def _correct_arrays(model: Path | None, seed: int):
    import keras_f2a

    rng = np.random.default_rng(seed)
    corrector = keras_f2a.Corrector(model)
    for _ in range(10):
        photo, good = _array(rng)
        try:
            result = corrector.correct(photo)
        except InputError:
            if not good:
                continue
            raise
        top = 1 if result.dtype.kind == "f" else np.iinfo(result.dtype).max
        same = result.shape == photo.shape and result.dtype == photo.dtype
        if not good or not same or not np.all((result >= 0) & (result <= top)):
            print(f"{photo.dtype} of {photo.shape}, {photo.min()} to {photo.max()}: {result.dtype}")
            raise SystemExit(_DIFFERENT)
    _check_qualities(corrector, rng)


def _array(rng: np.random.Generator) -> tuple[np.ndarray, bool]:
    """Return an array, and whether it is a valid photograph."""
    shape = tuple(int(n) for n in rng.integers(1, 40, 2)) + (3,)
    photo, kind = rng.random(shape), rng.integers(8)
    if kind == 0:
        return (photo * 255).astype(np.uint8), True
    if kind == 1:
        return (photo * 65535).astype(np.uint16), True
    if kind == 2:
        return photo.astype(np.float32), True
    if kind == 3:
        photo[tuple(rng.integers(0, shape))] = rng.choice([np.nan, np.inf, -np.inf, 255, -1, 1.1])
        return photo.astype(np.float32), False
    if kind == 4:
        return (photo * 100).astype(rng.choice(["int8", "int16", "int64", "uint32", "bool"])), False
    if kind == 5:
        return photo[..., : rng.integers(3)].astype(np.float32), False
    if kind == 6:
        return np.array(["text", None], dtype=object), False
    return photo[rng.integers(2) * shape[0] :, :0].astype(np.float32), False


def _check_qualities(corrector, rng: np.random.Generator):
    photo = Image.fromarray(rng.integers(0, 256, (16, 16, 3), np.uint8))
    quality = rng.choice([-1, 0, 101, 10**6])
    for given in (int(quality), float("nan"), 90.5, "90"):
        try:
            corrector.correct(photo, _output(given))
        except InputError:
            continue
        print(f"quality={given!r} is taken")
        raise SystemExit(_DIFFERENT)


def _output(quality):
    import keras_f2a

    return keras_f2a.OutputSettings(quality=quality)


def backends(case: Case) -> list[Fault]:
    """Check that commands work if Keras is set to another backend."""
    name = ("torch", "jax", "numpy", "openvino", "nosuch", "")[case.rng.integers(6)]
    photo = write_photograph(case.folder / "photo.png", case.rng, size=(48, 36))
    model = case.shop.models / "any.keras"
    wanted = case.expected(photo, photo.name, {}, model=model)
    users = case.processes.but(as_users=True, environment={"KERAS_BACKEND": name})
    ended = case.correct(photo, {}, model=model, processes=users)
    return faults_of_ending(ended, (0,)) + faults_of_files(case.output, {photo.name: {wanted}})


def cleaning(case: Case) -> list[Fault]:
    """Check that `make clean` removes what make created and none of the user's files."""
    shutil.copy(ROOT / "Makefile", case.folder)
    made = [".ruff_cache/x", ".mypy_cache/x", ".pytest_cache/x", "build/reference/x"]
    own = [
        "runs/a/generator.keras",
        "build/scenes/a.webp",
        "corrected/a.jpg",
        "notes.txt",
        "dist/x",
    ]
    own += [f"{folder}/{case.rng.integers(10**6)}" for folder in ("runs", "build", "export", ".")]
    environment = [".venv/bin/python", ".venv/lib/x"]
    of_make = case.rng.random() < 0.5
    if of_make:
        environment.append(".venv/made-by-make")
    for name in (*made, *own, *environment):
        (case.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (case.folder / name).touch()
    subprocess.run(["make", "clean"], cwd=case.folder, check=True, capture_output=True)
    there = {str(p.relative_to(case.folder)) for p in case.folder.rglob("*") if p.is_file()}
    wanted = {"Makefile", *(os.path.normpath(name) for name in own)}
    wanted |= set() if of_make else set(environment)
    if there != wanted:
        return [Fault(DIFFERENCE, f"wrong after cleaning: {sorted(there ^ wanted)}")]
    return []


def keras_calls(case: Case) -> list[Fault]:
    """Check that a batch of any dtype, shape and value gives finite losses or a one-line error."""
    ended = case.processes.function(_fit, int(case.rng.integers(2**31)))
    if ended.code == _DIFFERENT:
        return [Fault(DIFFERENCE, ended.output.strip())]
    return faults_of_ending(ended, (0,))


def _fit(seed: int):
    from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

    import_tensorflow_quietly()
    import keras_f2a

    rng = np.random.default_rng(seed)
    model = keras_f2a.FlashToAmbient(keras_f2a.SmallGenerator(width=1 / 16))
    model.compile(("adam", "sgd", "rmsprop")[rng.integers(3)], run_eagerly=True)
    for _ in range(3):
        flash, ambient, good = _batches(rng)
        try:
            losses = model.fit(flash, ambient, batch_size=2, verbose=0).history
        except InputError as error:
            if good or "\n" in str(error):
                raise
            continue
        if not good or not all(np.isfinite(values).all() for values in losses.values()):
            print(f"{flash.dtype} of {flash.shape} and {ambient.shape} trains: {losses}")
            raise SystemExit(_DIFFERENT)


def _batches(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return flash and ambient images, and whether they are valid pairs."""
    flash = rng.random((2, 32, 32, 3), np.float32)
    ambient, kind = np.sqrt(flash), rng.integers(6)
    if kind == 0:
        return flash, ambient, True
    if kind == 1:
        return (flash * 255).astype(np.uint8), (ambient * 255).astype(np.uint8), False
    if kind == 2:
        return flash * 255, ambient * 255, False
    if kind == 3:
        ambient[0, 1, 2, 0] = (np.nan, np.inf, -1)[rng.integers(3)]
        return flash, ambient, False
    if kind == 4:
        return flash, ambient[:, :16], False
    return flash[..., :2], ambient[..., :2], False


CLASSES = (training_pairs, arrays, backends, cleaning, keras_calls)
