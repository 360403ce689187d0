import math
from dataclasses import replace

import numpy as np
import pytest
from keras_f2a.export.earlier_export import earlier_rows
from keras_f2a.export.parity import Parity, compare, shortcomings
from keras_f2a.export.report import ReportRow, table, write_report

GOOD = Parity(parity=50.0, worst_parity=48.0, psnr=15.0, ssim=0.6, psnr_change=0.0)
FORMATS = ("float32", "float16", "int8")


@pytest.fixture
def flash(rng):
    """Return two images, each with a black, a flat gray and a textured third."""
    images = np.zeros((2, 48, 96, 3), np.float32)
    images[:, :, 32:64] = 120 / 255
    images[:, :, 64:] = rng.integers(20, 240, (2, 48, 32, 3)) / np.float32(255)
    return images


def test_an_equal_file_passes_every_gate(flash):
    parity = compare(flash, flash, flash, flash=flash)
    assert parity.parity == math.inf and set(parity.changes.values()) == {0.0}
    assert all(not shortcomings(name, parity, parity) for name in FORMATS)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda image: np.maximum(image, 0.006), "rise of near-blacks changes by +0.0060"),
        (
            lambda image: 0.97 * image + 0.015,
            "contrast relative to the flash photograph changes by -0.03",
        ),
        (
            lambda image: image * np.float32(1.025),
            "mean brightness relative to the flash photograph",
        ),
    ],
)
def test_a_file_that_loses_what_the_network_has_misses_its_gate(change, problem, flash):
    lost = compare(change(flash), flash, flash, flash=flash)
    found = replace(lost, parity=99.0, worst_parity=99.0, psnr_change=0.0).shortcomings("float32")
    assert any(problem in line for line in found), found


def test_what_gets_better_is_no_shortcoming(flash):
    better = compare(np.where(flash < 0.03, 0, flash * np.float32(1.01)), flash, flash, flash=flash)
    assert better.changes["contrast_kept"] > 0
    assert not replace(better, parity=99.0, worst_parity=99.0, psnr_change=0.0).shortcomings("int8")


def test_outputs_that_are_no_numbers_fail(flash):
    outputs = flash.copy()
    outputs[1, 2, 3] = np.nan
    broken = compare(outputs, flash, flash, flash=flash)
    assert "parity nan dB" in broken.shortcomings("int8")[0]


def test_one_image_that_is_far_off_fails():
    assert "for one image" in replace(GOOD, worst_parity=34.0).shortcomings("int8")[0]


@pytest.mark.parametrize(
    ("own", "scenes", "fails"),
    [(50, 48, False), (50, 39, True), (50, 37, True), (80, 50, False), (40, 39, False)],
)
def test_a_file_that_is_much_worse_elsewhere_fails(own, scenes, fails):
    own, scenes = (replace(GOOD, parity=float(p), worst_parity=float(p)) for p in (own, scenes))
    found = shortcomings("int8", own, scenes)
    assert bool(found) == fails
    assert all("on the bundled test scenes" in line for line in found)


def test_a_report_reads_back_as_it_was(tmp_path):
    """A perfect output and an output of NaNs have values that JSON does not have."""
    perfect = replace(GOOD, parity=math.inf, worst_parity=math.inf, psnr=math.inf)
    broken = Parity(*[math.nan] * 5)
    rows = [
        ReportRow(f"{number}.tflite", 1000, 0.1, 1, None, parity, [])
        for number, parity in enumerate((GOOD, perfect, broken))
    ]
    write_report(tmp_path, rows, {})
    again = earlier_rows(tmp_path, force=False)
    assert table(again) == table(rows)
    assert again[:2] == rows[:2] and math.isnan(again[2].parity.parity)
