"""The generator that comes with the package: its files, and that it helps."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction.engines import LiteRTEngine
from keras_f2a.data.pairs import BUNDLED_SCENES, load_pairs
from keras_f2a.generator_files import WEIGHTS, pretrained_file
from keras_f2a.training import metrics

TRAINING_SCENES = Path(__file__).parents[1] / "training_scenes"


@pytest.fixture(scope="module")
def generator():
    return keras_f2a.pretrained()


def gains(generator, folder):
    """Mean gain in PSNR (dB) and SSIM over the unchanged flash images of a folder of pairs."""
    pairs, differences = load_pairs(folder), []
    for flash, ambient in zip(pairs.flash, pairs.ambient, strict=True):
        flash, ambient = (np.float32(image[np.newaxis] / 255) for image in (flash, ambient))
        generated = generator(flash, training=False)
        differences.append(
            [
                float(metric(ambient, generated)[0] - metric(ambient, flash)[0])
                for metric in (metrics.psnr, metrics.ssim)
            ]
        )
    return np.mean(differences, axis=0)


def test_is_small(generator):
    assert generator.count_params() <= 2_500_000
    assert pretrained_file("int8.tflite").stat().st_size <= 3_000_000


def test_takes_any_size(generator, rng):
    flash = rng.uniform(size=(1, 37, 53, 3)).astype("float32")
    ambient = np.asarray(generator(flash))
    assert ambient.shape == flash.shape
    assert 0 <= ambient.min() <= ambient.max() <= 1


@pytest.mark.parametrize("folder", [BUNDLED_SCENES / "test", TRAINING_SCENES / "test"])
def test_helps_on_rendered_scenes_that_it_never_saw(generator, folder):
    psnr, ssim = gains(generator, folder)
    assert psnr > 0.9 and ssim > 0


@pytest.mark.parametrize("split", ["train", "test"])
def test_helps_on_photographs_though_it_never_saw_one(generator, shared, split):
    psnr, ssim = gains(generator, shared / "faid_mini" / split)
    assert psnr >= 1.0 and ssim >= 0.01


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
    for heading in ("Training data", "How it was made", "Figures", "Limits", "Licence"):
        assert f"## {heading}" in card


def test_unknown_kind():
    with pytest.raises(ValueError, match="kind must be one of keras, int8.tflite"):
        pretrained_file("onnx")


def test_training_scenes_are_there_and_small():
    for split, count in (("train", 420), ("test", 40)):
        assert len(load_pairs(TRAINING_SCENES / split)) == count
    files = [*TRAINING_SCENES.rglob("*.webp"), *BUNDLED_SCENES.rglob("*.webp")]
    assert sum(path.stat().st_size for path in files) <= 12_000_000
