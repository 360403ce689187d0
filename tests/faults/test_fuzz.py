"""The readers of `tests.faults.fuzz` with its findings, bombs, and seeded damage."""

import resource
import time

import numpy as np
import pytest

from keras_f2a.model_files.bundled import pretrained_file
from tests.faults.bombs import PHOTOGRAPHS
from tests.faults.damage import damaged
from tests.faults.fuzz import FOUND, READERS, read_bytes
from tests.faults.photographs import KINDS, Kind, write_photograph
from tests.faults.processes import Processes

_MOST_BYTES = 1_500_000_000


def _read_bombs(numbers):
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    for make in PHOTOGRAPHS:
        for number in numbers:
            content = make(np.random.default_rng(number))
            start = time.process_time()
            read_bytes("photo", content)
            assert time.process_time() - start < 10, make.__name__


def test_no_small_photograph_takes_more_than_ten_seconds_and_1500_megabytes():
    ended = Processes(300).function(_read_bombs, range(4))
    assert ended.code == 0, ended.errors  # libtiff prints its own errors.


@pytest.mark.parametrize("reader", READERS)
def test_what_was_found_is_read_or_refused_in_one_line(reader):
    kept = sorted((FOUND / reader).iterdir())
    assert kept
    for path in kept:
        read_bytes(reader, path.read_bytes())


def test_damaged_photographs_are_refused_in_one_line(tmp_path):
    rng = np.random.default_rng(3)
    for suffix, modes in KINDS.items():
        kind = Kind(suffix, modes[0], 6)
        content = write_photograph(tmp_path / f"a{suffix}", rng, kind, (24, 18)).read_bytes()
        for _ in range(20):
            read_bytes("photo", damaged(content, rng))


@pytest.mark.parametrize("number", range(40))
def test_damaged_tables_and_cards_are_refused_in_one_line(number):
    rng = np.random.default_rng(number)
    file = pretrained_file("int8.tflite")
    content = (file if number % 2 else file.with_suffix(".json")).read_bytes()
    read_bytes("tflite", damaged(content, rng))
