import base64
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction.corrector import Corrector
from keras_f2a.imaging import photo
from keras_f2a.imaging.cicp import display_p3_profile
from keras_f2a.support.errors import InputError
from tests.correct.command import files_in, run, write_scenes
from tests.small_models import half_plus_quarter


def test_a_tree_is_mirrored(photos, tmp_path, model, capsys):
    output = tmp_path / "out"
    assert run(photos, "--recursive", "--model", model, "--output", output) == 0
    assert files_in(output) == ["a.jpg", "inner/b.PNG"]
    result = np.asarray(Image.open(output / "inner" / "b.PNG"), float) / 255
    original = np.asarray(Image.open(photos / "inner" / "b.PNG"), float) / 255
    assert np.abs(result - half_plus_quarter(original)).mean() < 3 / 255
    assert re.search(r"corrected 2 of 2 in [\d.]+ s; results: ", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("flashes", "options", "line"),
    [
        (
            [16],
            [],
            "1 photograph shows no flash and stays almost as it is; --light room",
        ),
        ([0, 1, 24], [], "2 photographs show no flash and stay almost as they are; --light"),
        ([1], [], None),
        ([16], ["--light", "room"], None),
        ([16], ["--brightness", "0.5"], None),
        ([16], ["--rules", "off"], None),
    ],
)
def test_photographs_without_flash_are_counted(flashes, options, line, tmp_path, capsys):
    photos = write_scenes(tmp_path / "photos", flashes)
    assert run(photos, "--output", tmp_path / "out", *options) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + (line is not None)
    assert line is None or lines[1].startswith(line)
    for number, flash in enumerate(flashes):
        names = photos / f"{number}.png", tmp_path / "out" / f"{number}.png"
        before, after = (Image.open(name).tobytes() for name in names)
        assert (before == after) == (flash % 2 == 0 and not options)


def test_one_of_our_networks_is_named_whatever_the_output_is_called(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_scenes(tmp_path / "photos", [1])
    for line in ("corrected 1 of 1", "corrected 0 of 1, 1 finished"):
        assert run("photos", "--model", "light_v2", "--output", "light_v2") == 0
        assert line in capsys.readouterr().out


def test_bad_files_are_reported_and_skipped(photos, tmp_path, model, capsys, caplog):
    whole = (photos / "a.jpg").read_bytes()
    (photos / "truncated.jpg").write_bytes(whole[: len(whole) // 2])
    (photos / "zero.jpg").write_bytes(b"")
    (photos / "text.webp").write_text("text")
    Image.new("RGB", (1, 1)).save(photos / "tiny.png")
    Image.new("RGB", (2000, 1000)).save(photos / "vast.png")
    limit = ("--max-megapixels", 1)
    output = tmp_path / "out"
    assert run(photos, "--model", model, "--output", output, *limit) == 1
    assert files_in(output) == ["a.jpg"]
    reported = [line for line in caplog.messages if line.startswith("skipped")]
    assert len(reported) == 5
    for name in "truncated.jpg", "zero.jpg", "text.webp", "tiny.png", "vast.png":
        assert sum(name in line for line in reported) == 1
    assert "corrected 1 of 6, skipped 5" in capsys.readouterr().out


def test_two_photographs_never_share_a_result(photos, tmp_path, model, caplog):
    other = tmp_path / "other"
    other.mkdir()
    Image.new("RGB", (64, 48)).save(other / "a.jpg")
    output = tmp_path / "out"
    command = (photos / "a.jpg", other / "a.jpg", "--model", model, "--output", output)
    assert run(*command, "--force") == 1
    assert f"{other / 'a.jpg'}: {output / 'a.jpg'} is the result of" in caplog.text
    assert np.asarray(Image.open(output / "a.jpg")).std() > 10


def test_a_damaged_photograph_leaves_its_result_to_another(photos, tmp_path, model, caplog):
    (photos / "a.heic").write_bytes(b"damaged")
    assert run(photos, "--model", model, "--output", tmp_path / "out") == 1
    assert files_in(tmp_path / "out") == ["a.jpg"]
    assert "a.heic" in caplog.text


def test_folders_that_may_not_be_searched_are_reported(unprivileged_folder, rng, caplog):
    """`correct` once skipped a folder of mode 000 silently, and a folder of mode 444 crashed it."""
    photos = unprivileged_folder / "photos"
    for name in "good", "closed", "listed":
        (photos / name).mkdir(parents=True)
        pixels = rng.integers(0, 256, (48, 64, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(photos / name / "a.png")
    (photos / "unreadable.png").write_bytes(b"")
    (photos / "unreadable.png").chmod(0)
    (photos / "closed").chmod(0)
    (photos / "listed").chmod(0o444)
    output = unprivileged_folder / "out"
    try:
        assert run(photos, "--recursive", "--output", output) == 1
        with pytest.raises(InputError, match="closed: cannot be searched"):
            run(photos / "closed", "--output", output)
    finally:
        for name in "closed", "listed":
            (photos / name).chmod(0o755)
    assert files_in(output) == ["good/a.png"]
    assert [line.partition(str(photos))[2] for line in caplog.messages] == [
        "/listed/a.png: cannot be read; check its folder's permissions",
        "/unreadable.png: cannot be read; check its permissions",
        "/closed: cannot be searched (Permission denied)",
    ]


def test_a_full_disk_ends_the_work_in_one_line(photos, small_disk, model, rng, capsys, caplog):
    for name in "a", "b", "c", "d":
        pixels = rng.integers(0, 256, (200, 200, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(photos / f"{name}.png")
    assert run(photos, "--model", model, "--output", small_disk / "out") == 1
    assert "corrected 2 of 5, skipped 1, did not try 2" in capsys.readouterr().out
    (line,) = caplog.messages
    assert line.endswith(
        "b.png: could not be written (No space left on device); "
        "stopped, so 2 photographs were not tried"
    )
    assert files_in(small_disk) == ["out/a.jpg", "out/a.png"]


@pytest.mark.parametrize("force", [False, True])
def test_transparent_photographs_become_png_where_jpeg_cannot_hold_them(
    tmp_path, model, rng, caplog, force
):
    pytest.importorskip("pillow_heif").register_heif_opener()
    pixels = rng.integers(0, 256, (48, 64, 4), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.heic", quality=90)
    output = tmp_path / "out"
    output.mkdir()
    (output / "a.png").write_text("precious")
    options = ["--force"] if force else []
    code = run(tmp_path / "a.heic", "--model", model, "--output", output, *options)
    assert files_in(output) == ["a.png"]
    if force:
        with Image.open(output / "a.png") as result:
            assert (code, result.mode) == (0, "RGBA")
    else:
        assert code == 1 and "`force` replaces it" in caplog.text
        assert (output / "a.png").read_text() == "precious"


def test_memory_that_does_not_suffice_is_no_damage(photos, tmp_path, model, monkeypatch, caplog):
    def exhausted(*_, **__):
        raise MemoryError

    command = (photos / "a.jpg", "--model", model, "--output", tmp_path / "out")
    for module, name in ((photo, "open_image"), (Corrector, "correct_image")):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, exhausted)
            assert run(*command) == 1
        assert caplog.messages.pop().endswith("a.jpg: out of memory")


def test_names_are_printed_on_one_line(photos, tmp_path, model, caplog):
    (photos / "a\n\x1b[31m.jpg").write_bytes(b"damaged")
    assert run(photos, "--model", model, "--output", tmp_path / "out") == 1
    (line,) = caplog.messages
    assert r"a\n\x1b[31m.jpg: " in line


@pytest.mark.parametrize("name", ["...png", "..png", " .png"])
def test_a_name_that_is_hardly_one_is_kept(photos, tmp_path, model, name):
    Image.open(photos / "inner/b.PNG").save(photos / name, "PNG")
    output = tmp_path / "out"
    assert run(photos / name, "--model", model, "--output", output, "--compare") == 0
    assert {path.name for path in output.iterdir()} == {name, f"{name}.compare.jpg"}
    with Image.open(output / name) as result:
        assert result.format == "PNG"


def test_comparison_pictures_and_page(photos, tmp_path, model):
    output, profile = tmp_path / "out", display_p3_profile()
    Image.open(photos / "a.jpg").save(photos / "a.jpg", icc_profile=profile)
    command = (photos, "--model", model, "--output", output, "--compare", "--page")
    assert run(*command) == 0
    assert files_in(output) == ["a.jpg", "a.jpg.compare.jpg", "comparison.html"]
    with Image.open(output / "a.jpg.compare.jpg") as picture:
        assert picture.height > 2 * 48
        assert picture.info["icc_profile"] == profile
    page = (output / "comparison.html").read_text()
    assert str(photos / "a.jpg") in page
    for data in re.findall(r'src="data:image/jpeg;base64,([^"]*)"', page):
        assert Image.open(io.BytesIO(base64.b64decode(data))).info["icc_profile"] == profile


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("two.png", {}),
        ("two.tif", {}),
        ("two.tif", {"compression": "tiff_lzw"}),
        ("two.tif", {"compression": "tiff_adobe_deflate"}),
        ("two.tif", {"compression": "jpeg"}),
    ],
)
def test_several_images_in_a_file_are_mentioned(tmp_path, model, caplog, mode, name, settings):
    images = [Image.new("RGB", (32, 32), color).convert(mode) for color in ("red", "blue", "lime")]
    images[0].save(tmp_path / name, save_all=True, append_images=images[1:], **settings)
    command = (tmp_path / name, "--model", model, "--output", tmp_path / "out", "--strength", 0)
    assert run(*command) == 0
    assert "contains 3 images; corrected only the first" in caplog.text
    with Image.open(tmp_path / "out" / name) as result:
        difference = np.asarray(result, int) - np.asarray(images[0], int)
    assert np.abs(difference).max() <= 2


def test_the_command_as_users_call_it(photos, tmp_path, model):
    """It works without TensorFlow and Keras, and a wrong call gives one line and exit code 2."""
    blocker = tmp_path / "blocked"
    for name in "tensorflow", "keras":
        (blocker / name).mkdir(parents=True)
        (blocker / name / "__init__.py").write_text(f"raise SystemError('{name} was imported')")
    paths = os.pathsep.join([str(blocker), str(Path(keras_f2a.__file__).parents[1])])
    command = [sys.executable, "-m", "keras_f2a.correct", photos / "a.jpg"]
    options = {"env": {**os.environ, "PYTHONPATH": paths}, "capture_output": True, "text": True}
    wrong = subprocess.run([*command, "--output", photos / "a.jpg"], **options)
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("keras_f2a.correct: error: --output ")
    assert wrong.stderr.count("\n") == 1
    for output, chosen in (("ours", ()), ("named", ("--model", model))):
        done = subprocess.run([*command, "--output", tmp_path / output, *chosen], **options)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / output / "a.jpg").is_file()
