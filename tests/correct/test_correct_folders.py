"""`correct` on folders: what it ignores and skips, what is missing, and where results go."""

import base64
import io
import re
import shutil
import unicodedata

import numpy as np
import pytest
from PIL import Image, ImageCms

import keras_f2a
from keras_f2a.correction.folders import DiskFolder
from keras_f2a.correction.photo_task import fold_case
from keras_f2a.support.errors import InputError
from tests.correct.command import files_in, run


def test_a_second_page_stops_nothing_and_replaces_nothing(photos, tmp_path, model, capsys):
    output = tmp_path / "out"
    command = (photos, "--model", model, "--output", output, "--page")
    assert run(*command) == 0
    first = (output / "comparison.html").read_bytes()
    shutil.copy(photos / "a.jpg", photos / "new.jpg")
    assert run(*command) == 0
    assert f"page: {output / 'comparison-2.html'}" in capsys.readouterr().out
    assert files_in(output) == ["a.jpg", "comparison-2.html", "comparison.html", "new.jpg"]
    assert (output / "comparison.html").read_bytes() == first
    assert run(*command, "--force") == 0
    assert (output / "comparison.html").read_bytes() != first


def test_a_page_shows_earlier_results_too_in_the_order_of_the_photographs(
    photos, tmp_path, model, capsys
):
    output = tmp_path / "out"
    for name in "b.jpg", "c.jpg":
        shutil.copy(photos / "a.jpg", photos / name)
    command = (photos, "--model", model, "--output", output, "--strength", "0.5")
    assert run(photos / "b.jpg", *command[1:]) == 0
    assert run(*command, "--page") == 0
    assert run(*command, "--page") == 0
    assert "corrected 0 of 3, 3 finished before" in capsys.readouterr().out
    names = "comparison.html", "comparison-2.html"
    mixed, finished = (list(shown(output / name)) for name in names)
    for page in mixed, finished:
        assert [name for name, *_ in page] == [str(photos / f"{letter}.jpg") for letter in "abc"]
        for _, before, after in page:
            assert np.abs(before - after).mean() > 4
    for one, other in zip(mixed, finished, strict=True):
        assert np.abs(one[2] - other[2]).mean() < 3


def shown(page):
    """Yield the name of each photograph on a page, and its pixels before and after."""
    figure = r'<figcaption>(.*?)</.*?base64,([^"]*).*?base64,([^"]*)'
    for name, *pictures in re.findall(figure, page.read_text(), re.DOTALL):
        files = [io.BytesIO(base64.b64decode(picture)) for picture in pictures]
        yield name, *(np.asarray(Image.open(file), float) for file in files)


def test_going_on_counts_what_is_finished(photos, tmp_path, model, capsys, caplog):
    output = tmp_path / "out"
    command = (photos, "--recursive", "--model", model, "--output", output)
    assert run(*command) == 0
    earlier = (output / "a.jpg").stat().st_mtime_ns, (output / "a.jpg").stat().st_ino
    (output / "inner" / "b.PNG").unlink()
    capsys.readouterr()
    caplog.clear()
    assert run(*command) == 0
    assert "corrected 1 of 2, 1 finished before in" in capsys.readouterr().out
    assert "skipped" not in caplog.text
    assert ((output / "a.jpg").stat().st_mtime_ns, (output / "a.jpg").stat().st_ino) == earlier
    assert run(*command, "--no-resume") == 1
    assert "skipped 2" in capsys.readouterr().out
    assert caplog.text.count("already exists; `force` replaces it") == 2
    assert keras_f2a.correct_photos([photos], output, model=model).finished == [output / "a.jpg"]


def test_what_is_no_result_is_not_taken_for_one(photos, tmp_path, model, caplog):
    output = tmp_path / "out"
    output.mkdir()
    (output / "a.jpg").write_text("precious")
    assert run(photos / "a.jpg", "--model", model, "--output", output) == 1
    assert "already exists" in caplog.text
    assert (output / "a.jpg").read_text() == "precious"


def test_a_comparison_shows_the_result_that_is_there(photos, tmp_path, model, capsys):
    once, output = tmp_path / "once", tmp_path / "out"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.open(photos / "a.jpg").save(photos / "a.jpg", icc_profile=profile)
    command = (photos, "--model", model, "--output")
    assert run(*command, once, "--compare", "--strength", "0.5") == 0
    assert run(*command, output, "--strength", "0.5") == 0
    result = (output / "a.jpg").read_bytes()
    capsys.readouterr()
    assert run(*command, output, "--compare") == 0
    assert "corrected 0 of 1, 1 finished before" in capsys.readouterr().out
    assert (output / "a.jpg").read_bytes() == result
    comparison = output / "a.jpg.compare.jpg"
    pictures = [np.asarray(Image.open(f), float) for f in (comparison, once / comparison.name)]
    assert np.abs(pictures[0] - pictures[1]).mean() < 2
    with Image.open(comparison) as shown:
        assert shown.info["icc_profile"] == profile
    (output / "a.jpg").unlink()
    assert run(*command, output, "--compare") == 0
    picture = np.asarray(Image.open(comparison), float)
    assert np.abs(picture - pictures[0]).mean() > 4
    comparison.write_text("precious")
    assert run(*command, output, "--compare") == 1
    (output / "a.jpg").unlink()
    assert run(*command, output, "--compare") == 1
    assert files_in(output) == [comparison.name] and comparison.read_text() == "precious"


@pytest.mark.parametrize("ignores_case", [False, True])
def test_names_that_are_one_file_on_many_disks(
    photos, tmp_path, model, monkeypatch, caplog, ignores_case
):
    monkeypatch.setattr(DiskFolder, "ignores_case", lambda _: ignores_case)
    names = ["A.JPG", "a.jpg", "\u00e9.jpg", unicodedata.normalize("NFD", "\u00c9.jpg")]
    for name in names[:1] + names[2:]:
        shutil.copy(photos / "a.jpg", photos / name)
    output = tmp_path / "out"
    assert run(photos, "--model", model, "--output", output) == ignores_case
    written = [names[0], names[3]] if ignores_case else names
    assert files_in(output) == sorted(written)
    lines = [line for line in caplog.messages if "is the result of" in line]
    assert len(lines) == len(names) - len(written)
    if lines:
        assert f"{output / 'a.jpg'} is the result of {photos / 'A.JPG'}; correct" in lines[0]


@pytest.mark.parametrize(
    ("name", "other", "are_one"),
    [
        ("ΟΔΟΣ.jpg", "οδος.JPG", True),
        ("Straße.jpg", "Strasse.jpg", False),
        ("İ.jpg", "i.jpg", False),
    ],
)
def test_case_is_ignored_letter_by_letter(name, other, are_one):
    assert (fold_case(name) == fold_case(other)) == are_one


def test_a_disk_is_asked_whether_case_counts(tmp_path):
    (tmp_path / "photo.jpg").touch()
    ignored = (tmp_path / "PHOTO.JPG").exists()
    for place in tmp_path, tmp_path / "new" / "out":
        assert DiskFolder(str(place)).ignores_case() == ignored
    assert files_in(tmp_path) == ["photo.jpg"]


def test_missing_names_among_others_are_skipped(photos, tmp_path, model, capsys, caplog):
    (tmp_path / "empty").mkdir()
    names = (photos / "no.jpg", photos, "nothing*.png", "https://example.org/a.jpg")
    output = tmp_path / "out"
    assert run(*names, tmp_path / "empty", "--model", model, "--output", output) == 1
    assert files_in(output) == ["a.jpg"]
    assert "corrected 1 of 5, skipped 4" in capsys.readouterr().out
    for text in (
        f"skipped {photos / 'no.jpg'}: there is no such photograph",
        "skipped nothing*.png: there is no such photograph",
        "skipped https://example.org/a.jpg: is a URL; download the photograph",
        f"skipped {tmp_path / 'empty'}: contains no",
    ):
        assert text in caplog.text


def test_files_of_other_kinds_and_hidden_folders_are_counted(photos, tmp_path, model, caplog):
    hidden = [".thumbnails", ".Trash-1000", "@eaDir", "__MACOSX", "#recycle", "$RECYCLE.BIN"]
    hidden += ["inner/.picasaoriginals", "Catalog Previews.lrdata", "cached", "lost+found"]
    for folder in hidden:
        (photos / folder / "deeper").mkdir(parents=True)
        shutil.copy(photos / "a.jpg", photos / folder / "deeper" / "x.jpg")
    (photos / "cached" / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55")
    for name in "b.xcf", "c.XCF", "inner/d.psd", ".hidden", "Thumbs.db", "plain":
        (photos / name).write_text("")
    caplog.set_level("INFO", "keras_f2a")
    output = tmp_path / "out"
    assert run(photos, "--recursive", "--model", model, "--output", output) == 0
    assert files_in(output) == ["a.jpg", "inner/b.PNG"]
    (line,) = [line for line in caplog.messages if "other kinds" in line]
    assert line.startswith("ignored 5 files of other kinds: 2 .xcf, ")
    for kind in "1 .txt", "1 .psd", "1 without suffix":
        assert kind in line
    (line,) = [line for line in caplog.messages if "hidden" in line]
    assert line.startswith("ignored 10 hidden folders: ")
    named = photos / ".thumbnails"
    assert run(named, "--recursive", "--model", model, "--output", tmp_path / "named") == 0
    assert files_in(tmp_path / "named") == ["deeper/x.jpg"]
    pattern = photos / "**" / "*.[jP]*"
    assert run(pattern, "--model", model, "--output", tmp_path / "pattern") == 0
    assert files_in(tmp_path / "pattern") == ["a.jpg", "b.PNG"]


def test_every_suffix_of_jpeg_files_is_found(photos, tmp_path, model):
    for name in "b.jfif", "c.JPE", "d.jpeg":
        shutil.copy(photos / "a.jpg", photos / name)
    output = tmp_path / "out"
    assert run(photos, "--model", model, "--output", output) == 0
    assert files_in(output) == ["a.jpg", "b.jfif", "c.JPE", "d.jpeg"]
    for path in output.iterdir():
        with Image.open(path) as image:
            assert image.format == "JPEG"


def test_one_photograph_may_be_written_to_a_named_file(photos, tmp_path, model):
    target = tmp_path / "new" / "photo2.PNG"
    command = (photos / "a.jpg", "--model", model, "--output", target)
    assert run(*command, "--page") == 0
    with Image.open(target) as image:
        assert image.format == "PNG"
    assert files_in(tmp_path / "new") == ["comparison.html", "photo2.PNG"]
    with pytest.raises(InputError, match="already exists; `force` replaces it") as caught:
        run(*command)
    assert caught.value.setting == "output"
    assert run(*command, "--force") == 0
    folder = tmp_path / "album.jpg"
    assert run(photos / "a.jpg", "--model", model, "--output", f"{folder}/") == 0
    assert files_in(folder) == ["a.jpg"]
    assert run(photos / "inner", "--model", model, "--output", folder) == 0
    assert files_in(folder) == ["a.jpg", "b.PNG"]


@pytest.mark.parametrize(
    ("inputs", "name", "message"),
    [
        (["a.jpg", "inner/b.PNG"], "one.jpg", "names one file for 2 photographs"),
        (["."], "one.webp", "names one file for a folder"),
        (["a.jpg", "no.jpg"], "one.png", "names one file for 2 photographs"),
        (["a.jpg"], "one.gif", "results are written as .*jpg"),
        (["a.jpg"], "one.HEIC", "results are written as .*jpg"),
    ],
)
def test_a_file_that_cannot_hold_the_results_is_a_clear_error(
    photos, tmp_path, model, inputs, name, message
):
    inputs = [photos / path for path in inputs]
    with pytest.raises(InputError, match=message) as caught:
        run(*inputs, "--model", model, "--output", tmp_path / name)
    assert caught.value.setting == "output" and not (tmp_path / name).exists()


@pytest.mark.parametrize("photographs", [b"a.jpg", 3, None, [3], [b"a.jpg"]])
def test_photographs_that_are_no_paths_are_input_errors(photographs, tmp_path):
    with pytest.raises(keras_f2a.InputError, match="photographs: must be paths"):
        keras_f2a.correct_photos(photographs, tmp_path / "out")
