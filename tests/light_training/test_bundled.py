"""The placed-light network that ships with the package."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.data.light_batches import encoded_views
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.light_training.scores import score
from keras_f2a.model_files.bundled import PLACED_LIGHT, WEIGHTS, pretrained_file

UNSEEN = Path(__file__).parent / "unseen_views"
"""Ten views, one for each of ten rendered scenes in a split that training does not use."""
KINDS = ("int8.tflite", "portrait_int8.tflite")


@pytest.fixture(scope="module")
def network():
    return keras_f2a.pretrained(PLACED_LIGHT)


def test_every_light_helps_on_scenes_that_it_never_saw(network):
    views = encoded_views(str(UNSEEN), "held_out")
    scores = score(network.reduced(1), views, 80)
    gains = {name: value for name, value in scores.items() if name.startswith("gain_db/")}
    assert len(gains) == 6
    assert min(gains.values()) > 1.5
    assert scores["gain_db"] > 2.5
    assert scores["number/sides"] >= 15
    assert scores["sides"] > 0.8
    assert scores["flash"] > 0.7


def test_a_file_for_a_phone_is_small():
    assert all(pretrained_file(kind, PLACED_LIGHT).stat().st_size < 3_000_000 for kind in KINDS)


@pytest.mark.parametrize(("kind", "shape"), [(KINDS[0], (240, 320, 3)), (KINDS[1], (320, 240, 3))])
def test_files_and_network_light_a_photograph_alike(kind, shape):
    with Image.open(BUNDLED_SCENES / "test/Scene_003_flash.webp") as image:
        photo = np.asarray(image.convert("RGB").resize(shape[1::-1]), np.float32) / 255
    for light in ("auto", "lamp-left"):
        small = keras_f2a.Corrector(pretrained_file(kind, PLACED_LIGHT), light=light)
        exact = keras_f2a.Corrector(pretrained_file("keras", PLACED_LIGHT), light=light)
        result = exact.correct(photo)
        error = np.mean((small.correct(photo) - result) ** 2)
        assert np.mean((photo - result) ** 2) > 20 * error
        assert -10 * np.log10(error) > 40


@pytest.mark.parametrize("kind", KINDS)
def test_cards_belong_to_their_files(kind):
    path = pretrained_file(kind, PLACED_LIGHT)
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    keras_file = pretrained_file("keras", PLACED_LIGHT).read_bytes()
    assert card["generator_sha256"] == hashlib.sha256(keras_file).hexdigest()
    assert not card["measured"]["shortcomings"]


def test_there_is_a_model_card():
    card = (WEIGHTS / "PLACED_LIGHT_CARD.md").read_text(encoding="utf-8")
    for heading in ("Training data", "How it was made", "Figures", "Limits", "License"):
        assert f"## {heading}" in card
