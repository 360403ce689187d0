from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image

from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.evaluation.metrics import METRICS, Metric
from keras_f2a.evaluation.report import MAX_SHOWN_ERROR, Report, error_map
from keras_f2a.evaluation.scores import evaluate
from keras_f2a.evaluation.tables import (
    all_tables,
    appearance_table,
    category_table,
    light_table,
    score_table,
)
from keras_f2a.support.errors import InputError, WorkError
from tests.evaluation.flash_and_half import METHODS, SEEING
from tests.page_shapes import check_shapes, shown_pictures
from tests.system_packages import require_program


def test_score_table_has_a_row_for_each_method(evaluation):
    table = score_table(evaluation)
    assert [row[0] for row in table.rows] == list(METHODS)
    assert all(len(row) == len(table.header) for row in table.rows)
    mean = evaluation.scores["flash"]["psnr"].mean()
    assert table.rows[0][1].startswith(f"{mean:.2f} ± ")
    assert table.rows[0][-1] == "baseline" and table.rows[1][-1].count("[") == 1
    assert "3 images" in table.caption and "flash" in table.caption


def test_light_table_leaves_exposure_out(pairs):
    flash = [np.minimum(image + np.uint8(5), 254) for image in pairs.flash]
    flash[1][2, 3] = 250  # the only near-white pixel
    pairs = LoadedPairs(pairs.names, flash, pairs.ambient)
    darker = {"darker": lambda image: image * 0.8}
    table = light_table(evaluate(pairs, {"flash": lambda image: image, **darker}))
    rows = {row[0]: dict(zip(table.header, row, strict=True)) for row in table.rows}
    aligned = [float(row["PSNR, aligned (dB)"]) for row in rows.values()]
    assert aligned[0] == pytest.approx(aligned[1], abs=0.5)  # 8-bit rounding of a darker image
    brightness = [float(row["Brightness / ambient"]) for row in rows.values()]
    assert brightness[1] == pytest.approx(0.8 * brightness[0], abs=0.02)
    assert [row["Near-white: level"] for row in rows.values()] == ["250", "200"]
    assert [row["red − blue"] for row in rows.values()] == ["0", "0"]


def test_how_results_look_comes_first_and_plain_psnr_last(pairs):
    tables = all_tables(evaluate(pairs, METHODS))
    headings = [table.header[1] for table in tables]
    assert headings == ["Contrast / flash", "PSNR, aligned (dB)", "PSNR (dB)", "Toys"]
    look = appearance_table(evaluate(pairs, METHODS))
    rows = {row[0]: dict(zip(look.header, row, strict=True)) for row in look.rows}
    assert rows["flash"]["Contrast / flash"] == rows["flash"]["Brightness / flash"] == "1.00"
    assert rows["half & <half>"]["Contrast / flash"] == "0.50"


def test_numbers_have_a_minus_sign_and_no_negative_zero(pairs):
    flash = [np.where(image > 190, np.uint8([250, 250, 251]), image) for image in pairs.flash]
    flash[0][:4] = (250, 252, 250)
    pairs = LoadedPairs(pairs.names, flash, pairs.ambient)
    bluer = {"bluer": lambda image: image - np.float32([0.1, 0, 0])}
    table = light_table(evaluate(pairs, {"flash": lambda image: image, **bluer}))
    column = table.header.index("red − blue")
    assert [row[column] for row in table.rows] == ["0", "−26"]


def test_a_measure_that_no_image_defines_is_not_available(pairs):
    table = light_table(evaluate(pairs, METHODS))
    level = table.header.index("Near-white: level")
    assert [row[level] for row in table.rows] == ["n/a", "n/a"]


def test_a_difference_that_no_image_defines_is_not_available(pairs, monkeypatch):
    """Only the row of the baseline says "baseline"."""
    metric = Metric(
        "of_bright",
        "what only bright results have",
        "Bright",
        2,
        lambda result: 1.0 if result.output.mean() > 100 else float("nan"),
        compared=True,
    )
    monkeypatch.setitem(METRICS, metric.name, metric)
    methods = {"flash": METHODS["flash"], "dark": lambda image: image * 0.1}
    for baseline, last in (("flash", ["baseline", "n/a"]), ("dark", ["n/a", "baseline"])):
        table = light_table(evaluate(pairs, methods, baseline))
        assert [row[-1] for row in table.rows] == last


def test_category_table_only_where_names_carry_categories(pairs, evaluation):
    assert category_table(evaluation).header == ["Method", "Toys"]
    assert len(all_tables(evaluation)) == 4
    pairs.names[:] = ["a", "b", "c"]
    assert category_table(evaluate(pairs, METHODS)) is None


def test_rows_that_see_the_ambient_photograph_come_last_and_apart(pairs):
    evaluation = evaluate(pairs, SEEING, "flash")
    for table in all_tables(evaluation):
        assert [row[0] for row in table.rows] == list(METHODS)
        assert [row[0] for row in table.rows_apart] == ["ambient_copy", "mean"]
        assert table.apart == "These methods also see the ambient photograph, the target itself"
    document = evaluation.as_document()
    seeing = {label: entry["sees_ambient"] for label, entry in document["methods"].items()}
    assert seeing == {"ambient_copy": True, "flash": False, "half & <half>": False, "mean": True}
    assert document["ambient_noise"] is None


def test_without_such_methods_no_row_is_apart(evaluation):
    assert all(not table.apart and not table.rows_apart for table in all_tables(evaluation))


def test_error_map_goes_from_black_to_white():
    target = np.zeros((1, 4, 3), np.uint8)
    output = target.copy()
    output[0, 1], output[0, 2], output[0, 3] = 20, MAX_SHOWN_ERROR, 255
    colors = error_map(output, target)[0]
    assert not colors[0].any() and np.all(colors[2:] == 255)
    assert 0 < colors[1].sum() < 3 * 255


class Sources(HTMLParser):
    def __init__(self):
        super().__init__()
        self.images, self.links, self.headings = [], [], 0

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "img":
            self.images.append(attributes["src"])
        self.links += [attributes[key] for key in ("href", "src") if key in attributes]
        self.headings += tag == "h2"


@pytest.mark.parametrize("methods", [METHODS, {"half": METHODS["half & <half>"]}])
def test_report_opens_without_a_server(pairs, tmp_path, methods):
    report = Report(tmp_path / "out", pairs, list(methods))
    evaluation = evaluate(pairs, methods, on_output=report.add_output)
    files = report.write(evaluation, all_tables(evaluation), ["a <remark>"])
    assert [path.name for path in files] == [
        "results.json",
        "table.md",
        "table.tex",
        "index.html",
    ]
    assert "- a <remark>" in (tmp_path / "out" / "table.md").read_text(encoding="utf-8")
    assert "a &lt;remark&gt;" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    sources = Sources()
    sources.feed((tmp_path / "out" / "index.html").read_text(encoding="utf-8"))
    # Flash, each method with its error map, ambient.
    others = len(methods) - ("flash" in methods)
    assert len(sources.images) == 3 * (2 + 2 * others + ("flash" in methods))
    assert sources.headings == 3
    for link in sources.links:
        with Image.open(tmp_path / "out" / unquote(link)) as image:
            assert image.size == (20, 16) and image.mode == "RGB"


@pytest.mark.parametrize("size", [(48, 96), (96, 48)])
def test_the_reports_pictures_are_shown_in_their_own_shape(rng, tmp_path, size):
    chromium = require_program("chromium", "chromium")
    images = [rng.integers(0, 256, (*size, 3)).astype(np.uint8)]
    pairs = LoadedPairs(["Toys_001"], images, images)
    report = Report(tmp_path / "out", pairs, list(METHODS))
    report.write(evaluate(pairs, METHODS, on_output=report.add_output), [])
    pictures = shown_pictures(chromium, tmp_path / "out" / "index.html", tmp_path / "profile")
    check_shapes(pictures, 5)


def test_report_names_a_folder_that_cannot_be_made(pairs, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="output="):
        Report(tmp_path / "file", pairs, ["flash"])


def test_report_names_a_file_that_cannot_be_written(pairs, tmp_path):
    (tmp_path / "table.md").mkdir()
    report = Report(tmp_path, pairs, ["flash"])
    with pytest.raises(WorkError, match=r"table\.md"):
        report.write(evaluate(pairs, {"flash": METHODS["flash"]}), [])
