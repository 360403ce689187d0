"""What calibrates an integer file, and that the gate does not favor the calibration data."""

import json

import keras_f2a.export.exporter as exporter
import numpy as np
import pytest
from keras_f2a.export import ExportSettings, export_generator
from keras_f2a.export.__main__ import main
from keras_f2a.export.pairs import load_export_pairs
from keras_f2a.export.settings import ImageSize
from PIL import Image

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.support.errors import InputError

SIZE = ImageSize(96, 128)
MODEL = str(pretrained_file("keras"))


def gray(image):
    return np.repeat(image[..., :1] // 2 + 60, 3, axis=-1)


def black_and_white(image):
    return np.repeat(np.where(image[..., :1] > 100, 255, 0).astype(np.uint8), 3, axis=-1)


def one_value(image):
    return np.full_like(image, 128)


def itself(image):
    return image.copy()


def write_pairs(folder, change, number=1):
    """Write pairs of one kind: `number` for calibration and one for the measurement."""
    for split, numbers in (("train", range(number)), ("test", [number])):
        (folder / split).mkdir(parents=True)
        for i in numbers:
            for role in ("flash", "ambient"):
                scene = BUNDLED_SCENES / "train" / f"Scene_{i:03}_{role}.webp"
                image = change(np.asarray(Image.open(scene)))
                image[0, 0] = i  # so that all differ
                Image.fromarray(image).save(folder / split / f"Own_{i:03}_{role}.png")
    return folder


@pytest.mark.parametrize("kind", [itself, gray, black_and_white])
def test_one_photograph_of_a_kind_makes_a_file_that_is_right_elsewhere(kind, tmp_path):
    data = write_pairs(tmp_path / "data", kind)
    words = f"--output {tmp_path / 'out'} --size {SIZE} --formats int8 --calibration-data {data}"
    assert main(words.split()) == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    [row] = [row for row in report["files"] if row["name"].endswith("int8.tflite")]
    assert row["scenes"]["pairs"] == 8 and row["parity"]["pairs"] == 1
    assert row["scenes"]["parity"] > 45 and row["scenes"]["worst_parity"] > 42
    assert report["pairs"]["calibration_images"] == 49


@pytest.mark.parametrize("kind", [gray, one_value])
def test_a_file_that_only_such_photographs_calibrated_misses_its_gate(kind, tmp_path, monkeypatch):
    """Its held-out photograph resembles its calibration data, but the bundled scenes do not."""
    data = write_pairs(tmp_path / "data", kind)

    def own_alone(directory):
        pairs = load_export_pairs(directory)
        own = tuple(pairs.training.flash)
        return type(pairs)(pairs.training, pairs.held_out, own, pairs.scenes)

    monkeypatch.setattr(exporter, "load_export_pairs", own_alone)
    output = tmp_path / "out"
    settings = ExportSettings(
        MODEL, str(output), ("int8",), sizes=(SIZE,), calibration_data=str(data)
    )
    [missed] = export_generator(settings).missed
    assert any("on the bundled test scenes" in problem for problem in missed.shortcomings)
    assert not list(output.glob("*.tflite"))
    assert missed.scenes.parity < missed.parity.parity - 8


def test_what_calibrates_is_not_measured_on(tmp_path):
    data = write_pairs(tmp_path / "data", itself, number=2)
    for role in ("flash", "ambient"):
        train = data / "train" / f"Own_000_{role}.png"
        (data / "test" / f"Again_{role}.png").write_bytes(train.read_bytes())
        scene = BUNDLED_SCENES / "test" / f"Scene_003_{role}.webp"
        (data / "train" / scene.name).write_bytes(scene.read_bytes())
    pairs = load_export_pairs(data)
    assert pairs.held_out.names == ["Own_002"]
    assert len(pairs.scenes) == 7 and "Scene_003" not in pairs.scenes.names
    # The user's three pairs and the bundled ones.
    assert len(pairs.calibration) == 3 + 48


def test_without_other_pairs_the_bundled_scenes_calibrate_and_prove():
    pairs = load_export_pairs(BUNDLED_SCENES)
    assert (len(pairs.calibration), len(pairs.held_out), len(pairs.scenes)) == (48, 8, 0)


def test_a_folder_whose_pairs_all_calibrate_is_named(tmp_path):
    data = write_pairs(tmp_path / "data", itself)
    for file in (data / "test").iterdir():
        file.unlink()
    for file in (data / "train").iterdir():
        (data / "test" / file.name).write_bytes(file.read_bytes())
    words = f"--output {tmp_path / 'out'} --size {SIZE} --formats int8 --calibration-data {data}"
    with pytest.raises(
        InputError, match="photographs that calibrate a file cannot prove it; hold others out"
    ):
        main(words.split())
