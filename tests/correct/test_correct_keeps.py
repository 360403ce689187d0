"""`correct` never overwrites others' files: neither devices nor files that appear as it runs."""

import os
import shutil
import stat

import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction import corrector
from keras_f2a.support import atomic_file
from keras_f2a.support.errors import InputError
from tests.conftest import names_in
from tests.correct.command import files_in, run


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a list of functions. Each is called once while a photograph is being corrected."""
    waiting = []

    class InterruptedCorrector(corrector.Corrector):
        def correct_image(self, image, **options):
            while waiting:
                waiting.pop()()
            return super().correct_image(image, **options)

    monkeypatch.setattr(corrector, "Corrector", InterruptedCorrector)
    return waiting


@pytest.fixture(params=["hard links", "no hard links"])
def disk(request, monkeypatch):
    """Run the test on disks with and without hard links: FAT and some network drives have none."""
    if request.param == "no hard links":
        monkeypatch.setattr(atomic_file.os, "link", refused)


def refused(*_):
    raise PermissionError(1, "Operation not permitted")


def test_nothing_is_replaced_without_force(photos, tmp_path, model, caplog):
    command = (photos, "--model", model, "--output", photos)
    original = (photos / "a.jpg").read_bytes()
    for options in [], ["--no-resume"], ["--compare"]:
        assert run(*command, *options) == 1
        assert (photos / "a.jpg").read_bytes() == original
        assert caplog.messages.pop() == (
            f"skipped {photos / 'a.jpg'}: is the photograph itself; choose another `output`"
        )
        caplog.clear()
    for target in photos / "a.jpg", photos / "inner" / ".." / "a.jpg":
        with pytest.raises(InputError, match="is the photograph itself; choose another") as caught:
            run(photos / "a.jpg", "--model", model, "--output", target)
        assert caught.value.setting == "output"
        with pytest.raises(InputError, match="is the photograph itself; .* `output`"):
            corrector.Corrector(model).correct_file(photos / "a.jpg", target)
    assert run(*command, "--force") == 0
    assert (photos / "a.jpg").read_bytes() != original
    assert files_in(photos) == ["a.jpg", "inner/b.PNG", "notes.txt"]


@pytest.mark.parametrize("named", [False, True])
def test_a_file_that_appears_meanwhile_stays(photos, tmp_path, meanwhile, disk, caplog, named):
    output = tmp_path / "out"
    output.mkdir()
    result = output / ("r.png" if named else "a.jpg")
    meanwhile.append(lambda: result.write_text("precious"))
    assert run(photos / "a.jpg", "--output", result if named else output) == 1
    assert f"{result}: already exists; `force` replaces it" in caplog.text
    assert result.read_text() == "precious"
    assert names_in(output) == [result.name]


def test_force_replaces_what_appears_meanwhile(photos, tmp_path, meanwhile):
    output = tmp_path / "out"
    output.mkdir()
    meanwhile.append(lambda: (output / "a.jpg").write_text("replaceable"))
    assert run(photos / "a.jpg", "--output", output, "--force") == 0
    with Image.open(output / "a.jpg") as result:
        assert result.size == (64, 48)


def test_a_result_that_another_process_wrote_meanwhile_counts(photos, tmp_path, meanwhile, capsys):
    once, output = tmp_path / "once", tmp_path / "out"
    command = (photos / "a.jpg", "--compare", "--output")
    assert run(*command, once) == 0
    meanwhile.append(lambda: shutil.copytree(once, output))
    capsys.readouterr()
    assert run(*command, output) == 0
    assert "corrected 0 of 1, 1 finished before" in capsys.readouterr().out
    assert files_in(output) == files_in(once)


def test_a_before_after_picture_keeps_what_appears_meanwhile(photos, tmp_path, meanwhile, caplog):
    output = tmp_path / "out"
    output.mkdir()
    picture = output / "a.jpg.compare.jpg"
    meanwhile.append(lambda: picture.write_text("precious"))
    assert run(photos / "a.jpg", "--output", output, "--compare") == 1
    assert f"{picture}: already exists; `force` replaces it" in caplog.text
    assert picture.read_text() == "precious"


def test_a_page_takes_the_first_name_that_is_free_at_its_end(
    photos, tmp_path, meanwhile, disk, capsys
):
    output = tmp_path / "out"
    output.mkdir()
    (output / "comparison-3.html").mkdir()

    def others():
        for name in "comparison.html", "comparison-2.html":
            (output / name).write_text("precious")

    meanwhile.append(others)
    assert run(photos / "a.jpg", "--output", output, "--page") == 0
    assert f"page: {output / 'comparison-4.html'}" in capsys.readouterr().out
    for name in "comparison.html", "comparison-2.html":
        assert (output / name).read_text() == "precious"
    assert "a.jpg" in (output / "comparison-4.html").read_text()


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize("name", ["a.jpg", "comparison.html"])
@pytest.mark.parametrize("early", [True, False])
def test_a_pipe_is_never_replaced(photos, tmp_path, meanwhile, force, name, early):
    """The same holds for devices, which root could replace."""
    output = tmp_path / "out"
    output.mkdir()
    pipe = output / name
    if early:
        os.mkfifo(pipe)
    else:
        meanwhile.append(lambda: os.mkfifo(pipe))
    command = (photos / "a.jpg", "--output", output, "--page", *force)
    if name == "comparison.html" and force:
        with pytest.raises(InputError, match=r"comparison\.html: is a pipe, socket or device"):
            run(*command)
    else:
        assert run(*command) == (name == "a.jpg")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_python_keeps_what_appears_meanwhile(photos, tmp_path, monkeypatch):
    target = tmp_path / "r.jpg"

    class InterruptedCorrector(corrector.Corrector):
        def correct_image(self, image, **options):
            target.write_text("precious")
            return super().correct_image(image, **options)

    with pytest.raises(keras_f2a.InputError, match="r.jpg: already exists; `force` replaces it"):
        InterruptedCorrector().correct_file(photos / "a.jpg", target)
    assert target.read_text() == "precious"
