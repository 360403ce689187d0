"""Fixtures that tests of the services share."""

import pytest

from tests.faults.photographs import write_photograph


@pytest.fixture
def photograph(tmp_path, rng):
    return write_photograph(tmp_path / "a.jpg", rng, size=(64, 48)).read_bytes()


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "library"
    folder.mkdir()
    return folder
