"""Photographs of every kind, damaged photographs, odd names, and threads."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a.correction.corrector import Corrector
from keras_f2a.imaging.photo import open_photo
from tests.faults.damage import damaged, damaged_png
from tests.faults.photographs import KINDS, Kind, kind_at, write_photograph
from tests.faults.verdict import (
    DIFFERENCE,
    Fault,
    faults_of_ending,
    faults_of_files,
)
from tests.faults.workshop import Case

_DIFFERENT = 3  # exit code of a function that found a wrong result


def formats(case: Case) -> list[Fault]:
    """Correct a random format, mode and orientation and compare with pixels that Pillow read."""
    kind = kind_at(case.number)
    photo = write_photograph(case.folder / f"photo{kind.suffix}", case.rng, kind)
    options = case.random_options()
    ended = case.correct(photo, options)
    name = result_name(kind)
    expected = case.expected(photo, name, options, own=True)
    faults = faults_of_ending(ended, (0,)) + faults_of_files(case.output, {name: {expected}})
    if not faults:
        with Image.open(case.output / name) as image:
            if image.getexif().get(0x0112, 1) != 1:
                faults.append(Fault(DIFFERENCE, "its orientation was applied and kept"))
    return faults


def result_name(kind: Kind) -> str:
    """Return the name of the result of `photo`."""
    if kind.suffix != ".heic":
        return f"photo{kind.suffix}"
    return "photo.png" if kind.mode == "RGBA" else "photo.jpg"


def damaged_photographs(case: Case) -> list[Fault]:
    """Check a damaged photograph next to a valid one, with or without an earlier result."""
    rng, kind = case.rng, kind_at(int(case.rng.integers(10_000)))
    photos = case.folder / "photos"
    photos.mkdir()
    whole = write_photograph(photos / "whole.png", rng)
    broken = write_photograph(photos / f"photo{kind.suffix}", rng, kind)
    if rng.random() < 0.35:
        _damage_metadata(broken, kind, rng)
    else:
        damage = damaged_png if kind.suffix == ".png" and rng.random() < 0.6 else damaged
        broken.write_bytes(damage(broken.read_bytes(), rng))
    if rng.random() < 0.1:  # The suffix is that of another format.
        broken = broken.rename(photos / f"photo{list(KINDS)[rng.integers(len(KINDS))]}")
    earlier = b"earlier" if rng.random() < 0.5 else None
    names = {broken.name} if broken.suffix != ".heic" else {"photo.jpg", "photo.png"}
    if broken.suffix == ".jpg":
        names.add("photo.png")  # possibly a HEIC file with alpha
    for name in names if earlier else ():
        case.output.mkdir(exist_ok=True)
        (case.output / name).write_bytes(earlier)
    ended = case.correct(photos, {}, *(["--force"] if earlier else []))
    faults = faults_of_ending(ended, (0, 1))
    if faults:
        return faults
    allowed = {name: {earlier} for name in names}
    if ended.code == 0:
        written = [n for n in names if _content(case.output / n) not in (earlier, None)]
        if len(written) != 1:
            return [Fault(DIFFERENCE, f"exit code 0 and {len(written)} results")]
        allowed[written[0]] = {case.expected(broken, written[0], {})}
    allowed["whole.png"] = {case.expected(whole, "whole.png", {})}
    return faults_of_files(case.output, allowed)


def _damage_metadata(path: Path, kind: Kind, rng: np.random.Generator):
    """Save the photograph with a damaged EXIF block or color profile, or both."""
    with Image.open(path) as image:
        exif = b"Exif\0\0" + damaged(image.getexif().tobytes(), rng).removeprefix(b"Exif\0\0")
        profile = image.info.get("icc_profile") or rng.bytes(200)
        image.load()
    pieces = {"exif": exif, "icc_profile": damaged(profile, rng)}
    if rng.random() < 0.5:
        del pieces[list(pieces)[rng.integers(2)]]
    image.info = {}
    try:
        image.save(path, **pieces)
    except Exception:  # The encoder refused the block.
        image.save(path)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


_PIECES = (
    "\x1b[31m", "\n", "\r", "\t", "\u202e", "\u2028", "\udcff", "\udc80", "é", "e\u0301", "写真",
    "🎞", " ", "-", "--force", "%s", "{}", "[a]", "?", "*", "'", '"', "$HOME", "`", "\\", "&amp;",
    "<b>", "~", "CON", ".", "..", "x" * 120, "é" * 60, "\x7f", ".jpg",
)  # fmt: skip


def odd_name(rng: np.random.Generator) -> str:
    """Return a name that the system accepts for a file, short enough to append a suffix."""
    stem = "".join(_PIECES[i] for i in rng.integers(len(_PIECES), size=rng.integers(1, 4)))
    return os.fsdecode(os.fsencode(stem)[: 240 - int(rng.integers(3)) * 100])


def names(case: Case) -> list[Fault]:
    """Check a photograph, and usually its output folder, with names that nobody would choose."""
    rng = case.rng
    name = odd_name(rng) + ".png"
    photos = case.folder / "photos"
    photos.mkdir()
    source = write_photograph(case.folder / "plain.png", rng).rename(photos / name)
    if rng.random() < 0.5:
        odd = _PIECES[rng.integers(len(_PIECES))]
        case.output = case.folder / f"out{odd}"
        case.output.mkdir()  # Otherwise `out.jpg` would be a file.
    extra = [["--compare"], ["--page"], []][rng.integers(3)]
    whole_folder = rng.random() < 0.5
    ended = case.correct(photos if whole_folder else source, {}, *extra)
    hidden = whole_folder and name.startswith(".")
    faults = faults_of_ending(ended, (2,) if hidden else (0, 1))
    if faults or hidden:
        return faults
    expected = case.expected(source, "plain.png", {})
    compared = source.name + ".compare.jpg"
    if ended.code == 1 and extra == ["--compare"] and len(os.fsencode(compared)) > 255:
        return faults_of_files(case.output, {})
    if ended.code == 1:
        return [Fault(DIFFERENCE, f"refused: {ended.errors}")]
    allowed = {name: {expected}}
    for shown in {"--compare": [compared], "--page": ["comparison.html"]}.get("".join(extra), []):
        content = _content(case.output / shown)
        if content is None:
            return [Fault(DIFFERENCE, f"{shown} is missing")]
        allowed[shown] = {content}
    return faults_of_files(case.output, allowed)


def threads(case: Case) -> list[Fault]:
    """Check threads that share a corrector, each with its own photographs."""
    seed = int(case.rng.integers(2**31))
    ended = case.processes.function(
        _correct_in_threads, case.random_model(), case.random_options(), seed, case.folder
    )
    if ended.code == _DIFFERENT:
        return [Fault(DIFFERENCE, ended.output.strip())]
    return faults_of_ending(ended, (0,))


def _correct_in_threads(model: Path | None, options: dict, seed: int, folder: Path):
    """Exit with `_DIFFERENT` if a thread's result differs from the result without other threads."""
    rng = np.random.default_rng(seed)
    corrector = Corrector(model, **options)
    paths = [write_photograph(folder / f"{i}.png", rng) for i in range(int(rng.integers(2, 5)))]
    arrays = [np.asarray(open_photo(path).image) for path in paths]
    alone = [corrector.correct(array) for array in arrays]
    order = [int(i) for i in rng.integers(len(paths), size=24)]
    start = threading.Barrier(4)

    def work(thread: int) -> list[int]:
        start.wait()
        return [i for i in order[thread::4] if not np.array_equal(one(thread, i), alone[i])]

    def one(thread: int, i: int) -> np.ndarray:
        if thread == 0:
            target = folder / "result.png"
            corrector.correct_file(paths[i], target, force=True)
            return np.asarray(open_photo(target).image)
        if thread == 1:
            photo = open_photo(paths[i])
            corrector.correct_image(photo.image)
            return np.asarray(photo.image)
        return corrector.correct(arrays[i])

    with ThreadPoolExecutor(4) as pool:
        different = sum(pool.map(work, range(4)), [])
    if different:
        print(f"{len(different)} of {len(order)} results are those of other calls")
        raise SystemExit(_DIFFERENT)


CLASSES = (formats, damaged_photographs, names, threads)
