"""A placed-light network is exported to one file, checked, and used by the command."""

import contextlib
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from keras_f2a.export import read_metadata
from keras_f2a.export.__main__ import main as export
from keras_f2a.export.android import ASSETS
from keras_f2a.export.settings import DEFAULT_FORMATS
from PIL import Image

from keras_f2a import correct
from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.engine import LightEngine
from keras_f2a.correction.engines import load_engine
from keras_f2a.correction.guarded_light_engine import GuardedLightEngine
from keras_f2a.correction.placed_light import log_gains
from keras_f2a.data.described_lights import NAMED
from keras_f2a.data.light_mixtures import light_mixture
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.models import PlacedLight
from keras_f2a.support.errors import InputError
from tests.conftest import names_in

NAMES = [f"placed_light_64x48_{file_format}" for file_format in ("float32", "int8")]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Return a file like that of `make placed-light`, with random weights that have an effect."""
    network = PlacedLight(width=0.1, reduction=2)
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(0, 0.15, w.shape) for w in network.get_weights()])
    path = tmp_path_factory.mktemp("run") / "placed_light.keras"
    network.save(path)
    return path


@pytest.fixture(scope="module")
def exported(trained, tmp_path_factory):
    """Export that file in the formats that it supports and return the folder."""
    folder = tmp_path_factory.mktemp("exported")
    about = tmp_path_factory.mktemp("about") / "about.toml"
    about.write_text('author = "Zoe"\nlicense = "CC0-1.0"\n')
    words = f"--model {trained} --output {folder} --size 64x48 --threads 1 --about {about}"
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert export(words.split()) == 0
    assert "of one light, after the photograph was encoded" in printed.getvalue()
    return folder


def test_every_format_passes_on_every_named_light(exported):
    report = json.loads((exported / "report.json").read_text())
    of_keras, *rows = report["files"]
    assert of_keras["name"] == "placed_light.keras at 64x48"
    assert [row["name"] for row in rows] == [f"{name}.tflite" for name in NAMES]
    for row, least in zip(rows, (90, 40), strict=True):
        assert not row["shortcomings"]
        assert row["parity"]["parity"] >= least
        assert row["parity"]["pairs"] == 8 * len(NAMED)
        assert row["seconds"] > 0 and row["encode_seconds"] > 0
    assert rows[1]["size"] < rows[0]["size"]
    expected = [f"{name}.{suffix}" for name in NAMES for suffix in ("json", "tflite")]
    assert names_in(exported) == sorted([*expected, "report.json", "report.md"])


@pytest.mark.parametrize("name", NAMES)
def test_one_file_has_both_signatures_and_says_what_it_is(exported, name):
    path = exported / f"{name}.tflite"
    features = [f"features{level}" for level in (1, 2, 3, 4)]
    assert Interpreter(str(path)).get_signature_list() == {
        "encode": {"inputs": ["flash"], "outputs": features},
        "light": {"inputs": [*features, "light"], "outputs": ["log_gain"]},
    }
    metadata, card = read_metadata(path), json.loads((exported / f"{name}.json").read_text())
    assert card["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    for found in metadata, card:
        assert (found["kind"], found["input"]["shape"]) == ("placed light", [1, 48, 64, 3])
        assert (found["about"]["author"], found["about"]["license"]) == ("Zoe", "CC0-1.0")
        for light, numbers in found["light"]["named"].items():
            np.testing.assert_allclose(numbers, light_mixture(light).numbers[0], atol=1e-6)
    assert {"encode", "light"} == set(card["signatures"])


def test_no_weight_is_in_the_file_twice(trained, exported):
    network = PlacedLight(width=0.1, geometry=False)
    size = (exported / f"{NAMES[0]}.tflite").stat().st_size
    assert size < 4 * network.count_params() + 80_000


@pytest.mark.parametrize("name", NAMES)
def test_the_file_answers_as_the_network_does(trained, exported, rng, name):
    image = rng.random((48, 64, 3), np.float32)
    answers, lights = [], light_mixture("auto").numbers
    for file in (exported / f"{name}.tflite", trained):
        engine = load_engine(file)
        assert isinstance(engine, LightEngine)
        answers.append(log_gains(engine, engine.encode(image).features, lights, size=(48, 64)))
    scale = answers[1].std()
    assert scale > 0.01
    error = np.sqrt(np.mean((answers[0] - answers[1]) ** 2))
    assert error < (0.15 if "int8" in name else 1e-4) * scale


def test_a_file_without_its_card_runs_apart(exported, tmp_path, rng):
    file = tmp_path / "placed.tflite"
    file.write_bytes((exported / f"{NAMES[0]}.tflite").read_bytes())
    engine, known = load_engine(file, 1), load_engine(exported / f"{NAMES[0]}.tflite", 1)
    assert isinstance(engine, GuardedLightEngine)
    image = rng.random((48, 64, 3), np.float32)
    apart, here = (
        log_gains(
            one, one.encode(image).features, light_mixture("lamp-left").numbers, size=(48, 64)
        )
        for one in (engine, known)
    )
    np.testing.assert_array_equal(apart, here)


def test_the_command_takes_the_file_and_a_light(exported, tmp_path, rng):
    small = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    small.resize((128, 96)).save(tmp_path / "a.png")
    model = exported / f"{NAMES[1]}.tflite"
    results = []
    for light in ("auto", "window-left*0.7+lamp-right*0.3@2700"):
        words = ["--model", model, "--light", light, "--output", tmp_path / light, "--rules", "off"]
        assert correct.main([str(word) for word in [tmp_path / "a.png", *words]]) == 0
        results.append(np.asarray(Image.open(tmp_path / light / "a.png"), int))
    assert np.abs(results[0] - results[1]).max() > 5
    with Image.open(tmp_path / "a.png") as image:
        expected = Corrector(model, light="auto", rules="off").correct(np.asarray(image))
    np.testing.assert_array_equal(results[0], expected)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--light candle", "--light candle: choose one of auto, ceiling"),
        (
            f"--light lamp-left --model {pretrained_file('int8.tflite')}",
            "--light lamp-left: this model cannot be told .* omit --model",
        ),
    ],
)
def test_the_command_says_what_is_wrong(words, message, tmp_path):
    Image.new("RGB", (64, 48)).save(tmp_path / "a.png")
    command = [sys.executable, "-m", "keras_f2a", "correct", "a.png", "--output", "out"]
    done = subprocess.run(
        [*command, *words.split()], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert re.search(message, line)
    assert names_in(tmp_path) == ["a.png"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "--formats onnx",
            "formats=onnx: a network for placed light can be exported only as float32 or",
        ),
        ("--formats float32 float16", "formats=float16: a network for placed light"),
        # A generator's default formats, in the default order.
        (
            f"--formats {' '.join(DEFAULT_FORMATS)}",
            "formats=saved_model: a network for placed light",
        ),
    ],
)
def test_what_it_cannot_become_is_said(trained, tmp_path, words, message):
    arguments = f"--model {trained} --output {tmp_path / 'out'} --size 64x48 {words}"
    with pytest.raises(InputError, match=message):
        export(arguments.split())


def test_it_is_called_as_told_even_if_a_generator_is_called_so_by_default(trained, tmp_path):
    words = f"--model {trained} --output {tmp_path} --size 64x48 --name flash_to_ambient"
    assert export([*words.split(), "--threads", "1", "--formats", "float32"]) == 0
    assert (tmp_path / "flash_to_ambient_64x48_float32.tflite").is_file()


@pytest.mark.parametrize(("rules", "files"), [("auto", 3), ("on", 3), ("off", 2)])
def test_the_page_gets_the_file_and_by_default_what_finds_faces(exported, page, rules, files):
    model = exported / f"{NAMES[1]}.tflite"
    assert export(["--model", str(model), "--web", str(page), "--rules", rules]) == 0
    expected = ["faces.tflite", "model.json", "model.tflite"]
    assert names_in(page / "model") == expected[-files:]
    assert (page / "model/model.tflite").read_bytes() == model.read_bytes()


def test_the_page_takes_no_two_kinds_of_network(exported, page, tmp_path):
    model = tmp_path / "placed_64x48_int8.tflite"
    other = tmp_path / "placed_48x64_int8.tflite"
    files = {model: exported / f"{NAMES[1]}.tflite", other: pretrained_file("portrait_int8.tflite")}
    for copy, file in files.items():
        for suffix in (".tflite", ".json"):
            shutil.copy(file.with_suffix(suffix), copy.with_suffix(suffix))
    with pytest.raises(InputError, match="placed_48x64_int8.tflite is another kind of network"):
        export(["--model", str(model), "--web", str(page)])
    assert not (page / "model").exists()


@pytest.fixture
def page(tmp_path):
    """Create a folder that passes for the web demo."""
    (tmp_path / "page/src/core").mkdir(parents=True)
    (tmp_path / "page/src/core/corrector.ts").touch()
    return tmp_path / "page"


def test_the_int8_file_is_put_into_the_app_with_the_detector_of_faces(exported, tmp_path):
    project = tmp_path / "app"
    (project / "app/src/main").mkdir(parents=True)
    words = ["--model", str(exported / f"{NAMES[1]}.tflite"), "--android", str(project)]
    with contextlib.redirect_stdout(io.StringIO()):
        assert export(words) == 0
        assert names_in(project / ASSETS) == ["faces.tflite", "model.tflite"]
        assert export([*words, "--rules", "off"]) == 0
    assert names_in(project / ASSETS) == ["model.tflite"]
    properties = (project / "model.properties").read_text()
    assert "height=48\nwidth=64\n" in properties


def test_an_export_for_the_app_ends_in_it(trained, tmp_path):
    project = tmp_path / "app"
    (project / "app/src/main").mkdir(parents=True)
    words = f"--model {trained} --output {tmp_path / 'out'} --size 64x48 --formats int8 --threads 1"
    with contextlib.redirect_stdout(io.StringIO()):
        assert export([*words.split(), "--android", str(project)]) == 0
    exported = tmp_path / "out" / f"{NAMES[1]}.tflite"
    assert (project / ASSETS / "model.tflite").read_bytes() == exported.read_bytes()


def test_a_damaged_file_is_an_error_of_one_line(exported, tmp_path, rng):
    content = (exported / f"{NAMES[0]}.tflite").read_bytes()
    file = tmp_path / "placed.tflite"
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match=r"placed\.tflite: ") as error:
        load_engine(file, 1)
    assert "\n" not in str(error.value)
