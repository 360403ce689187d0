import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_f2a.data.faid import main, prepare
from keras_f2a.data.pairs import load_pairs
from keras_f2a.support.errors import InputError, NoSpaceError
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


def test_a_list_of_names_may_be_of_notepad(raw, tmp_path, capsys):
    names = tmp_path / "names.txt"
    names.write_text("Toys_002\nPeople_001\n", encoding="utf-8-sig")
    command = [str(raw), str(tmp_path / "out"), "--test-names", str(names)]
    main(command)
    assert "8 training and 2 test pairs" in capsys.readouterr().out
    names.write_bytes("Toys_002\n".encode("utf-16"))
    with pytest.raises(InputError, match="test_names.*cannot be read"):
        main(command)


def test_equal_names_get_their_folder(tmp_path):
    for folder in ("Toys", "Plants"):
        write_pair(tmp_path / "raw" / folder, "001", (320, 240))
    prepare(tmp_path / "raw", tmp_path / "out", test_share=0)
    assert load_pairs(tmp_path / "out" / "train").names == ["Plants_001", "Toys_001"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("x/a/P_1", "y/a/P_1"), ("a/P_1", "a_P_1"), ("a/P_1", "a/P_1")],
)
def test_names_that_collide_are_found_before_anything_is_written(tmp_path, first, second):
    """Otherwise one pair would replace another, or two scenes would be mixed under one name."""
    raw = tmp_path / "raw"
    for seed, place in enumerate((first, second)):
        extension = "jpg" if seed and first == second else "png"
        path = raw / place
        write_pair(path.parent, path.name, (320, 240), seed, extension)
    write_pair(raw / "b", "P_1", (320, 240), seed=2)
    with pytest.raises(InputError, match="would both become") as error:
        prepare(raw, tmp_path / "out", test_share=0)
    assert str(raw / first) in str(error.value) and str(raw / second) in str(error.value)
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_read_is_named(raw, tmp_path):
    """Reading a pipe would never end."""
    for name in ("Toys_000_flash.png", "b_flash.png", "b_ambient.png", "\udcff_flash.png"):
        (raw / "Toys" / name).unlink(missing_ok=True)
        os.mkfifo(raw / "Toys" / name)
    result = prepare(raw, tmp_path / "out")
    assert result.training + result.test == 9
    problems = sorted(result.problems)
    assert [problem.rpartition(": ")[2].partition(",")[0] for problem in problems] == [
        "is a pipe",
        "its name is not UTF-8; rename it",
        "is a pipe",
    ]


def test_the_command_names_what_it_leaves_out(raw, tmp_path):
    for name in ("Toys_000_flash.png", "Toys_001_flash.png"):
        (raw / "Toys" / name).write_bytes(b"")
    command = [sys.executable, "-m", "keras_f2a.data.faid", raw, tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True)
    *named, last = done.stderr.splitlines()
    assert done.returncode == 1 and "training and" in done.stdout
    assert all("left out: " in line and "_flash.png" in line for line in named) and len(named) == 2
    assert last == "keras_f2a.data.faid: error: 2 pairs left out, named above"


@pytest.mark.parametrize("failure", ["a file", "full"])
def test_an_output_that_cannot_be_written_is_one_line(raw, tmp_path, failure, monkeypatch):
    out, kind = tmp_path / "out", InputError
    if failure == "a file":
        out.write_text("precious")
    else:
        kind = NoSpaceError

        def full_disk(self, path, *_, **__):
            path.write_bytes(b"half of it")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Image.Image, "save", full_disk)
    with pytest.raises(kind, match="out.*: c[a-z ]+not be written") as error:
        prepare(raw, out)
    assert "\n" not in str(error.value)
    assert out.is_file() or not [path for path in out.rglob("*") if path.is_file()]


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
    # 0.214 in linear light is one half in sRGB.
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


def test_no_pair_is_in_both_splits(raw, tmp_path):
    """Another draw, or a larger download, chooses other test pairs."""
    out = tmp_path / "out"
    prepare(raw, out, test_share=0.2)
    test = load_pairs(out / "test").names
    for change in ({"test_share": 0.5}, {"test_names": test[:1]}):
        with pytest.raises(InputError, match=r"^output=.*out: .* other test pairs") as error:
            prepare(raw, out, **change)
        assert "\n" not in str(error.value)
    write_pair(raw / "Toys", "Toys_100", (400, 300))
    assert prepare(raw, out, test_names=test).training == 9
    assert not set(load_pairs(out / "train").names) & set(test)


def test_hidden_files_of_macos_are_no_pairs(raw, tmp_path):
    for role in ("flash", "ambient"):
        (raw / "Toys" / f"._Toys_000_{role}.png").write_bytes(b"resource fork")
    assert prepare(raw, tmp_path / "out").problems == []


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
