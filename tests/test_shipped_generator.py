"""The generators that ship with the package, and the scenes that they were trained on."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction.litert_engine import LiteRTEngine
from keras_f2a.data.pairs import load_pairs
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.evaluation.methods import load_methods
from keras_f2a.evaluation.scores import evaluate
from keras_f2a.model_files.bundled import WEIGHTS, pretrained_file
from tests.conftest import shared_folder

TRAINING_SCENES = Path(__file__).parents[1] / "training_scenes"


@pytest.fixture(scope="module")
def generator():
    return keras_f2a.pretrained()


def scores_of_the_shipped(folder, kind="keras"):
    """Return the metrics of the unchanged flash images and of the package's own generator."""
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
    """Its eight test scenes differ from the scenes that this generator was trained on."""
    flash, ours = scores_of_the_shipped(BUNDLED_SCENES / "test")
    assert np.mean(ours["psnr_aligned"] - flash["psnr_aligned"]) > 0.5
    assert np.mean(ours["ssim"] - flash["ssim"]) > 0


@pytest.fixture(scope="module", params=["keras", "int8.tflite"])
def photographs(request):
    """Return a file's kind and its scores on FAID's pairs and on pairs of other cameras."""
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
    """The light gets more even, no photograph gets much worse, and the white balance stays."""
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
    if kind == "int8.tflite":  # the file that users' photographs go through
        assert np.mean(np.array(gains) > 0) >= 0.94


def test_upright_photographs_lose_nothing_in_a_lying_frame(photographs):
    """The portraits of other cameras are rotated to fit the file's 320×240 input."""
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


def test_training_scenes_are_there_and_small():
    for split, count in (("train", 420), ("test", 40)):
        assert len(load_pairs(TRAINING_SCENES / split)) == count
    files = [*TRAINING_SCENES.rglob("*.webp"), *BUNDLED_SCENES.rglob("*.webp")]
    assert sum(path.stat().st_size for path in files) <= 12_000_000
