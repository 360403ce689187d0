import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants
from keras_f2a.export.generator import load_exportable

import keras_f2a
from keras_f2a.correction.guarded_engine import GuardedEngine
from keras_f2a.correction.litert_engine import LiteRTEngine
from keras_f2a.correction.onnx_engine import ONNXEngine
from keras_f2a.evaluation.methods import load_methods
from keras_f2a.model_files import hub
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.model_files.card import card_file
from keras_f2a.support.errors import InputError, WorkError
from tests.conftest import write_pair
from tests.model_files.local_hub import local_hub
from tests.small_models import save_keras, save_tflite
from tests.small_onnx import half_plus_quarter, save_onnx


def repositories(folder):
    landscape, portrait = (
        save_tflite(folder / f"m_{width}x{height}_x.tflite", size=(height, width))
        for width, height in ((32, 24), (24, 32))
    )
    keras_file = save_keras(folder / "generator.keras").read_bytes()
    files = {path.name: path.read_bytes() for path in (landscape, portrait)}
    cards = {
        path.stem + ".json": path.with_suffix(".json").read_bytes()
        for path in folder.glob("*.tflite")
    }
    card = landscape.with_suffix(".json").name
    onnx_file = save_onnx(folder / "m.onnx")
    onnx_files = [onnx_file, card_file(onnx_file)]
    damaged = bytearray(files[landscape.name])
    damaged[len(damaged) // 2] ^= 255
    return {
        "ours/pair": {**files, **cards, "README.md": b"# card", "generator.keras": keras_file},
        "ours/several": {"a.keras": keras_file, "b.keras": keras_file},
        "ours/inner": {"files/a.keras": keras_file},
        "ours/bare": {landscape.name: files[landscape.name]},
        "ours/damaged": {landscape.name: bytes(damaged), card: cards[card]},
        "ours/light": {"light.keras": pretrained_file("keras").read_bytes()},
        "ours/onnx": {path.name: path.read_bytes() for path in onnx_files},
        "ours/empty": {"README.md": b"# nothing"},
        "ours/outside": {"../outside.keras": keras_file},
        "ours/revisions": {
            "main": {"a.keras": b"damaged"},
            "v2": {"generator.keras": keras_file, "a.keras": b"damaged"},
            "refs/pr/1": {"generator.keras": keras_file},
        },
    }  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return repositories(tmp_path_factory.mktemp("models"))


@pytest.fixture
def server(files, tmp_path, monkeypatch):
    hub.hub_file.cache_clear()
    with local_hub(files) as (address, asked):
        monkeypatch.setattr(constants, "ENDPOINT", address)
        template = f"{address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        yield asked
    hub.hub_file.cache_clear()


def test_a_corrector_takes_an_address(server, files, rng, tmp_path):
    corrector = keras_f2a.Corrector(model="hf://ours/pair")
    landscape, portrait = rng.random((2, 48, 64, 3), np.float32)
    local = tmp_path / "local"
    local.mkdir()
    for name, content in files["ours/pair"].items():
        (local / name).write_bytes(content)
    alone = keras_f2a.Corrector(local / "m_32x24_x.tflite")
    for image in (landscape, portrait.transpose(1, 0, 2)):
        np.testing.assert_array_equal(corrector.correct(image), alone.correct(image))
    assert isinstance(corrector._engines.primary, LiteRTEngine)
    assert corrector._engines._sibling_engine is not None
    asked = [path for path in server if "/resolve/" in path]
    assert not any("README" in path or ".keras" in path for path in asked)


def test_an_onnx_file_comes_with_its_card(server, rng):
    engine = keras_f2a.Corrector(model="hf://ours/onnx")._engines.primary
    assert isinstance(engine, ONNXEngine)  # in this process, because its card vouches for it
    image = rng.random((24, 32, 3), np.float32)
    np.testing.assert_allclose(engine.run(image), half_plus_quarter(image), atol=1e-6)


@pytest.mark.parametrize(
    "address",
    [
        "hf://ours/pair",
        "hf://ours/pair/generator.keras",
        "hf://ours/several/b.keras",
        "hf://ours/inner",
        "hf://ours/inner/files/a.keras",
        "hf://ours/revisions@v2",
        "hf://ours/revisions@refs/pr/1",
        "hf://ours/revisions@refs/pr/1/generator.keras",
        Path("hf://ours/pair/generator.keras"),
    ],
)
def test_a_generator_is_loaded_from_its_address(address, server):
    image = np.full((1, 20, 30, 3), 0.5, np.float32)
    result = keras_f2a.load_generator(address).predict(image, verbose=0)
    np.testing.assert_allclose(result, 0.5, atol=1e-6)


def test_methods_of_an_evaluation_and_exports_take_an_address(server):
    image = np.full((32, 48, 3), 0.4, np.float32)
    ((label, method),) = load_methods(["hf://ours/light"]).items()
    (expected,) = keras_f2a.pretrained().predict(image[None], verbose=0)
    assert label == "light"
    np.testing.assert_allclose(method(image), expected, atol=1e-5)
    exportable = load_exportable("hf://ours/light")
    assert exportable.sha256 == hashlib.sha256(pretrained_file("keras").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("hf://ours", "is not a model address; write hf://user/repository"),
        ("hf://ours/pair/../other", "is not a model address"),
        ("hf://ours/no-such", "there is no such model, or it needs a login"),
        ("hf://ours/pair@none", "there is no such revision"),
        (
            "hf://ours/pair/other.keras",
            "no such file; it contains generator.keras; name one: hf://",
        ),
        (
            "hf://ours/several",
            "it contains a.keras, b.keras; name one: hf://user/repository/a.keras",
        ),
        ("hf://ours/empty", "it contains no .keras file"),
        ("hf://ours/outside", "it contains no .keras file"),
        ("hf://ours/revisions", "a.keras: "),
        ("hf://ours/" + "a" * 200, "is not a model address"),
    ],
)
def test_what_cannot_be_loaded_is_one_line(address, message, server):
    with pytest.raises(InputError) as caught:
        keras_f2a.load_generator(address)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_downloaded_file_is_checked_like_another(server, caplog):
    with pytest.raises(InputError, match="not the file that m_32x24_x.json was written for"):
        keras_f2a.Corrector(model="hf://ours/damaged")
    corrector = keras_f2a.Corrector(model="hf://ours/bare")
    assert isinstance(corrector._engines.primary, GuardedEngine)
    assert "has no valid card" in caplog.text


def test_without_a_connection_the_last_download_is_taken(server, monkeypatch):
    first = hub.hub_file("hf://ours/pair", (".tflite",))
    hub.hub_file.cache_clear()
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert hub.hub_file("hf://ours/pair", (".tflite",)) == first
    with pytest.raises(WorkError, match="hf://ours/inner: could not be downloaded"):
        hub.hub_file("hf://ours/inner", (".keras",))


def test_a_repository_that_is_too_large_is_not_downloaded(server, monkeypatch):
    monkeypatch.setattr(hub, "_MAX_SIZE", 100)
    with pytest.raises(InputError, match="too much for a generator"):
        hub.hub_file("hf://ours/inner", (".keras",))
    assert not any("/resolve/" in path for path in server)


def test_without_the_package_the_extra_is_named(monkeypatch):
    hub.hub_file.cache_clear()
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    monkeypatch.setitem(sys.modules, "huggingface_hub.errors", None)
    with pytest.raises(InputError, match=r"pip install 'keras_f2a\[hub\]'"):
        keras_f2a.load_generator("hf://ours/pair")


def test_the_command_takes_an_address(files, tmp_path):
    write_pair(tmp_path, "a", (64, 48))
    model = pretrained_file("int8.tflite")
    ours = {file.name: file.read_bytes() for file in (model, model.with_suffix(".json"))}
    program = [sys.executable, "-m", "keras_f2a", "correct", str(tmp_path / "a_flash.png")]
    with local_hub({"we/light": ours}) as (address, _):
        environment = os.environ | {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path / "home")}
        results = []
        there = ["--model", "hf://we/light"]
        for name, options in (("hub", there), ("ours", ["--model", str(model), "--rules=off"])):
            command = [*program, "--output", str(tmp_path / name), *options]
            subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
            results.append((tmp_path / name / "a_flash.png").read_bytes())
        assert results[0] == results[1]
        command = [*program, "--output", "out", "--model", "hf://we/other"]
        ended = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert "hf://we/other: there is no such model" in line
    assert not (tmp_path / "out").exists()
