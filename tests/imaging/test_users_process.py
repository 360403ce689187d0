"""Reading a photograph changes nothing in the process of a Python user."""

import subprocess
import sys
import zlib

import cv2
import numpy as np
from PIL import Image

from tests.imaging.command import correct
from tests.imaging.written_files import png_chunk

PROGRAM = """
import sys, warnings
import numpy
from PIL import Image, PngImagePlugin

def state():
    limits = PngImagePlugin.MAX_TEXT_CHUNK, PngImagePlugin.MAX_TEXT_MEMORY, Image.MAX_IMAGE_PIXELS
    return limits, list(warnings.filters), dict(Image.OPEN)

Image.init()
before = state()
from keras_f2a.imaging.photo import open_photo
for path in sys.argv[1:]:
    open_photo(path)
assert state() == before
"""


def damaged_exif(path):
    """Write a JPEG whose EXIF block makes Pillow warn."""
    Image.new("RGB", (40, 32), (90, 60, 30)).save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01")
    return path


def large_texts(path):
    """Write a 16-bit PNG with texts before and after its pixels that Pillow refuses."""
    content = cv2.imencode(".png", np.full((32, 40, 3), 5000, np.uint16))[1].tobytes()
    text = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(2_000_000)))
    header, end = content[:33], content[-12:]
    path.write_bytes(header + text + content[33:-12] + text + end)
    return path


def test_limits_and_filters_stay_as_they_are(tmp_path):
    paths = damaged_exif(tmp_path / "a.jpg"), large_texts(tmp_path / "a.png")
    command = [sys.executable, "-c", PROGRAM, *map(str, paths)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr


def test_commands_do_not_show_pillows_warnings(tmp_path):
    done = correct(damaged_exif(tmp_path / "a.jpg"), "--output", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
