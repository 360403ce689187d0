import hashlib
import json
import shutil
import sys

import pytest
from keras_f2a.export.__main__ import main
from keras_f2a.export.web import (
    CARD_FILE,
    FACES_FILE,
    MODEL_FILE,
    SIBLING_CARD_FILE,
    SIBLING_FILE,
    put_into_page,
)

from keras_f2a.model_files.bundled import FACE_DETECTOR, GENERATOR, PLACED_LIGHT, pretrained_file
from keras_f2a.support.errors import InputError
from tests.web_demo.node import DEMO


@pytest.fixture
def project(tmp_path):
    """Copy the demo as it is in a checkout, without built or added files."""
    made = shutil.ignore_patterns("node_modules", "dist", "model", "build")
    return shutil.copytree(DEMO, tmp_path / "project", ignore=made)


@pytest.fixture
def proven(exported, tmp_path):
    """Copy an exported int8 file and its card, so that the test can change them."""
    source = exported.file("int8")
    for suffix in (".tflite", ".json"):
        shutil.copy(source.with_suffix(suffix), tmp_path)
    return tmp_path / source.name


def test_a_proven_file_and_its_card_are_put_into_the_page(proven, project, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras_f2a.export.exporter", None)  # Exporting would fail.
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


@pytest.mark.parametrize(
    ("named", "model"), [([], PLACED_LIGHT), (["--model", GENERATOR], GENERATOR)]
)
def test_the_ones_that_the_package_carries_are_taken(named, model, project, capsys):
    assert main([*named, "--web", str(project)]) == 0
    landscape, portrait = (
        pretrained_file(kind, model) for kind in ("int8.tflite", "portrait_int8.tflite")
    )
    sources = {
        MODEL_FILE: landscape,
        CARD_FILE: landscape.with_suffix(".json"),
        SIBLING_FILE: portrait,
        SIBLING_CARD_FILE: portrait.with_suffix(".json"),
        FACES_FILE: FACE_DETECTOR,
    }
    for name, source in sources.items():
        assert (project / name).read_bytes() == source.read_bytes()
    assert capsys.readouterr().out.splitlines() == [str(project / name) for name in sources]


def test_a_model_of_the_user_s_own_takes_the_place_of_ours_with_all_its_files(proven, project):
    main(["--web", str(project)])
    assert put_into_page(proven, project) == [project / MODEL_FILE, project / CARD_FILE]
    assert sorted(file.name for file in (project / "model").iterdir()) == [
        "model.json",
        "model.tflite",
    ]


@pytest.mark.parametrize("rules", ["auto", "on"])
def test_a_model_of_the_user_s_own_brings_its_sibling(tmp_path, project, rules):
    model, sibling = copies_of_ours(tmp_path)
    assert main(["--model", str(model), "--web", str(project), "--rules", rules]) == 0
    assert (project / SIBLING_FILE).read_bytes() == sibling.read_bytes()
    assert (project / FACES_FILE).exists() == (rules == "on")


def test_our_model_goes_without_rules_where_that_is_asked_for(project):
    assert main(["--web", str(project), "--rules", "off"]) == 0
    assert (project / SIBLING_FILE).exists()
    assert not (project / FACES_FILE).exists()


def test_rules_without_a_demo_are_refused(tmp_path):
    with pytest.raises(InputError, match="rules: applies only to a demo"):
        main(["--output", str(tmp_path), "--formats", "int8", "--rules", "on"])


def test_an_unproven_sibling_is_refused(tmp_path, project):
    model, sibling = copies_of_ours(tmp_path)
    sibling.write_bytes(b"another")
    with pytest.raises(InputError, match=f"{sibling.name}: not the file that"):
        put_into_page(model, project)
    assert not (project / MODEL_FILE).exists()


def test_a_sibling_of_another_generator_or_size_is_refused(tmp_path, project):
    model, sibling = copies_of_ours(tmp_path)
    card = sibling.with_suffix(".json")
    card.write_text(json.dumps(json.loads(card.read_text()) | {"generator_sha256": "0" * 64}))
    with pytest.raises(InputError, match=f"{sibling.name}: comes from another generator than"):
        put_into_page(model, project)
    for suffix in (".tflite", ".json"):
        shutil.copy(model.with_suffix(suffix), sibling.with_suffix(suffix))
    message = f"{sibling.name} is for images of 320x240, which is not the other orientation of 320x"
    with pytest.raises(InputError, match=message):
        put_into_page(model, project)
    assert not (project / MODEL_FILE).exists()


def copies_of_ours(folder):
    """Copy the package's files for both orientations, so that they count as a user's own."""
    files = [pretrained_file(kind) for kind in ("int8.tflite", "portrait_int8.tflite")]
    for file in files:
        shutil.copy(file, folder)
        shutil.copy(file.with_suffix(".json"), folder)
    return [folder / file.name for file in files]


def test_an_unproven_file_is_refused(proven, project):
    proven.with_suffix(".json").unlink()
    with pytest.raises(InputError, match="has no valid card"):
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
    with pytest.raises(InputError, match=f"web={tmp_path}: not a web demo"):
        main(["--model", str(proven), "--web", str(tmp_path)])
    with pytest.raises(InputError, match=f"android={project}: not an Android project"):
        main(["--model", str(proven), "--web", str(project), "--android", str(project)])
    assert not (project / MODEL_FILE).exists()
