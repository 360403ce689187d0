"""Fixtures of the tests of `keras-f2a correct`: photographs and a model without TensorFlow."""

import pytest

from tests.correct.command import write_photos
from tests.small_models import save_tflite


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_tflite(tmp_path_factory.mktemp("model") / "model.tflite")


@pytest.fixture
def photos(tmp_path, rng):
    return write_photos(tmp_path / "photos", rng)
