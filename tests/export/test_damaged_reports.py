"""An export reads the report of an earlier one, which somebody may have edited."""

import json
import math

import pytest
from keras_f2a.export.earlier_export import earlier_rows
from keras_f2a.export.parity import Parity
from keras_f2a.export.report import ReportRow, write_report

from keras_f2a.support.errors import InputError


@pytest.fixture
def row():
    parity = Parity(50.0, 49.0, 30.0, 0.9, -math.inf, {"brightness_kept": math.nan}, pairs=2)
    return ReportRow("a.tflite", 1000, 0.1, 2, None, parity, shortcomings=["loses"])


def test_numbers_that_json_cannot_hold_come_back(row, tmp_path):
    write_report(tmp_path, [row], {})
    (found,) = earlier_rows(tmp_path, force=False)
    assert math.isnan(found.parity.changes["brightness_kept"])
    assert math.isnan(found.parity.psnr_change)
    assert found.parity.pairs == 2


@pytest.mark.parametrize(
    "change",
    [
        {"name": 5},
        {"seconds": "fast"},
        {"size": 10**400},
        {"shortcomings": [1]},
        {"name": "a at 48x32", "generator_sha256": ["0"]},
        {"parity": {"ssim": 0.9}},
        {"parity": [1]},
        {"scenes": {"parity": 50, "worst_parity": "x", "psnr": 1, "ssim": 1, "psnr_change": 0}},
    ],
)
def test_a_row_with_values_of_other_types_is_no_report(row, tmp_path, change):
    """It once failed after the export, when the report was written."""
    report, _ = write_report(tmp_path, [row], {})[::-1]
    document = json.loads(report.read_text(encoding="utf-8"))
    document["files"][0] |= change
    report.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match="report.json: is not an export's report"):
        earlier_rows(tmp_path, force=False)
    assert earlier_rows(tmp_path, force=True) == []
