"""Generators' files: what they are, what is refused, and the one that comes with the package."""

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import keras_f2a
from keras_f2a.correction.litert_engine import LiteRTEngine
from keras_f2a.data.pairs import load_pairs
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.evaluation.methods import load_methods
from keras_f2a.evaluation.scores import evaluate
from keras_f2a.generator_files import predicts_difference
from keras_f2a.model_files.bundled import WEIGHTS, pretrained_file
from keras_f2a.runs import TrainingSettings, train
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.training.building import build_generator
from keras_f2a.training.conditions import CONDITIONS
from keras_f2a.training.settings import NetworkSettings
from tests.conftest import shared_folder

TRAINING_SCENES = Path(__file__).parents[1] / "training_scenes"


@pytest.fixture(scope="module")
def generator():
    return keras_f2a.pretrained()


def scores_of_the_shipped(folder, kind="keras"):
    """The metrics of the unchanged flash images and of the package's own generator."""
    methods = load_methods(["flash", str(pretrained_file(kind))])
    evaluation = evaluate(load_pairs(folder), methods, ambient_input=True)
    return evaluation.scores.values()


def test_is_small(generator):
    assert generator.count_params() <= 2_500_000
    assert pretrained_file("int8.tflite").stat().st_size <= 3_000_000


def test_takes_any_size(generator, rng):
    flash = rng.uniform(size=(1, 37, 53, 3)).astype("float32")
    ambient = np.asarray(generator(flash))
    assert ambient.shape == flash.shape
    assert 0 <= ambient.min() <= ambient.max() <= 1


def test_helps_on_rendered_scenes_that_it_never_saw():
    flash, ours = scores_of_the_shipped(TRAINING_SCENES / "test")
    assert np.mean(ours["psnr"] - flash["psnr"]) > 0.9
    assert np.mean(ours["psnr_aligned"] - flash["psnr_aligned"]) > 0.9
    assert np.mean(ours["ssim"] - flash["ssim"]) > 0


def test_helps_on_the_bundled_scenes_of_an_older_renderer():
    """Its eight test scenes look unlike what this generator was trained on."""
    flash, ours = scores_of_the_shipped(BUNDLED_SCENES / "test")
    assert np.mean(ours["psnr_aligned"] - flash["psnr_aligned"]) > 0.5
    assert np.mean(ours["ssim"] - flash["ssim"]) > 0


@pytest.fixture(scope="module", params=["keras", "int8.tflite"])
def photographs(request):
    """Scores of FAID's pairs and of those of other cameras: what `correct` uses and its network."""
    shared = shared_folder()
    folders = (("faid_mini/train", "faid_mini/test"), ("other_cameras/test",))
    scored = []
    for parts in ([scores_of_the_shipped(shared / f, request.param) for f in g] for g in folders):
        scored.append(
            [
                {metric: np.concatenate([scores[metric] for scores in rows]) for metric in rows[0]}
                for rows in zip(*parts, strict=True)
            ]
        )
    return request.param, scored


def test_helps_on_photographs_though_it_never_saw_one(photographs):
    """Light is evened out, nobody is harmed, and how warm a photograph is stays as it was."""
    kind, scored = photographs
    gains = []
    for flash, ours in scored:
        gains.extend(ours["psnr"] - flash["psnr"])
        assert np.mean(ours["psnr_aligned"] - flash["psnr_aligned"]) >= 1.1
        assert np.mean(ours["ssim"] - flash["ssim"]) >= 0.01
        assert 0.95 <= np.mean(ours["contrast"]) <= 1.1
        assert np.nanmean(ours["white_level"]) >= 235 and np.nanmean(ours["white_cast"]) <= 5
        assert np.nanmean(ours["without_flash"]) >= 27
    assert min(gains) >= -0.5
    if kind == "int8.tflite":  # what users' photographs become
        assert np.mean(np.array(gains) > 0) >= 0.94


def test_upright_photographs_lose_nothing_in_a_lying_frame(photographs):
    """The portraits of the other cameras, which the file of 320×240 sees on their side."""
    _, (_, (flash, ours)) = photographs
    portraits = slice(0, 9)  # People_01 to People_19, the first by name
    assert np.mean((ours["psnr"] - flash["psnr"])[portraits]) >= 1.2
    assert np.mean((ours["psnr_aligned"] - flash["psnr_aligned"])[portraits]) >= 0.7


@pytest.mark.parametrize(("kind", "parity"), [("float32.tflite", 90), ("int8.tflite", 40)])
def test_files_agree(generator, kind, parity):
    engine = LiteRTEngine(pretrained_file(kind))
    squares = []
    for path in sorted((BUNDLED_SCENES / "test").glob("*_flash.webp"))[:4]:
        with Image.open(path) as image:
            flash = np.float32(image.resize((320, 240))) / 255
        squares.append((engine.run(flash) - np.asarray(generator(flash[None])[0])) ** 2)
    assert -10 * np.log10(np.mean(squares)) > parity


@pytest.mark.parametrize("kind", ["float32.tflite", "int8.tflite"])
def test_cards_belong_to_their_files(kind):
    path = pretrained_file(kind)
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    keras_file = pretrained_file("keras").read_bytes()
    assert card["generator_sha256"] == hashlib.sha256(keras_file).hexdigest()
    assert not card["measured"]["shortcomings"]


def test_there_is_a_model_card():
    card = (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf-8")
    for heading in ("Training data", "How it was made", "Figures", "Limits", "License"):
        assert f"## {heading}" in card


def test_unknown_kind():
    with pytest.raises(ValueError, match="kind must be one of keras, int8.tflite"):
        pretrained_file("onnx")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_run_says_what_it_trained(condition, data_directory, tmp_path):
    settings = TrainingSettings(
        run_dir=str(tmp_path / "run"),
        data=str(data_directory),
        condition=condition,
        epochs=1,
        batch_size=2,
        crop_size=32,
        width=1 / 16,
        encoder_weights="none",
        precision="mixed_bfloat16",
    )
    train(settings)
    for path in (tmp_path / "run", tmp_path / "run" / "generator.keras"):
        generator = keras_f2a.load_generator(path)
        expected = build_generator(condition, NetworkSettings(width=1 / 16))
        assert type(generator) is type(expected)
        assert generator.get_config() == expected.get_config()
        assert predicts_difference(generator) == (condition == "deepflash")


def damaged(path, **members):
    """Writes a small generator's file with other contents of some members."""
    keras_f2a.SmallGenerator(width=1 / 16).save(path)
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (contents | members).items():
            archive.writestr(name, content)
    return path


def save_batches_of_four(path):
    images = keras.Input((None, None, 3), batch_size=4)
    keras.Model(images, keras.layers.Rescaling(0.5)(images)).save(path)


@keras.saving.register_keras_serializable(package="tests")
class NoGraph(keras.Model):
    def call(self, images):
        return images


def save_no_graph(path):
    model = NoGraph()
    model(np.zeros((1, 16, 16, 3), np.float32))
    model.save(path)


NESTED = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
WRONG_FILES = {
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:5000]), "not a model that"),
    "text": (lambda path: path.write_bytes(b"no model"), "not a model that Keras can load"),
    "empty": (lambda path: path.write_bytes(b""), "not a model that Keras can load"),
    "nested": (lambda path: damaged(path, **{"config.json": NESTED}), "nested more than 100"),
    "not JSON": (lambda path: damaged(path, **{"config.json": b"\xff"}), "not a model that Keras"),
    "large configuration": (
        lambda path: damaged(path, **{"config.json": b" " * 9_000_000}),
        "config.json holds more than 2 MB",
    ),
    "bomb": (
        lambda path: damaged(path, **{"model.weights.h5": bytes(200_000_000)}),
        "would unpack to 200 MB",
    ),
    "no weights": (
        lambda path: damaged(path, **{"model.weights.h5": b""}),
        "not a model that Keras can load",
    ),
    "one pixel": (
        lambda path: keras_f2a.SmallGenerator((1, 1, 3), width=1 / 16).save(path),
        "images of 1 pixels only on a side",
    ),
    "three pixels": (
        lambda path: keras_f2a.SmallGenerator((None, 3, 3), width=1 / 16).save(path),
        "not a generator: takes images of 3 pixels only on a side",
    ),
    "batches of four": (save_batches_of_four, "batches of 4 images only"),
    "no graph": (save_no_graph, "is of class 'NoGraph'; this program cannot load"),
    "discriminator": (
        lambda path: keras_f2a.PatchDiscriminator(width=1 / 16).save(path),
        r"output must be \(batch, height, width, 3\)",
    ),
    "two inputs": (
        lambda path: keras_f2a.PatchDiscriminator(conditional=True, width=1 / 16).save(path),
        r"input must be \(batch, height, width, 3\)",
    ),
}


@pytest.mark.parametrize("kind", WRONG_FILES)
def test_what_is_no_generator_is_one_line_that_names_the_file(kind, tmp_path):
    write, message = WRONG_FILES[kind]
    path = damaged(tmp_path / "model.keras")
    write(path)
    with pytest.raises(InputError, match=message) as error:
        keras_f2a.load_generator(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("error", [MemoryError(), tf.errors.ResourceExhaustedError(None, None, "")])
def test_too_little_memory_is_not_called_damage(error, tmp_path, monkeypatch):
    path = damaged(tmp_path / "model.keras")

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(keras.saving, "deserialize_keras_object", fail)
    with pytest.raises(WorkError, match="out of memory"):
        keras_f2a.load_generator(path)


def test_of_a_whole_training_model_the_generator_is_taken(tmp_path, rng):
    """What ModelCheckpoint writes, read in a process that has imported nothing."""
    image = rng.random((1, 16, 32, 3), np.float32)
    generator = keras_f2a.UNetGenerator(width=1 / 16)
    keras_f2a.FlashToAmbient(generator).save(tmp_path / "best.keras")
    program = "import sys, keras_f2a\nkeras_f2a.load_generator(sys.argv[1]).save(sys.argv[2])"
    paths = [str(tmp_path / "best.keras"), str(tmp_path / "generator.keras")]
    subprocess.run([sys.executable, "-c", program, *paths], check=True)
    again = keras_f2a.load_generator(tmp_path / "generator.keras")
    np.testing.assert_allclose(again(image), generator(image), atol=1e-6)


def test_a_recompressed_file_is_read(tmp_path, rng):
    image = rng.random((1, 16, 16, 3), np.float32)
    generator = keras_f2a.load_generator(damaged(tmp_path / "model.keras"))
    assert generator(image).shape == image.shape


def test_importing_the_package_imports_neither_keras_nor_tensorflow():
    program = (
        "import sys, keras_f2a, keras_f2a.generator_files\n"
        "print([name for name in ('keras', 'tensorflow') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_training_scenes_are_there_and_small():
    for split, count in (("train", 420), ("test", 40)):
        assert len(load_pairs(TRAINING_SCENES / split)) == count
    files = [*TRAINING_SCENES.rglob("*.webp"), *BUNDLED_SCENES.rglob("*.webp")]
    assert sum(path.stat().st_size for path in files) <= 12_000_000
