import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a import correct
from keras_f2a.correction import file_correction
from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.folders import DiskFolder
from keras_f2a.correction.photo_plan import plan_photos
from keras_f2a.correction.photo_task import PhotoTask
from keras_f2a.imaging import photo
from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.errors import InputError
from tests.small_models import half_plus_quarter, save_keras, save_tflite


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_tflite(tmp_path_factory.mktemp("model") / "model.tflite")


@pytest.fixture
def photos(tmp_path, rng):
    """A folder with two good photographs, one of them in a folder inside it."""
    folder = tmp_path / "photos"
    (folder / "inner").mkdir(parents=True)
    for place in "a.jpg", "inner/b.PNG":
        small = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
        small.resize((64, 48)).save(folder / place)
    (folder / "notes.txt").write_text("not a photograph")
    return folder


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def run(*arguments):
    return correct.main([str(argument) for argument in arguments])


def test_a_tree_is_mirrored(photos, tmp_path, model, capsys):
    output = tmp_path / "out"
    assert run(photos, "--recursive", "--model", model, "--output", output) == 0
    assert files_in(output) == ["a.jpg", "inner/b.PNG"]
    result = np.asarray(Image.open(output / "inner" / "b.PNG"), float) / 255
    original = np.asarray(Image.open(photos / "inner" / "b.PNG"), float) / 255
    assert np.abs(result - half_plus_quarter(original)).mean() < 3 / 255
    assert re.search(r"corrected 2 of 2 in [\d.]+ s; results: ", capsys.readouterr().out)


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


def test_nothing_is_replaced_without_force(photos, tmp_path, model, caplog):
    command = (photos, "--model", model, "--output", photos)
    original = (photos / "a.jpg").read_bytes()
    assert run(*command) == 1
    assert (photos / "a.jpg").read_bytes() == original
    assert "`force` replaces it" in caplog.text
    assert run(*command, "--force") == 0
    assert (photos / "a.jpg").read_bytes() != original
    assert files_in(photos) == ["a.jpg", "inner/b.PNG", "notes.txt"]


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


@pytest.mark.parametrize(("suffix", "beside"), [("tflite", True), ("keras", False)])
def test_decoding_begins_while_a_model_without_tensorflow_loads(
    photos, tmp_path, monkeypatch, suffix, beside
):
    """TensorFlow's import beside the decoding thread once ended in a segmentation fault."""
    decoding, seen = threading.Event(), []

    def open_and_tell(*arguments):
        decoding.set()
        return open_photo(*arguments)

    class SlowCorrector(Corrector):
        def __init__(self, *arguments, **options):
            seen.append(decoding.wait(1))
            super().__init__(*arguments, **options)

    monkeypatch.setattr(file_correction, "open_photo", open_and_tell)
    monkeypatch.setattr("keras_f2a.correction.corrector.Corrector", SlowCorrector)
    save_model = {"tflite": save_tflite, "keras": save_keras}[suffix]
    model = save_model(tmp_path / f"model.{suffix}")
    assert run(photos / "a.jpg", "--model", model, "--output", tmp_path / "out") == 0
    assert seen == [beside]


def test_one_photograph_imports_only_what_it_needs(photos, tmp_path):
    """Imports were two fifths of what a photograph of 12 megapixels took."""
    command = ["correct", str(photos / "a.jpg"), "--output", str(tmp_path / "out")]
    code = f"import sys; from keras_f2a.cli.program import main; assert main({command}) == 0; "
    code += "print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stderr.split())
    assert "keras_f2a.correction.corrector" in imported
    ours = ("correction.guarded_engine", "imaging.heif_file", "imaging.cicp", "model_files.graph")
    others = ("tqdm", "PIL.TiffImagePlugin", "PIL.ImageFont", "PIL.ImageCms", "email")
    assert not imported & {f"keras_f2a.{name}" for name in ours}
    assert not imported & set(others)


def test_decoding_does_not_wait_for_numpy(photos):
    """What reads a JPEG file is imported without it, so that it is imported beside the decoder."""
    code = "import sys; from keras_f2a.cli import correct; "
    code += "from keras_f2a.imaging.photo import open_photo; from pathlib import Path; "
    code += f"open_photo(Path({str(photos / 'a.jpg')!r})); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_folders_that_may_not_be_searched_are_reported(unprivileged_folder, rng, caplog):
    """Of mode 000 they were passed over in silence, of mode 444 they ended in a traceback."""
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
        "/listed/a.png: may not be read; check its folder's permissions",
        "/unreadable.png: may not be read; check its permissions",
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
        "b.png: could not be written (No space left on device); stopped, 2 photographs were not "
        "tried"
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
    def exhausted(*_):
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
    output = tmp_path / "out"
    command = (photos, "--model", model, "--output", output, "--compare", "--page")
    assert run(*command) == 0
    assert files_in(output) == ["a.jpg", "a.jpg.compare.jpg", "comparison.html"]
    with Image.open(output / "a.jpg.compare.jpg") as picture:
        assert picture.height > 2 * 48
    assert str(photos / "a.jpg") in (output / "comparison.html").read_text()


def test_several_images_in_a_file_are_mentioned(tmp_path, model, caplog):
    images = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    images[0].save(tmp_path / "two.png", save_all=True, append_images=images[1:])
    assert run(tmp_path / "two.png", "--model", model, "--output", tmp_path / "out") == 0
    assert "holds 2 images; corrected the first one" in caplog.text


def test_options_reach_the_corrector(photos, tmp_path, model, capsys):
    photo = photos / "inner" / "b.PNG"
    command = (photo, "--model", model, "--output", tmp_path / "out", "--timings")
    assert run(*command, "--strength", 0) == 0
    result = np.asarray(Image.open(tmp_path / "out" / "b.PNG"))
    np.testing.assert_array_equal(result, np.asarray(Image.open(photo)))
    assert "network 0." in capsys.readouterr().out
    assert run(*command, "--force", "--strength", 0, "--brightness", 1, "--warmth", -0.5) == 0
    toned = np.asarray(Image.open(tmp_path / "out" / "b.PNG")).astype(int)
    assert toned.mean() > result.mean() + 10
    red_and_blue = toned[..., ::2].mean(axis=(0, 1)) - result[..., ::2].mean(axis=(0, 1))
    assert red_and_blue[0] < red_and_blue[1]


def test_a_plan_finds_patterns_folders_and_heic(tmp_path, photos, monkeypatch):
    (photos / "c.HEIC").write_bytes(b"")
    (photos / ".hidden.jpg").write_bytes(b"")
    output = tmp_path / "out"
    monkeypatch.chdir(tmp_path)
    pattern = plan_photos(["photos/*.[jH]*", photos / "inner" / "*"], output)
    names = [(Path(task.source).name, task.target) for task in pattern.tasks]
    assert names == [("a.jpg", "a.jpg"), ("c.HEIC", "c.jpg"), ("b.PNG", "b.PNG")]
    assert [task.target for task in plan_photos([photos], output).tasks] == ["a.jpg", "c.jpg"]
    inside = photos / "corrected"
    inside.mkdir()
    (inside / "a.jpg").write_bytes(b"")
    tree = plan_photos([photos, photos / "a.jpg"], inside, recursive=True).tasks
    assert PhotoTask(DiskFolder(), str(photos / "inner" / "b.PNG"), "inner/b.PNG") in tree
    assert len(tree) == 3


@pytest.mark.parametrize(
    ("photo", "message"),
    [
        ("missing.jpg", "no such photograph"),
        ("*.tif", "no such photograph"),
        ("", "contains no photograph"),
        ("plain**", "not a pattern"),
        ("x" * 300, "File name too long"),
    ],
)
def test_inputs_without_photographs_are_input_errors(tmp_path, model, photo, message):
    with pytest.raises(InputError, match=message):
        run(tmp_path / photo, "--model", model, "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_empty_name_is_not_the_current_folder(tmp_path, model, photos, monkeypatch):
    monkeypatch.chdir(photos)
    for command, named in (
        (["", "--output", "out"], "^''"),
        (["a.jpg", "--output", ""], "^--output ''"),
        (["a.jpg", "--output="], "^--output ''"),
    ):
        with pytest.raises(InputError, match=f"{named}: must not be empty"):
            run(*command, "--model", model)
    assert files_in(photos) == ["a.jpg", "inner/b.PNG", "notes.txt"]
    with pytest.raises(InputError, match="File name too long"):
        run("a.jpg", "--output", "x" * 300, "--model", model)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["photo.jpg"], "--output"),
        (["photo.jpg", "--output", "out", "--warmth=--"], "--warmth"),
        (["photo.jpg", "--output", "out", "--strength", "x"], "'x' is not a number"),
        (["photo.jpg", "--output", "out", "--warmth", "50%"], "'50%' is not a number"),
        (["photo.jpg", "--output", "out", "--working-size", "x"], "'x' is not a whole number"),
        (["photo.jpg", "--output", "out", "--working-size", "4.5"], "--working-size"),
    ],
)
def test_wrong_calls_are_one_line(arguments, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        correct.main(arguments)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("strength", "2.1"),
        ("strength", "210%"),
        ("brightness", "3.1"),
        ("warmth", "nan"),
        ("quality", "0"),
        ("quality", "101"),
        ("working_size", "8"),
        ("max_megapixels", "-1"),
        ("max_megapixels", "nan"),
    ],
)
def test_settings_out_of_range_name_their_option(option, value, tmp_path):
    with pytest.raises(InputError, match=f"^{option}=.*: must be ") as caught:
        run("photo.jpg", "--output", tmp_path, f"--{option.replace('_', '-')}={value}")
    assert caught.value.setting == option


def test_a_strength_may_be_a_percentage(photos, tmp_path, model):
    for name, strength in ("share", "1.7"), ("percent", "170%"):
        command = (photos / "a.jpg", "--model", model, "--output", tmp_path / name)
        assert run(*command, "--strength", strength) == 0
    assert (tmp_path / "share" / "a.jpg").read_bytes() == (
        tmp_path / "percent" / "a.jpg"
    ).read_bytes()


def test_the_command_as_users_call_it(photos, tmp_path, model):
    """Without TensorFlow and Keras, and with one line and exit code 2 for a wrong call."""
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
