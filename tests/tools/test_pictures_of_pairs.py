"""Contact sheets, statistics, and the camera's last processing steps."""

import numpy as np
import pytest
from PIL import Image

from tools import contact_sheets, pair_statistics
from tools.scenes.photographs.finish import Finish, finished, sample_finish


@pytest.fixture
def photograph():
    """Return a gray wall with a sharp edge to a brighter half."""
    image = np.full((40, 60, 3), 90, np.uint8)
    image[:, 30:] = 150
    return image


@pytest.fixture
def folder(tmp_path, photograph):
    for number in range(5):
        for kind, image in (("flash", photograph), ("ambient", photograph // 2)):
            Image.fromarray(image).save(
                tmp_path / f"Scene_{number:04d}_0_{kind}.webp", lossless=True
            )
    return tmp_path


def test_sharpening_steepens_edges_and_keeps_flat_places(photograph):
    sharp = finished(photograph, Finish(sharpening=0.6, radius=0.8), 0).astype(int)
    assert (sharp[:, :20] == 90).all() and (sharp[:, -20:] == 150).all()
    assert (sharp[:, 29] < 90).all() and (sharp[:, 30] > 150).all()


def test_grain_is_of_its_strength_and_another_in_each_shot(photograph):
    finish = Finish(grain=0.01, seed=4)
    first, again, second = (finished(photograph, finish, shot) for shot in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != second).any()
    assert 0.005 < (first[:, :25] / 255).std() < 0.02


def test_without_a_finish_nothing_changes(photograph):
    np.testing.assert_array_equal(finished(photograph, Finish(), 0), photograph)
    finishes = [sample_finish(np.random.default_rng(seed)) for seed in range(60)]
    plain = sum(finish.sharpening == 0 for finish in finishes)
    assert 8 < plain < 34


def test_every_pair_is_on_a_sheet(folder, capsys):
    output = folder / "sheets"
    options = [str(folder), "--output", str(output), "--columns", "2", "--rows", "2"]
    assert contact_sheets.main(options) == 0
    sheets = sorted(output.iterdir())
    assert [str(path) for path in sheets] == capsys.readouterr().out.split()
    with Image.open(sheets[0]) as first, Image.open(sheets[1]) as last:
        assert first.size[1] == 2 * last.size[1]
        cell = contact_sheets.CELL
        assert first.getpixel((15, 30)) == (90, 90, 90)
        assert first.getpixel((cell + 15, 30)) == (45, 45, 45)


def test_statistics_of_pairs(folder, capsys):
    assert pair_statistics.main([str(folder)]) == 0
    rows = dict(line.split("|")[1:3] for line in capsys.readouterr().out.splitlines())
    values = {name.strip(): value.strip() for name, value in rows.items()}
    assert values["flash: mean luma"] == "0.471 ± 0.000"
    assert values["flash: saturation"] == "0.000 ± 0.000"
    assert values["log ratio: mean"].startswith("-0.9")
    assert values["correlation of the lumas"] == "1.000 ± 0.000"


def test_gradients_need_detail_of_their_size():
    stripes = np.tile([0.4, 0.6], (32, 16))
    assert pair_statistics.gradient(stripes) < 0.02
    assert pair_statistics.gradient(np.tile([0.4, 0.4, 0.6, 0.6], (32, 8))) == pytest.approx(
        0.1, rel=0.1
    )
    assert pair_statistics.gradient(pair_statistics.shrunk(stripes, 4)) == pytest.approx(0)


@pytest.mark.parametrize("command", [contact_sheets.main, pair_statistics.main])
def test_an_empty_folder_is_one_line(tmp_path, command, capsys):
    options = [str(tmp_path)]
    if command is contact_sheets.main:
        options += ["--output", str(tmp_path / "sheets")]
    assert command(options) == 1
    assert f"{tmp_path}: no file is named like" in capsys.readouterr().err
