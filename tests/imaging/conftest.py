"""Fixtures: a photograph, its correction by the command, and a folder for photographs."""

import numpy as np
import pytest
from PIL import Image

from keras_f2a import correct
from tests.small_models import save_tflite


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_tflite(tmp_path_factory.mktemp("model") / "model.tflite")


@pytest.fixture
def image(rng):
    small = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((64, 48), Image.Resampling.BICUBIC)


@pytest.fixture
def corrected(tmp_path, model):
    """Return a function that writes a file, corrects it and returns the path of the result."""

    def correct_file(name, content, expected=None, options=()):
        (tmp_path / name).write_bytes(content)
        output = tmp_path / "out"
        call = [tmp_path / name, "--model", model, "--output", output, "--force", *options]
        assert correct.main([str(part) for part in call]) == 0
        return output / (expected or name)

    return correct_file


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path / "in"
