"""Exported placed-light networks may estimate the flash's share of the light."""

import contextlib
import io
import shutil

import numpy as np
import pytest
from keras_f2a.export.__main__ import main as export
from keras_f2a.export.pairs import fit_pairs, load_export_pairs
from keras_f2a.export.placed_tflite import (
    check_flash_share,
    convert_placed_light,
    inference_network,
    quantize_placed_light,
)
from keras_f2a.export.settings import ImageSize

from keras_f2a.correction.engines import load_engine
from keras_f2a.correction.guarded_light_engine import GuardedLightEngine
from keras_f2a.correction.litert_file import LiteRTFile
from keras_f2a.correction.litert_light_engine import LiteRTLightEngine
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.models import PlacedLight
from keras_f2a.support.errors import WorkError

NAMES = [f"placed_light_64x48_{file_format}" for file_format in ("float32", "int8")]


@pytest.fixture(scope="module")
def telling(tmp_path_factory):
    """Return a network that estimates the flash's share, and the folder with its exports."""
    network = random_network()
    folder = tmp_path_factory.mktemp("telling")
    network.save(folder / "placed_light.keras")
    words = f"--model {folder / 'placed_light.keras'} --output {folder} --size 64x48 --threads 1"
    with contextlib.redirect_stdout(io.StringIO()):
        assert export(words.split()) == 0
    return network, folder


@pytest.mark.parametrize(("name", "error"), [(NAMES[0], 1e-4), (NAMES[1], 0.1)])
def test_the_file_tells_the_share_of_the_flash_as_the_network_does(telling, rng, name, error):
    network, folder = telling
    shares = []
    for level in (0.1, 0.5, 1.0):
        image = level * rng.random((48, 64, 3), np.float32)
        [[expected]] = network.flash_reader().predict(image[np.newaxis], verbose=0)
        shares.append(float(expected))
        for file in (folder / f"{name}.tflite", folder / "placed_light.keras"):
            found = load_engine(file, 1).encode(image).flash_share
            assert found == pytest.approx(expected, abs=error)
    assert 0 < min(shares) < max(shares) < 1


def test_a_telling_file_without_its_card_tells_the_same(telling, tmp_path, rng):
    _, folder = telling
    known = folder / f"{NAMES[0]}.tflite"
    shutil.copy(known, tmp_path / "placed.tflite")
    engine = load_engine(tmp_path / "placed.tflite", 1)
    assert isinstance(engine, GuardedLightEngine)
    image = rng.random((48, 64, 3), np.float32)
    assert engine.encode(image).flash_share == load_engine(known, 1).encode(image).flash_share < 1


def test_a_file_that_does_not_tell_takes_all_light_for_the_flash(tmp_path, rng):
    file = written(PlacedLight(width=0.1), tmp_path)
    for engine in (load_engine(file, 1), LiteRTLightEngine(LiteRTFile(file, 1))):
        assert engine.encode(rng.random((48, 64, 3), np.float32)).flash_share == 1


def test_a_share_that_is_no_number_fails_with_one_line(tmp_path, rng):
    network = PlacedLight(width=0.1, tells_flash=True)
    weights = network.get_layer("share_dense2").get_weights()
    network.get_layer("share_dense2").set_weights([np.full_like(w, np.nan) for w in weights])
    file = written(network, tmp_path)
    for engine in (load_engine(file, 1), LiteRTLightEngine(LiteRTFile(file, 1))):
        with pytest.raises(WorkError, match="flash share is not one finite number") as error:
            engine.encode(rng.random((48, 64, 3), np.float32))
        assert "\n" not in str(error.value)


def test_a_share_that_the_calibration_images_do_not_cover_is_an_error(rng):
    """Flash photographs alone do not cover the features of photographs without flash."""
    network, size = random_network(), ImageSize(48, 64)
    last = network.get_layer("share_dense2")
    last.set_weights([20 * weight for weight in last.get_weights()])  # for shares that differ
    content = convert_placed_light(inference_network(network, size), size)
    images = [level * rng.random((48, 64, 3), np.float32) for level in (0.1, 0.5, 1.0)]
    varied = quantize_placed_light(content, [image[np.newaxis] for image in images])
    check_flash_share(varied, content, images)
    bright = quantize_placed_light(content, [images[-1][np.newaxis]])
    with pytest.raises(WorkError, match=r"flash share is off by up to \d\.\d\d, more than 0.1"):
        check_flash_share(bright, content, images)


def test_photographs_without_flash_calibrate_a_telling_network():
    size = ImageSize(48, 64)
    pairs = load_export_pairs(BUNDLED_SCENES)
    flash, both = pairs.calibration_images(size), pairs.calibration_images(size, ambient=True)
    ambient = [image[0] for image in both[len(flash) :]]
    assert len(ambient) == len(flash) > 40
    for expected in fit_pairs(pairs.training, size):
        assert any(np.array_equal(expected[1], image) for image in ambient)


def random_network():
    network = PlacedLight(width=0.1, tells_flash=True)
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(0, 0.15, w.shape) for w in network.get_weights()])
    return network


def written(network, folder):
    """Write a network to a float32 file without a card."""
    size = ImageSize(48, 64)
    file = folder / "placed.tflite"
    file.write_bytes(convert_placed_light(inference_network(network, size), size))
    return file
