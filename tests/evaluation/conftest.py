"""Pairs of photographs with known scores, and their evaluation."""

import numpy as np
import pytest

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
