"""Helpers that tests of the command `correct` share."""

import numpy as np
from PIL import Image

from keras_f2a import correct
from keras_f2a.data.scenes import BUNDLED_SCENES


def write_photos(folder, rng):
    """Write a folder with two valid photographs, one of them in a subfolder."""
    (folder / "inner").mkdir(parents=True)
    for place in "a.jpg", "inner/b.PNG":
        small = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
        small.resize((64, 48)).save(folder / place)
    (folder / "notes.txt").write_text("not a photograph")
    return folder


def write_scenes(folder, flashes):
    """Write one copy of a rendered ambient photograph for each value of the EXIF tag `Flash`."""
    folder.mkdir()
    with Image.open(BUNDLED_SCENES / "test/Scene_005_ambient.webp") as scene:
        for number, flash in enumerate(flashes):
            exif = Image.Exif()
            exif[0x8769] = {0x9209: flash}
            scene.save(folder / f"{number}.png", exif=exif)
    return folder


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def run(*arguments):
    return correct.main([str(argument) for argument in arguments])
