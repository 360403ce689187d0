import hashlib
import json
import shutil
import sys

import pytest
from keras_f2a.export.__main__ import main
from keras_f2a.export.web import CARD_FILE, MODEL_FILE, put_into_page

from keras_f2a.generator_files import pretrained_file
from keras_f2a.support.errors import InputError
from tests.web_demo.node import DEMO


@pytest.fixture
def project(tmp_path):
    """The demo as a checkout has it, without what was built or put there."""
    made = shutil.ignore_patterns("node_modules", "dist", "model", "build")
    return shutil.copytree(DEMO, tmp_path / "project", ignore=made)


@pytest.fixture
def proven(exported, tmp_path):
    """An exported int8 file with its card, to be changed by the test."""
    source = exported.file("int8")
    for suffix in (".tflite", ".json"):
        shutil.copy(source.with_suffix(suffix), tmp_path)
    return tmp_path / source.name


def test_a_proven_file_and_its_card_are_put_into_the_page(proven, project, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras_f2a.export.exporter", None)  # Nothing is exported.
    assert main(["--model", str(proven), "--web", str(project)]) == 0
    model, card = project / MODEL_FILE, project / CARD_FILE
    assert model.read_bytes() == proven.read_bytes()
    assert json.loads(card.read_text())["sha256"] == hashlib.sha256(model.read_bytes()).hexdigest()
    assert capsys.readouterr().out == f"{model}\n{card}\n"


def test_an_export_puts_its_int8_file_into_the_page(run_directory, project, tmp_path):
    arguments = ["--model", str(run_directory), "--output", str(tmp_path / "out")]
    arguments += ["--size", "48x32", "--formats", "int8", "--web", str(project)]
    assert main(arguments) == 0
    exported_file = tmp_path / "out/flash_to_ambient_48x32_int8.tflite"
    assert (project / MODEL_FILE).read_bytes() == exported_file.read_bytes()


def test_without_a_model_the_one_that_the_package_carries_is_taken(project):
    assert main(["--web", str(project)]) == 0
    assert (project / MODEL_FILE).read_bytes() == pretrained_file("int8.tflite").read_bytes()


def test_an_unproven_file_is_refused(proven, project):
    proven.with_suffix(".json").unlink()
    with pytest.raises(InputError, match="nothing proves it"):
        put_into_page(proven, project)
    assert not (project / MODEL_FILE).exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model", "missing.tflite"], "model=missing.tflite: there is no such file"),
        (["--model", "x.tflite", "--output", "out"], "output: a .tflite file is"),
        (["--model", "run", "--output", "out", "--formats", "float32"], "the page takes the int8"),
        (["--model", "run", "--output", "out", "--size", "48x32", "32x48"], "the page takes one"),
        (["--model", "run", "--output", "out", "--allow-inexact"], "omit `allow_inexact`"),
    ],
)
def test_wrong_calls_are_one_line(project, arguments, message):
    with pytest.raises(InputError, match=message):
        main([*arguments, "--web", str(project)])


def test_a_folder_that_is_no_page_is_named_before_anything_is_written(proven, project, tmp_path):
    with pytest.raises(InputError, match=f"web={tmp_path}: no web demo"):
        main(["--model", str(proven), "--web", str(tmp_path)])
    with pytest.raises(InputError, match=f"android={project}: no Android project"):
        main(["--model", str(proven), "--web", str(project), "--android", str(project)])
    assert not (project / MODEL_FILE).exists()
