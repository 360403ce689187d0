import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_f2a.data.faid import prepare
from keras_f2a.data.pairs import load_pairs
from keras_f2a.support.errors import InputError
from tests.conftest import write_pair


@pytest.fixture
def raw(tmp_path):
    for i in range(6):
        write_pair(tmp_path / "raw" / "Toys", f"Toys_{i:03}", (400, 300), seed=i)
    for i in range(4):
        write_pair(tmp_path / "raw" / "People", f"People_{i:03}", (300, 500), seed=i)
    return tmp_path / "raw"


def test_layout_and_sizes(raw, tmp_path):
    result = prepare(raw, tmp_path / "out", test_share=0.2)
    assert (result.training, result.test, result.problems) == (8, 2, [])
    train, test = load_pairs(tmp_path / "out" / "train"), load_pairs(tmp_path / "out" / "test")
    assert not set(train.names) & set(test.names)
    for name, image in zip(train.names, train.flash, strict=True):
        assert image.shape == ((240, 320, 3) if name.startswith("Toys") else (320, 240, 3))


def test_named_test_pairs(raw, tmp_path):
    prepare(raw, tmp_path / "out", test_names=["Toys_002", "People_001"])
    assert load_pairs(tmp_path / "out" / "test").names == ["People_001", "Toys_002"]
    with pytest.raises(InputError, match="not in the download: Toys_999"):
        prepare(raw, tmp_path / "out", test_names=["Toys_999"])


def test_equal_names_get_their_folder(tmp_path):
    for folder in ("Toys", "Plants"):
        write_pair(tmp_path / "raw" / folder, "001", (320, 240))
    prepare(tmp_path / "raw", tmp_path / "out", test_share=0)
    assert load_pairs(tmp_path / "out" / "train").names == ["Plants_001", "Toys_001"]


def test_linear_16_bit_files_are_encoded(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    for role in ("flash", "ambient"):
        pixels = np.full((240, 320, 3), round(0.2140 * 65535), np.uint16)
        (folder / f"a_{role}.png").write_bytes(tf.io.encode_png(pixels).numpy())
    prepare(folder, tmp_path / "linear", test_share=0, linear=True)
    prepare(folder, tmp_path / "encoded", test_share=0)
    values = [
        np.asarray(Image.open(tmp_path / name / "train" / "a_flash.png"))[0, 0, 0]
        for name in ("linear", "encoded")
    ]
    # sRGB encodes 0.214 as one half.
    assert values == [128, 55] or values == [127, 55]


def test_repeating_goes_on(raw, tmp_path):
    out = tmp_path / "out"
    prepare(raw, out)
    kept = out / "train" / "Toys_000_flash.png"
    kept = kept if kept.exists() else out / "test" / "Toys_000_flash.png"
    before = kept.stat().st_mtime_ns
    removed = next((out / "train").glob("People_*_ambient.png"))
    removed.unlink()
    prepare(raw, out)
    assert removed.is_file() and kept.stat().st_mtime_ns == before


def test_command_does_the_rest_and_names_what_is_bad(raw, tmp_path):
    (raw / "Toys" / "Toys_000_flash.png").write_bytes(b"x")
    (raw / "Toys" / "Toys_001_flash.png").unlink()
    command = [sys.executable, "-m", "keras_f2a.data.faid", str(raw), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Toys_000_flash.png" in done.stderr and "Toys_001_ambient.png" in done.stderr
    assert "Traceback" not in done.stderr
    assert "8 pairs" in done.stdout or "and 1 test pairs" in done.stdout
    missing = subprocess.run(
        [*command[:3], str(tmp_path / "no"), str(tmp_path / "out")], capture_output=True, text=True
    )
    assert missing.returncode == 2 and "no such folder" in missing.stderr
