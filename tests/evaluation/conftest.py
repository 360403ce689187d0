"""Pairs of photographs with known scores, their evaluation, and versions for a blind choice."""

import numpy as np
import pytest
from PIL import Image

from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.evaluation.scores import evaluate
from tests.evaluation.flash_and_half import METHODS


@pytest.fixture
def pairs(rng):
    ambient = [rng.integers(60, 200, (16, 20, 3)).astype(np.uint8) for _ in range(3)]
    flash = [image + np.uint8(5 * i + 5) for i, image in enumerate(ambient)]
    return LoadedPairs(["Toys_001", "Toys_002", "People #1"], flash, ambient)


@pytest.fixture
def evaluation(pairs):
    return evaluate(pairs, METHODS)


@pytest.fixture
def folders(tmp_path):
    """Write two photographs and two versions of them for a blind choice."""
    for folder, value in (("original", 40), ("ours", 200), ("other", 120)):
        (tmp_path / folder).mkdir()
        for name in ("a", "b"):
            picture = np.full((30, 40, 3), value, np.uint8)
            Image.fromarray(picture).save(tmp_path / folder / f"{name}.png")
    return tmp_path
