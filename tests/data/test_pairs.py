import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_f2a.data.pair_files import read_image
from keras_f2a.data.pairs import load_pairs
from keras_f2a.support.errors import InputError
from tests.conftest import write_pair


def write_16_bit_png(path, rng):
    pixels = rng.integers(0, 65536, (20, 24, 3), dtype=np.uint16)
    path.write_bytes(tf.io.encode_png(pixels).numpy())
    return path


def test_pairs_are_found_by_name(data_directory):
    loaded = load_pairs(data_directory / "train")
    assert loaded.names == [f"Toys_{i:03}" for i in range(5)]
    for role, image in (("flash", loaded.flash[4]), ("ambient", loaded.ambient[4])):
        pixels = read_image(data_directory / "train" / f"Toys_004_{role}.png")
        np.testing.assert_array_equal(image, pixels)


@pytest.mark.parametrize("extension", ["png", "jpg", "jpeg", "jpe", "jfif", "webp", "PNG"])
def test_formats(tmp_path, extension):
    write_pair(tmp_path, "a", extension=extension)
    loaded = load_pairs(tmp_path)
    assert loaded.flash[0].shape == (40, 48, 3) and loaded.flash[0].dtype == np.uint8


def test_portrait_and_landscape_are_kept(data_directory):
    loaded = load_pairs(data_directory / "train", minimum_size=40)
    assert {image.shape for image in loaded.ambient} == {(40, 48, 3), (48, 40, 3)}


def test_hidden_files_are_no_pictures(data_directory):
    """On disks of other systems, macOS writes a hidden file next to each picture."""
    for role in ("flash", "ambient"):
        hidden = data_directory / "train" / f"._Toys_000_{role}.png"
        hidden.write_bytes(b"\0\5\x16\7")
    assert load_pairs(data_directory / "train").names == [f"Toys_{i:03}" for i in range(5)]


def test_every_problem_is_listed_at_once(data_directory):
    train = data_directory / "train"
    (train / "Toys_000_ambient.png").unlink()
    (train / "Toys_001_flash.png").write_bytes((train / "Toys_001_flash.png").read_bytes()[:200])
    (train / "Toys_002_flash.png").write_bytes(b"")
    Image.new("RGB", (41, 48)).save(train / "Toys_003_flash.png")
    write_pair(train, "Toys_004", (48, 39))
    write_pair(train, "Toys_005")
    with pytest.raises(InputError) as error:
        load_pairs(train, minimum_size=40)
    message = str(error.value)
    assert "6 problems" in message and "\n" not in message
    wanted = [
        "Toys_000_flash.png: its partner Toys_000_ambient is missing",
        "Toys_001_flash.png: cannot be read as an image",
        "Toys_002_flash.png: cannot be read as an image",
        "Toys_003_flash.png: 41×48 differs from Toys_003_ambient.png's 48×40",
        "Toys_004_flash.png: 48×39 is smaller than the crop of 40 pixels",
    ]
    for text in wanted:
        assert text in message
    loaded = load_pairs(train, minimum_size=40, skip_bad_pairs=True)
    assert loaded.names == ["Toys_005"] and len(loaded.problems) >= 5


def test_of_many_problems_the_first_are_listed_and_the_rest_counted(tmp_path):
    for number in range(10):
        write_pair(tmp_path, f"a{number}", (8, 8))
    with pytest.raises(InputError, match=": 20 problems; fix .* and 14 more$") as error:
        load_pairs(tmp_path, minimum_size=16)
    assert str(error.value).count("is smaller than") == 6


def test_a_folder_without_pairs_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        load_pairs(tmp_path / "missing")
    with pytest.raises(InputError, match="no pair of NAME_flash"):
        load_pairs(tmp_path)


def test_pipes_and_names_that_are_no_text(tmp_path):
    """Reading a pipe would never end, and a name that is not UTF-8 could not be recorded."""
    for name in ("a", "b", "\udcff"):
        write_pair(tmp_path, name, (20, 16))
    (tmp_path / "a_flash.png").unlink()
    os.mkfifo(tmp_path / "a_flash.png")
    loaded = load_pairs(tmp_path, skip_bad_pairs=True)
    assert loaded.names == ["b"]
    assert sorted(loaded.problems) == [
        r"\udcff_ambient.png: its name is not UTF-8; rename it",
        r"\udcff_flash.png: its name is not UTF-8; rename it",
        "a_flash.png: is a pipe, socket or device, not a file",
    ]
    with pytest.raises(InputError, match="no such folder"):
        load_pairs(tmp_path / "b_flash.png")
    with pytest.raises(InputError, match="File name too long"):
        load_pairs(tmp_path / ("x" * 300))


def test_no_good_pair_left(tmp_path):
    write_pair(tmp_path, "a", (8, 8))
    with pytest.raises(InputError, match="no pair is left"):
        load_pairs(tmp_path, minimum_size=16, skip_bad_pairs=True)


def test_two_files_of_one_name_are_refused(tmp_path):
    write_pair(tmp_path, "a")
    write_pair(tmp_path, "a", extension="jpg")
    with pytest.raises(InputError, match="has the same name as .*, but another suffix"):
        load_pairs(tmp_path)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_16_bit_png_keeps_its_bits(tmp_path, rng, channels):
    pixels = rng.integers(0, 65536, (20, 24, channels), dtype=np.uint16)
    path = tmp_path / "a_flash.png"
    path.write_bytes(tf.io.encode_png(pixels).numpy())
    np.testing.assert_array_equal(read_image(path), np.broadcast_to(pixels[..., :3], (20, 24, 3)))


def test_8_bits_beside_16_become_16(tmp_path, rng):
    write_16_bit_png(tmp_path / "a_flash.png", rng)
    pixels = rng.integers(0, 256, (20, 24, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a_ambient.png")
    loaded = load_pairs(tmp_path)
    assert loaded.ambient[0].dtype == np.uint16
    np.testing.assert_array_equal(loaded.ambient[0], pixels.astype(np.uint16) * 257)


def test_a_damaged_16_bit_png_is_refused_in_silence(tmp_path, rng, capfd):
    path = write_16_bit_png(tmp_path / "a_flash.png", rng)
    content = path.read_bytes()
    changed = content[:500] + bytes([content[500] ^ 1]) + content[501:]
    for damaged in (content[:300], content[:-20], changed):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match="a_flash.png: cannot be read"):
            read_image(path)
    assert capfd.readouterr() == ("", "")


def test_reading_pairs_needs_no_tensorflow(tmp_path, rng):
    for role in ("flash", "ambient"):
        write_16_bit_png(tmp_path / f"a_{role}.png", rng)
    program = (
        "import sys\n"
        "from keras_f2a.data.pairs import load_pairs\n"
        "assert len(load_pairs(sys.argv[1])) == 1\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True)


def test_orientation_is_applied(tmp_path):
    image = Image.new("RGB", (30, 20), "red")
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif)
    assert read_image(tmp_path / "turned.jpg").shape == (30, 20, 3)


@pytest.mark.parametrize("kind", ["TIFF", "DDS", "GIF", "BMP", "AVIF"])
def test_other_kinds_by_content_are_refused(tmp_path, kind):
    """The content decides, not the name. Pairs and photographs share one list of decoders."""
    path = tmp_path / "A_flash.png"
    Image.new("RGB", (32, 32)).save(path, kind)
    with pytest.raises(InputError, match="JPEG, PNG or WEBP|JPEG, PNG or WebP"):
        read_image(path)
