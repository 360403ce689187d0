"""Write the golden files that test the Kotlin core: `python -m android_demo.make_golden`.

Everything comes from the Python package's own public functions, applied to small photographs and
synthetic networks. A file is compressed with zlib. It holds 8-bit pixels and big-endian numbers,
which have 32 bits unless noted otherwise. The reader is `Golden.kt`, next to the core's tests.
`rules_golden` adds the files of the rules of light, and `lights_golden` and `placed_golden` those
of placed light.
"""

import struct
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from android_demo.lights_golden import lights_golden_files
from android_demo.made_up import MadeUpNetwork, scene
from android_demo.placed_golden import placed_golden_files
from android_demo.rules_golden import rules_golden_files
from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.pixels import ArrayPixels
from keras_f2a.imaging.exif import ORIENTATION
from keras_f2a.imaging.photo import open_photo

FOLDER = Path(__file__).parent / "app/src/test/resources/golden"
ROW = 997
SHRUNK_WIDTHS = (1, 2, 3, 7, 10, 64, 100, 320, 333, 498, 499, 700, 996, 997)
ORIENTED_SIZE = (23, 17)


@dataclass(frozen=True)
class Case:
    """A photograph to correct.

    Attributes:
        width: Columns of the photograph.
        height: Rows of the photograph.
        frame_width: Columns of the network's images.
        frame_height: Rows of the network's images.
        strength: Strength of the correction.
        brightness: Brightness in stops.
        warmth: From −1 to 1.
        content: "scene", "noise" or "constant".
    """

    width: int
    height: int
    frame_width: int = 32
    frame_height: int = 24
    strength: float = 1.0
    brightness: float = 0.0
    warmth: float = 0.0
    content: str = "scene"


CASES = {
    "landscape": Case(121, 90),
    "portrait": Case(70, 101),
    "portrait_frame": Case(101, 70, 24, 32),
    "square": Case(71, 71),
    "panorama": Case(201, 31),
    "same_size": Case(64, 48, 64, 48),
    "smaller_than_frame": Case(30, 21, 64, 48),
    "much_smaller_than_frame": Case(17, 5, 64, 48),
    "one_column": Case(1, 90),
    "one_row": Case(90, 1),
    "one_pixel": Case(1, 1),
    "noise": Case(71, 53, content="noise"),
    "constant": Case(101, 77, content="constant"),
    "third": Case(80, 60, strength=0.33),
    "half_more_and_warmer": Case(80, 60, strength=1.5, warmth=0.4),
    "twice": Case(80, 60, strength=2.0),
    "original": Case(80, 60, strength=0.0),
    "brighter": Case(80, 60, brightness=1.3),
    "darker_and_cooler": Case(80, 60, brightness=-0.8, warmth=-1.0),
    "third_and_warmer": Case(80, 60, strength=0.33, warmth=0.4),
    "noise_and_brightest": Case(71, 53, brightness=3.0, warmth=1.0, content="noise"),
}


def golden_files() -> dict[str, bytes]:
    """Return the names of the files and their contents before compression."""
    files = {f"correct_{name}.bin": corrected(case) for name, case in CASES.items()}
    files |= {"orientations.bin": orientations(), "shrunk.bin": shrunk()}
    return files | rules_golden_files() | lights_golden_files() | placed_golden_files()


def corrected(case: Case) -> bytes:
    """Return sizes and knobs, photograph, the network's input and output, and the result."""
    photo = _photo(case)
    network = MadeUpNetwork(case.frame_height, case.frame_width)
    knobs = {"strength": case.strength, "brightness": case.brightness, "warmth": case.warmth}
    result = Corrector(network, **knobs).correct(photo)
    sizes = (case.width, case.height, case.frame_width, case.frame_height)
    header = struct.pack(">4i3f", *sizes, *knobs.values())
    # The input is a photograph's 8-bit values divided by 255.
    image = np.rint(network.image * 255).astype(np.uint8)
    assert np.array_equal(network.image, image.astype(np.float32) / np.float32(255))
    return header + b"".join(array.tobytes() for array in (photo, image, network.levels, result))


def orientations() -> bytes:
    """Return a photograph as stored, and made upright for each EXIF orientation, 1 to 8."""
    stored = scene(*ORIENTED_SIZE)
    upright = [_opened(stored, orientation) for orientation in range(1, 9)]
    return struct.pack(">2i", *ORIENTED_SIZE) + b"".join([stored.tobytes(), *upright])


def shrunk() -> bytes:
    """Return a row of noise, then each width and the row's pixels shrunk to it."""
    row = np.random.default_rng(1).integers(0, 256, (1, ROW, 3), dtype=np.uint8)
    content = struct.pack(">2i", ROW, len(SHRUNK_WIDTHS)) + row.tobytes()
    for width in SHRUNK_WIDTHS:
        small = np.rint(ArrayPixels(row).shrink(1, width) * 255).astype(np.uint8)
        content += struct.pack(">i", width) + small.tobytes()
    return content


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in golden_files().items():
        (FOLDER / name).write_bytes(zlib.compress(content, 9))


def _photo(case: Case) -> np.ndarray:
    shape = (case.height, case.width, 3)
    if case.content == "noise":
        return np.random.default_rng(2).integers(0, 256, shape, dtype=np.uint8)
    if case.content == "constant":
        return np.broadcast_to(np.uint8([200, 90, 30]), shape).copy()
    return scene(case.width, case.height)


def _opened(stored: np.ndarray, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.png"
        Image.fromarray(stored).save(path, exif=exif)
        return open_photo(path).image.tobytes()


if __name__ == "__main__":
    main()
