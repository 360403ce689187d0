"""The package for darktable's model repository follows the repository's documentation."""

import json
import runpy
import zipfile

import cv2
import numpy as np
import onnxruntime
import pytest
import yaml
from keras_f2a.export.__main__ import main
from keras_f2a.export.onnx_file import read_metadata

import keras_f2a
from keras_f2a.support.errors import InputError

ID = "relight-flash-to-ambient"
ABOUT = {
    "author": "Ada",
    "license": "MIT",
    "source": "a repository",
    "training_data": "my 12 photographs",
    "training_data_license": "CC0 1.0",
    "training_data_provenance": 'taken by me: "all" agreed',
    "training_code": "keras_f2a (Apache-2.0)",
    "limitations": "small",
    "openness": "Open Source AI",
    "model_openness_class": "Class III (Open Model)",
}


def write_about(path, about):
    path.write_text("".join(f"{key} = {json.dumps(text)}\n" for key, text in about.items()))
    return path


@pytest.fixture(scope="module")
def folder(run_directory, tmp_path_factory):
    folder = tmp_path_factory.mktemp("darktable")
    about = write_about(folder / "about.toml", ABOUT)
    words = f"--model {run_directory} --output {folder} --size 48x32 --formats darktable"
    assert main([*words.split(), "--about", str(about)]) == 0
    return folder / "darktable"


@pytest.fixture(scope="module")
def installed(folder, tmp_path_factory):
    """Extract the archive as darktable does and return the folder that its first entry names."""
    place = tmp_path_factory.mktemp("models")
    with zipfile.ZipFile(folder / f"{ID}.dtmodel") as archive:
        names = archive.namelist()
        assert {name.split("/")[0] for name in names} == {ID}
        archive.extractall(place)
    return place / ID


def test_the_archive_has_what_darktable_reads(installed):
    config = json.loads((installed / "config.json").read_text(encoding="utf-8"))
    assert config["id"] == installed.name == ID
    for key in ("name", "description", "task", "backend", "version", "arch"):
        assert isinstance(config[key], str) and config[key]
    assert (config["backend"], config["tiling"], config["version"]) == ("onnx", False, "1.0")
    card = config["model_card"]
    assert card["author"] == "Ada" and card["license"] == "MIT"
    assert card["training_data_license"] == "CC0 1.0"
    assert all(isinstance(text, str) and text for text in card.values())
    assert config["attributes"]["size_multiple"] == 16


def test_the_network_takes_channels_first_and_any_size(folder, installed, generator, rng):
    session = onnxruntime.InferenceSession(installed / "model.onnx")
    [source], [result] = session.get_inputs(), session.get_outputs()
    # darktable uses these names if `config.json` has no others.
    assert source.shape == result.shape == [1, 3, "height", "width"]
    metadata = read_metadata(installed / "model.onnx")
    card = json.loads((folder / f"{ID}.dtmodel.json").read_text(encoding="utf-8"))
    for side in ("input", "output"):
        assert metadata[side]["shape"] == card[side]["shape"] == [1, 3, None, None]
    for sides in (32, 48), (64, 16):
        image = rng.random((1, *sides, 3), np.float32)
        [output] = session.run(None, {source.name: image.transpose(0, 3, 1, 2)})
        expected = generator.predict(image, verbose=0)
        np.testing.assert_allclose(output.transpose(0, 2, 3, 1), expected, atol=1e-4)


def test_the_manifest_and_the_card_say_the_same(folder, installed, run_directory):
    source = folder / "models" / ID
    manifest = yaml.safe_load((source / "model.yaml").read_text(encoding="utf-8"))
    config = json.loads((installed / "config.json").read_text(encoding="utf-8"))
    assert {key: manifest[key] for key in config} == config
    [checkpoint] = manifest["checkpoints"]
    assert checkpoint["path"] == f"temp/{ID}/generator.keras"
    [step] = manifest["convert"]
    assert step["args"] == {
        "checkpoint": "{temp}/generator.keras",
        "output": "{output}/model.onnx",
    }
    card = (source / "README.md").read_text(encoding="utf-8")
    assert card == (installed / "README.md").read_text(encoding="utf-8")
    for row in ("Model license | MIT", "OSAID v1.0 | Open Source AI", "MOF | Class III"):
        assert f"| {row}" in card
    for row in ("Training data license", "Training data provenance", "Training code"):
        assert f"| {row} |" in card
    assert "not stated" not in card.split("Selection Criteria")[1].replace(
        "Published research | not stated", ""
    )


def test_the_scripts_make_and_run_the_same_network(folder, installed, run_directory, tmp_path, rng):
    scripts = folder / "models" / ID
    convert = runpy.run_path(str(scripts / "convert.py"))["convert"]
    convert(checkpoint=str(run_directory / "generator.keras"), output=str(tmp_path / "again.onnx"))
    image = rng.random((1, 3, 32, 48), np.float32)
    outputs = [
        onnxruntime.InferenceSession(path).run(None, {"flash": image})[0]
        for path in (installed / "model.onnx", tmp_path / "again.onnx")
    ]
    np.testing.assert_array_equal(*outputs)
    photo = rng.integers(0, 256, (70, 90, 3), np.uint8)
    cv2.imwrite(str(tmp_path / "photo.png"), photo)
    demo = runpy.run_path(str(scripts / "demo.py"))["demo"]
    demo(str(installed / "model.onnx"), str(tmp_path / "photo.png"), str(tmp_path / "out.png"))
    small = cv2.resize(photo, (96, 64), interpolation=cv2.INTER_AREA)[..., ::-1]
    model = keras_f2a.load_generator(run_directory)
    expected = model.predict(small[None].astype(np.float32) / 255, verbose=0)[0]
    found = cv2.imread(str(tmp_path / "out.png"))[..., ::-1].astype(np.float32) / 255
    np.testing.assert_allclose(found, np.clip(expected, 0, 1), atol=1.01 / 255)


@pytest.mark.parametrize("left_out", [ABOUT.keys(), ["license"], ["training_data_provenance"]])
def test_what_the_policy_asks_for_must_be_said(run_directory, tmp_path, left_out):
    about = {key: text for key, text in ABOUT.items() if key not in left_out}
    words = f"--model {run_directory} --output {tmp_path / 'out'} --formats darktable"
    if about:
        words += f" --about {write_about(tmp_path / 'about.toml', about)}"
    with pytest.raises(InputError, match=f"about: .* requires {', '.join(left_out)}; name a"):
        main(words.split())
    assert not (tmp_path / "out" / "darktable").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("author = 5", "author must be a text"),
        ('author = " "', "author must be a text"),
        ('licence = "MIT"', "unknown key licence; use author, license"),
        ("author", "cannot be read as TOML"),
        ("\xff\xfe", "cannot be read as TOML"),
    ],
)
def test_what_is_said_wrongly_is_one_line(run_directory, tmp_path, text, message):
    (tmp_path / "a.toml").write_text(text, encoding="latin-1")
    words = f"--model {run_directory} --output {tmp_path / 'out'} --formats onnx"
    with pytest.raises(InputError, match=f"a.toml: {message}") as caught:
        main([*words.split(), "--about", str(tmp_path / "a.toml")])
    assert "\n" not in str(caught.value)
