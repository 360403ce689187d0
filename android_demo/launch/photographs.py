"""Writes the photographs that the launched app opens; all show rendered scenes."""

from pathlib import Path

from PIL import Image

from keras_f2a.data.pairs import BUNDLED_SCENES
from keras_f2a.imaging.exif import ORIENTATION

SCENE = BUNDLED_SCENES / "test/Scene_005_flash.webp"
UPRIGHT = "upright.jpg"
LYING = "lying.jpg"
TURN_CLOCKWISE = 6
MAKER, CAMERA, TAKEN = "Rendered", "Mitsuba", "2026:05:17 21:30:00"
_MAKE, _MODEL, _DATE_TIME = 0x010F, 0x0110, 0x0132


def write_photographs(folder: Path) -> None:
    """Writes them, good ones and bad ones, into a folder that is not there yet."""
    folder.mkdir(parents=True)
    _scene(1203, 901).save(folder / UPRIGHT, quality=92)
    _scene(1000, 750).save(folder / LYING, quality=92, exif=_exif())
    # A side of 15 pixels is one too few.
    _scene(400, 15).save(folder / "tiny.jpg")
    content = (folder / UPRIGHT).read_bytes()
    (folder / "cut.jpg").write_bytes(content[: len(content) // 2])
    (folder / "words.jpg").write_text("This is no photograph.\n" * 100)
    (folder / "empty.jpg").write_bytes(b"")


def _scene(width: int, height: int) -> Image.Image:
    with Image.open(SCENE) as scene:
        return scene.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = TURN_CLOCKWISE
    exif[_MAKE], exif[_MODEL], exif[_DATE_TIME] = MAKER, CAMERA, TAKEN
    return exif
