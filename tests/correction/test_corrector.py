import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction.pixels import ArrayPixels
from keras_f2a.correction.tone import Tone
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.support.errors import InputError
from keras_f2a.training.building import build_generator
from keras_f2a.training.settings import NetworkSettings
from tests.correction.darkening_engine import Darken
from tests.small_models import half_plus_quarter, save_keras, save_tflite


@pytest.fixture
def flash(rng):
    small = rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((480, 360), Image.Resampling.BICUBIC))


@pytest.mark.parametrize("fixed_size", [None, (60, 80), (80, 60), (64, 64)])
@pytest.mark.parametrize("upright", [False, True])
def test_arrays_keep_their_size_and_type(flash, fixed_size, upright):
    flash = np.rot90(flash) if upright else flash
    corrector = keras_f2a.Corrector(Darken(fixed_size))
    corrected = corrector.correct(flash)
    assert corrected.dtype == np.uint8
    assert np.abs(corrected - 0.5 * flash).mean() < 0.6
    floats = corrector.correct((flash / 255).astype(np.float32))
    assert floats.dtype == np.float32
    np.testing.assert_allclose(floats, corrected / 255, atol=2 / 255)


@pytest.mark.parametrize(("working_size", "expected"), [(None, (240, 320)), (64, (48, 64))])
def test_the_generator_sees_the_working_size_with_the_aspect_kept(flash, working_size, expected):
    engine = Darken()
    keras_f2a.Corrector(engine, working_size=working_size).correct(flash)
    assert [image.shape for image in engine.seen] == [(*expected, 3)]


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_brightness_and_warmth_change_what_the_correction_left(flash, kind):
    flash = flash if kind is np.uint8 else (flash / 255).astype(np.float32)
    corrected = keras_f2a.Corrector(Darken()).correct(flash)
    knobs = {"brightness": 0.7, "warmth": -0.4}
    toned = keras_f2a.Corrector(Darken(), **knobs).correct(flash)
    expected = corrected.copy()
    Tone(**knobs).over(ArrayPixels(expected)).write(0, corrected.astype(np.float32))
    peak = 255 if kind is np.uint8 else 1
    # Both settings act on values that are not rounded yet, and the curve's slope reaches 1.9.
    np.testing.assert_allclose(toned / peak, expected / peak, atol=1.6 / 255)
    assert np.abs(toned / peak - corrected / peak).max() > 0.1


def test_strength_zero_is_the_original(flash):
    np.testing.assert_array_equal(keras_f2a.Corrector(Darken(), strength=0).correct(flash), flash)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strength": 2.5}, "strength"),
        ({"strength": float("nan")}, "strength"),
        ({"brightness": 3.5}, "brightness"),
        ({"warmth": -1.1}, "warmth"),
        ({"strength": "0.5"}, "strength=0.5: must be a number"),
        ({"working_size": 8}, "working_size="),
        ({"threads": 0}, "threads=0: must be 1 or more"),
        ({"working_size": 640, "model": Darken((60, 80))}, "takes only 80x60 pixels"),
    ],
)
def test_options_out_of_range_are_input_errors(options, message):
    with pytest.raises(InputError, match=message):
        keras_f2a.Corrector(**{"model": Darken(), **options})


def test_a_setting_that_there_is_none_of_is_named():
    with pytest.raises(TypeError, match="'strenght'; did you mean 'strength'?"):
        keras_f2a.Corrector(Darken(), strenght=1)
    with pytest.raises(TypeError, match="'strenght'; did you mean 'strength'?"):
        keras_f2a.Corrector(Darken()).with_settings(strenght=1)
    for correct in keras_f2a.correct_photo, keras_f2a.correct_photos:
        with pytest.raises(TypeError, match="'qualty'; did you mean 'quality'?"):
            correct("a.jpg", "b.jpg", qualty=1)


def test_settings_travel_as_one_object(tmp_path, flash):
    model = save_tflite(tmp_path / "model.tflite")
    settings = keras_f2a.CorrectionSettings(model=model, strength=0.5, brightness=1)
    by_name = keras_f2a.Corrector(model, strength=0.5, brightness=1).correct(flash)
    for corrector in keras_f2a.Corrector(settings), keras_f2a.Corrector(model, settings):
        np.testing.assert_array_equal(corrector.correct(flash), by_name)
    changed = keras_f2a.Corrector(settings, strength=0)
    assert (changed.settings.strength, changed.settings.brightness) == (0, 1)
    with pytest.raises(keras_f2a.InputError, match="strength=2.5: must be at least 0 and at most"):
        keras_f2a.CorrectionSettings(strength=2.5)


@pytest.mark.parametrize("quality", [0, 101, -1, 90.5, "90", True])
def test_qualities_that_are_none_are_refused(tmp_path, flash, quality):
    source, target = tmp_path / "in.jpg", tmp_path / "out.jpg"
    Image.fromarray(flash).save(source)
    with pytest.raises(InputError, match="^quality=.*: must be "):
        keras_f2a.Corrector(Darken()).correct_file(source, target, quality=quality)
    with pytest.raises(InputError, match="^quality=.*: must be "):
        keras_f2a.correct_photo(source, target, quality=quality)
    assert not target.exists()


@pytest.mark.parametrize("save_model", [save_keras, save_tflite])
def test_a_photograph_on_disk(tmp_path, flash, save_model):
    suffix = {save_keras: "keras", save_tflite: "tflite"}[save_model]
    model = save_model(tmp_path / f"model.{suffix}")
    source, target = tmp_path / "in.png", tmp_path / "out" / "corrected.png"
    Image.fromarray(flash).save(source)
    keras_f2a.correct_photo(source, output=target, model=model)
    expected = 255 * half_plus_quarter(flash / 255)
    assert np.abs(np.asarray(Image.open(target)) - expected).mean() < 1
    with pytest.raises(InputError, match="`force`"):
        keras_f2a.correct_photo(source, target, model=model)
    with pytest.raises(InputError, match="output: must be the path of a file, not OutputSettings"):
        keras_f2a.correct_photo(source, output=keras_f2a.OutputSettings(), model=model)
    keras_f2a.correct_photo(source, source, model=model, force=True)
    np.testing.assert_array_equal(np.asarray(Image.open(source)), np.asarray(Image.open(target)))


@pytest.mark.parametrize("model", ["int8.tflite", "open size", "keras"])
def test_threads_that_share_a_corrector_get_what_they_would_get_alone(model, tmp_path, rng):
    if model == "open size":
        path = save_tflite(tmp_path / "model.tflite", size=(None, None))
    else:
        path = pretrained_file(model)
    corrector = keras_f2a.Corrector(path)
    photographs = []
    for i in range(6):
        small = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
        photographs.append(np.asarray(small.resize((96 + 16 * i, 96), Image.Resampling.BICUBIC)))
    alone = [corrector.correct(photograph) for photograph in photographs]
    rounds = 10
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(corrector.correct, photographs * rounds))
    for result, expected in zip(together, alone * rounds, strict=True):
        np.testing.assert_array_equal(result, expected)


def test_a_generator_of_differences_is_refused(tmp_path):
    generator = build_generator("deepflash", NetworkSettings(width=1 / 32))
    generator.save(tmp_path / "generator.keras")
    for model in (tmp_path, tmp_path / "generator.keras"):
        with pytest.raises(InputError, match=r"generator\.keras: predicts differences"):
            keras_f2a.Corrector(model)


def test_real_photographs_keep_the_exactness_of_a_tone_curve(shared):
    class Gamma:
        fixed_size = None

        def run(self, image):
            return image**0.5

    path = shared / "photos" / "Toys_224_flash.jpg"
    flash = np.asarray(Image.open(path).convert("RGB"))
    corrected = keras_f2a.Corrector(Gamma()).correct(flash)
    assert np.abs(corrected - 255 * (flash / 255) ** 0.5).mean() < 1.5


@pytest.mark.parametrize("kind", ["int8.tflite", "float32.tflite"])
def test_the_number_of_threads_changes_no_byte(flash, kind):
    model = pretrained_file(kind)
    one, all_ = keras_f2a.Corrector(model, threads=1), keras_f2a.Corrector(model)
    np.testing.assert_array_equal(one.correct(flash), all_.correct(flash))


@pytest.mark.parametrize("save_model", [save_keras, save_tflite])
def test_a_pickled_corrector_loads_its_model_again(tmp_path, flash, save_model):
    suffix = {save_keras: "keras", save_tflite: "tflite"}[save_model]
    path = save_model(tmp_path / f"model.{suffix}")
    corrector = keras_f2a.Corrector(path, strength=0.5, threads=1)
    copy = pickle.loads(pickle.dumps(corrector))
    np.testing.assert_array_equal(copy.correct(flash), corrector.correct(flash))
    path.unlink()
    with pytest.raises(InputError, match="there is no such model"):
        pickle.loads(pickle.dumps(corrector))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("suffix", ["tflite", "keras"])
def test_a_process_forked_while_a_thread_corrects_goes_on(tmp_path, suffix):
    save = {"keras": save_keras, "tflite": save_tflite}[suffix]
    model = save(tmp_path / f"model.{suffix}")
    program = f"""
import multiprocessing, threading, time, warnings
import numpy as np, keras_f2a
warnings.simplefilter("ignore")
corrector = keras_f2a.Corrector({str(model)!r})
photo = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
expected = corrector.correct(photo)
stop = threading.Event()
def busy():
    while not stop.is_set():
        corrector.correct(photo)
def child():
    try:
        assert np.array_equal(corrector.correct(photo), expected)
    except keras_f2a.WorkError as error:
        assert "forked" in str(error)
threads = [threading.Thread(target=busy) for _ in range(2)]
[thread.start() for thread in threads]
codes = []
for _ in range(8):
    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(20)
    codes.append(process.exitcode)
    if process.exitcode is None:
        process.kill()
        break
stop.set()
print(codes)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1:] == [str([0] * 8)], done.stderr
