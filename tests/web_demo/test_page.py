"""The built page, run in Chromium, writes the same photographs as `keras-f2a correct`."""

import io
import re
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from keras_f2a import correct_photo
from keras_f2a.imaging.exif import exif_of_upright_image
from keras_f2a.model_files.bundled import pretrained_file
from tests.conftest import SHARED
from tests.imaging import written_files as made
from tests.system_packages import require_program
from tests.web_demo import node
from tests.web_demo.photographs import exif, write_bad, write_good

# Chromium's JPEG decoder and encoder differ from Pillow's by at most this many levels on average.
LARGEST_MEAN_OF_JPEG = 2.5


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Let the page save its results and return the folders of the photographs and the results."""
    chromium = require_program("chromium", "chromium")
    node.install()
    folder = tmp_path_factory.mktemp("web_demo")
    photos, output = folder / "photos", folder / "results"
    photos.mkdir()
    output.mkdir()
    write_good(photos / "good", SHARED if SHARED.is_dir() else None)
    write_bad(photos / "bad")
    dist = folder / "dist"
    node.run("vite", "build", "--outDir", dist, "--emptyOutDir")
    places = {"WEB_DEMO_DIST": dist, "PHOTOS": photos, "RESULTS": output, "CHROMIUM": chromium}
    node.run("vitest", "run", "--project", "browser", **places)
    return photos / "good", output


def test_the_page_writes_what_the_package_writes(results, tmp_path):
    photos, output = results
    for photo in sorted(photos.iterdir()):
        suffix = ".png" if photo.suffix == ".png" else ".jpg"
        result = output / f"{photo.stem}_ambient{suffix}"
        source = in_8_bits(photo, tmp_path) if photo.name == "deep.png" else photo
        difference = np.abs(pixels(result) - corrected(source, tmp_path))
        print(f"{photo.name}: mean {difference.mean():.3f}, largest {difference.max()} of 255")
        if suffix == ".png":
            assert difference.max() <= 1, photo.name
        else:
            assert difference.mean() <= LARGEST_MEAN_OF_JPEG, photo.name
    look = {"strength": 0.6, "brightness": 1.2, "warmth": -0.4}
    moved = corrected(photos / "made.png", tmp_path, **look)
    assert np.abs(pixels(output / "moved.png") - moved).max() <= 1
    stronger = corrected(photos / "made.png", tmp_path, **look | {"strength": 1.5})
    assert np.abs(pixels(output / "stronger.png") - stronger).max() <= 1
    assert np.array_equal(pixels(output / "original.png"), pixels(photos / "made.png"))
    plain = corrected(photos / "made.png", tmp_path)
    for name in ("offline.png", "one_thread.png"):
        assert np.abs(pixels(output / name) - plain).max() <= 1, name
    # This model has no sibling and no face detector next to it, like a user's own model.
    own = shutil.copy(pretrained_file("int8.tflite"), tmp_path)
    for name in ("face", "face_upright"):
        for suffix, strength in (("", 1.0), ("_twice", 2.0)):
            photo, result = photos / f"{name}.png", output / f"{name}_own_model{suffix}.png"
            expected = corrected(photo, tmp_path, model=own, strength=strength)
            assert np.abs(pixels(result) - expected).max() <= 1, result.name
    check_red_eyes(photos, output)
    check_metadata(photos, output)
    check_kept(photos, output, tmp_path)
    check_zip(output)
    check_views(output)


def check_red_eyes(photos, output):
    """Check that the rules repair red eyes in files and on the screen, but not for other models."""
    assert count_red(photos / "face.png") > 100
    assert count_red(output / "face_own_model.png") > 100
    for name in ("face_ambient", "face_upright_ambient", "webgl", "plain"):
        assert count_red(output / f"{name}.png") == 0, name
    for name in ("webgl_original", "plain_original"):
        assert count_red(output / f"{name}.png") > 100, name


def count_red(path):
    """Return the number of pixels that are as red as the pupils of the drawn face."""
    red, green, blue = np.moveaxis(pixels(path), -1, 0)
    return int((red - np.maximum(green, blue) > 95).sum())


def check_metadata(photos, output):
    """Check that EXIF changes only as an upright photograph requires, and profiles not at all."""
    for source, result, size in (
        ("made.png", "made_ambient.png", (701, 523)),
        ("turned.png", "turned_ambient.png", (523, 701)),
        ("turned.jpg", "turned_ambient.jpg", (523, 701)),
        ("with_metadata.webp", "with_metadata_ambient.jpg", (701, 523)),
        ("sideways.webp", "sideways_ambient.jpg", (523, 701)),
    ):
        with Image.open(photos / source) as before, Image.open(output / result) as after:
            assert after.size == size
            block = exif_of_upright_image(before.info["exif"], *size)
            kept = after.info["exif"].removeprefix(b"Exif\0\0")
            assert kept == block.removeprefix(b"Exif\0\0"), source
            assert after.info.get("icc_profile") == before.info.get("icc_profile"), source
            has_profile = source not in ("turned.png", "sideways.webp")
            assert ("icc_profile" in before.info) == has_profile, source
    assert exif(6) != exif_of_upright_image(exif(6), 523, 701)
    with Image.open(output / "gray_ambient.png") as gray:
        channels = np.asarray(gray.convert("RGB"))
        assert np.array_equal(channels[..., 0], channels[..., 2])


def check_kept(photos, output, folder):
    """Check that the page keeps the same metadata as the command, byte for byte."""
    for name in ("hdr.jpg", "hdr_turned.jpg", "motion.jpg", "described.jpg", "rated.webp"):
        result = output / f"{name.partition('.')[0]}_ambient.jpg"
        target = folder / "expected.jpg"
        correct_photo(photos / name, target, model=pretrained_file("int8.tflite"), force=True)
        assert kept_segments(result) == kept_segments(target), name
        with Image.open(result) as found, Image.open(target) as expected:
            assert found.info.get("dpi") == expected.info.get("dpi"), name
        if name.startswith(("hdr", "motion")):
            check_gain_map(result, turned=name == "hdr_turned.jpg")
    found = made.chunks_of((output / "described_ambient.png").read_bytes())
    target = folder / "expected.png"
    model = pretrained_file("int8.tflite")
    correct_photo(photos / "described.png", target, model=model, force=True)
    expected = made.chunks_of(target.read_bytes())
    assert sorted(c for c in found if c[0] not in (b"IHDR", b"IDAT")) == sorted(
        c for c in expected if c[0] not in (b"IHDR", b"IDAT")
    )


def kept_segments(path):
    """Return a JPEG file's metadata segments, sorted, without the offset of its second picture."""
    return sorted(
        (marker, re.sub(rb'Item:Length="\d+"', b"", content))
        for marker, content in made.segments_of(path.read_bytes())
        if 0xE1 <= marker <= 0xEF or marker == 0xFE
        if not content.startswith(b"MPF\0")
    )


def check_gain_map(path, *, turned):
    """Read a gain map as other programs do, both through the index and through the XMP list."""
    data = path.read_bytes()
    (_, first_length), (start, length) = made.index_of(data)
    assert first_length == start
    assert start + length == len(data)
    assert data[:start].endswith(b"\xff\xd9")
    assert f'Item:Length="{length}"'.encode() in data[:start]
    second = data[start:]
    if not turned:
        assert second == made.gain_map()
        return
    assert b'hdrgm:GainMapMax="2.3"' in second
    with Image.open(io.BytesIO(second)) as found, Image.open(io.BytesIO(made.gain_map())) as before:
        expected = np.asarray(before.transpose(Image.Transpose.ROTATE_270), float)
        assert np.abs(np.asarray(found.convert("L"), float) - expected).mean() < 2


def check_zip(output):
    """Check that a ZIP file has the same contents as the files saved one by one."""
    with zipfile.ZipFile(output / "ambient.zip") as whole:
        assert whole.testzip() is None
        assert whole.namelist() == ["made_ambient.png", "turned_ambient.jpg"]
        for name in whole.namelist():
            alone = pixels(output / name)
            assert np.array_equal(pixels(io.BytesIO(whole.read(name))), alone), name

    with zipfile.ZipFile(output / "odd_names.zip") as whole:
        assert whole.namelist() == [f"{'x' * 228}_ambient.png", "_startgnp.exe_ambient.png"]


def check_views(output):
    """Check that the picture on the screen is the same with and without WebGL2."""
    difference = np.abs(pixels(output / "webgl.png") - pixels(output / "plain.png"))
    print(f"WebGL2 and the plain path on the screen: mean {difference.mean():.3f}")
    assert difference.mean() <= 2


def corrected(photo, folder, **look):
    """Return the package's result for a photograph, as int16."""
    target = folder / "expected.png"
    correct_photo(photo, target, force=True, **look)
    return pixels(target)


def in_8_bits(photo, folder):
    """Convert a 16-bit file to 8 bits, as the page does."""
    with Image.open(photo) as image:
        image.convert("RGB").save(folder / "in_8_bits.png")
    return folder / "in_8_bits.png"


def pixels(file):
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"), np.int16)
