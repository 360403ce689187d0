"""The first cases of every class. `python -m tests.faults` runs thousands more."""

import pytest

from tests.faults.suite import run_case

FIRST = {
    "formats": 104,  # each format and mode in each orientation
    "damaged photographs": 64,
    "names": 24,
    "special files": 16,
    "threads": 4,
    "kills": 8,
    "full disks": 8,
    "outputs": 16,
    "options": 16,
    "tflite files": 24,
    "keras files": 4,
    "resumed runs": 2,
    "changed models": 4,
    "edited cards": 16,
    "bombs": 16,
    "results among sources": 4,
    "two processes": 1,
    "archive targets": 4,
    "listed names": 40,
    "strange callers": 4,
    "silent addresses": 2,
    "training pairs": 40,
    "arrays": 8,
    "backends": 1,
    "cleaning": 2,
    "exports": 1,
    "keras calls": 1,
}
_TOGETHER = 8

BLOCKS = [
    pytest.param(name, range(first, min(first + _TOGETHER, count)), id=f"{name} {first}")
    for name, count in FIRST.items()
    for first in range(0, count, _TOGETHER)
]


@pytest.mark.parametrize(("name", "numbers"), BLOCKS)
def test_no_case_ends_badly(name, numbers, workshop):
    faults = {number: run_case(name, number, workshop) for number in numbers}
    assert {number: found for number, found in faults.items() if found} == {}
