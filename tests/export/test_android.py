import hashlib
import json
import shutil
import sys

import keras_f2a.export.parity
import pytest
from keras_f2a.export.__main__ import main
from keras_f2a.export.android import (
    FACES_FILE,
    MODEL_FILE,
    PROPERTIES_FILE,
    SIBLING_FILE,
    put_into_app,
)

from android_demo.toolchain.toolchain import DEMO
from keras_f2a.model_files.bundled import FACE_DETECTOR, PLACED_LIGHT, pretrained_file
from keras_f2a.support.errors import InputError

NAME = "flash_to_ambient_64x48_int8"


@pytest.fixture
def project(tmp_path):
    """Copy the demo as it is in a checkout, without built or exported files."""
    made = shutil.ignore_patterns("build", "assets", "model.properties")
    return shutil.copytree(DEMO, tmp_path / "project", ignore=made)


@pytest.fixture
def proven(exported, tmp_path):
    """Copy an exported int8 file and its card, so that the test can change them."""
    for suffix in (".tflite", ".json"):
        shutil.copy(exported.folder / (NAME + suffix), tmp_path)
    return tmp_path / f"{NAME}.tflite"


def change_card(model, **changes):
    card = json.loads(model.with_suffix(".json").read_text())
    model.with_suffix(".json").write_text(json.dumps(card | changes))


def change_model(model, change):
    """Change a file's contents and update the digest in its card."""
    from ai_edge_litert.tools import flatbuffer_utils

    content = flatbuffer_utils.read_model(str(model))
    graph = content.subgraphs[0]
    change(graph, graph.tensors[graph.inputs[0]], graph.tensors[graph.outputs[0]])
    flatbuffer_utils.write_model(content, str(model))
    change_card(model, sha256=hashlib.sha256(model.read_bytes()).hexdigest())


def test_a_file_that_was_exported_before_is_put_into_the_project(
    proven, project, capsys, monkeypatch
):
    monkeypatch.setitem(sys.modules, "keras_f2a.export.exporter", None)  # Exporting would fail.
    assert main(["--model", str(proven), "--android", str(project)]) == 0
    asset = project / MODEL_FILE
    assert asset.read_bytes() == proven.read_bytes()
    lines = (project / PROPERTIES_FILE).read_text().splitlines()
    assert dict(line.split("=", 1) for line in lines) == {
        "name": NAME,
        "file": MODEL_FILE,
        "sha256": hashlib.sha256(proven.read_bytes()).hexdigest(),
        "bytes": str(proven.stat().st_size),
        "height": "48",
        "width": "64",
    }
    assert capsys.readouterr().out == f"{asset}\n{project / PROPERTIES_FILE}\n"


def test_an_export_puts_its_int8_file_into_the_project(run_directory, project, tmp_path):
    arguments = [
        "--model",
        str(run_directory),
        "--output",
        str(tmp_path / "out"),
        "--size",
        "48x32",
    ]
    arguments += ["--formats", "int8", "--android", str(project)]
    assert main(arguments) == 0
    exported_file = tmp_path / "out/flash_to_ambient_48x32_int8.tflite"
    assert (project / MODEL_FILE).read_bytes() == exported_file.read_bytes()
    assert "width=48\n" in (project / PROPERTIES_FILE).read_text()


def test_a_file_that_misses_its_gate_is_not_put_there(
    run_directory, project, tmp_path, monkeypatch
):
    monkeypatch.setitem(keras_f2a.export.parity.REQUIRED_PARITY, "int8", 200.0)
    arguments = [
        "--model",
        str(run_directory),
        "--output",
        str(tmp_path / "out"),
        "--size",
        "48x32",
    ]
    assert main([*arguments, "--formats", "int8", "--android", str(project)]) == 1
    assert not (project / PROPERTIES_FILE).exists()


def test_unproven_and_unfit_files_are_refused_in_one_line(proven, project):
    def refused(message):
        with pytest.raises(InputError, match=message) as error:
            put_into_app(proven, project)
        assert "\n" not in str(error.value)
        assert not (project / PROPERTIES_FILE).exists()

    card = proven.with_suffix(".json").read_text()
    change_card(proven, measured={"shortcomings": ["parity 30.0 dB, below 38 dB"]})
    refused("missed its gate: parity 30.0 dB")
    change_card(proven, sha256="0" * 64)
    refused(f"not the file that {NAME}.json was written for")
    proven.with_suffix(".json").unlink()
    refused("has no valid card")
    proven.with_suffix(".json").write_text(card)

    def change_size(graph, image, output):
        image.shapeSignature = [1, -1, -1, 3]

    def change_type(graph, image, output):
        image.shapeSignature, output.type = None, 9

    def change_inputs(graph, image, output):
        graph.inputs = [*graph.inputs, graph.inputs[0]]

    change_model(proven, change_size)
    refused(
        "one RGB image of a fixed size as input and output, "
        r"not \(1, -1, -1, 3\) and \(1, 48, 64, 3\)"
    )
    change_model(proven, change_type)
    refused("the demos need float32 input and output")
    change_model(proven, change_inputs)
    refused("not a generator")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model", "missing.tflite"], "model=missing.tflite: there is no such file"),
        (
            ["--model", "x.tflite", "--output", "out"],
            "output: a .tflite file is",
        ),
        (["--model", "x.tflite", "--model-version", "2"], "model_version: a .tflite file is"),
        (["--model", "run"], "output: name a folder"),
        (["--model", "run", "--output", "out", "--formats", "float32"], "add int8 to `formats`"),
        (
            ["--model", "run", "--output", "out", "--size", "48x32", "32x48"],
            "give `sizes` only one",
        ),
        (["--model", "run", "--output", "out", "--allow-inexact"], "omit `allow_inexact`"),
    ],
)
def test_wrong_calls_are_one_line(project, arguments, message):
    with pytest.raises(InputError, match=message):
        main([*arguments, "--android", str(project)])


def test_a_folder_that_is_no_project_is_named_before_any_work(proven, tmp_path):
    for model in (proven, tmp_path):
        arguments = ["--model", str(model), "--android", str(tmp_path)]
        arguments += [] if model == proven else ["--output", str(tmp_path / "out")]
        with pytest.raises(InputError, match=f"android={tmp_path}: not an Android project"):
            main(arguments)


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_without_a_model_the_one_that_the_package_carries_is_taken(project, capsys):
    assert main(["--android", str(project)]) == 0
    sources = {
        MODEL_FILE: pretrained_file("int8.tflite", PLACED_LIGHT),
        SIBLING_FILE: pretrained_file("portrait_int8.tflite", PLACED_LIGHT),
        FACES_FILE: FACE_DETECTOR,
    }
    properties = (project / PROPERTIES_FILE).read_text()
    assert "width=320\n" in properties
    keys = ("sha256", "sibling_sha256", "faces_sha256")
    for key, (name, source) in zip(keys, sources.items(), strict=True):
        assert (project / name).read_bytes() == source.read_bytes()
        assert f"\n{key}={digest(source)}\n" in properties
    named = capsys.readouterr().out.splitlines()
    assert named == [str(project / name) for name in (*sources, PROPERTIES_FILE)]


def test_a_user_s_own_model_takes_the_place_of_ours_with_all_its_files(proven, project):
    main(["--android", str(project)])
    assert put_into_app(proven, project) == [project / MODEL_FILE, project / PROPERTIES_FILE]
    assert not (project / SIBLING_FILE).exists()
    assert not (project / FACES_FILE).exists()
    assert "sibling" not in (project / PROPERTIES_FILE).read_text()


@pytest.mark.parametrize("rules", ["auto", "on"])
def test_a_user_s_own_model_brings_its_sibling(tmp_path, project, rules):
    for kind in ("int8.tflite", "portrait_int8.tflite"):
        for file in (pretrained_file(kind), pretrained_file(kind).with_suffix(".json")):
            shutil.copy(file, tmp_path)
    model = tmp_path / pretrained_file("int8.tflite").name
    assert main(["--model", str(model), "--android", str(project), "--rules", rules]) == 0
    sibling = tmp_path / pretrained_file("portrait_int8.tflite").name
    assert (project / SIBLING_FILE).read_bytes() == sibling.read_bytes()
    assert (project / FACES_FILE).exists() == (rules == "on")
    assert ("faces_sha256" in (project / PROPERTIES_FILE).read_text()) == (rules == "on")
    change_card(sibling, sha256="0" * 64)
    with pytest.raises(InputError, match=f"{sibling.name}: not the file that"):
        put_into_app(model, project)
