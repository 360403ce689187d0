"""`.tflite` files that no card vouches for: a crash becomes one line. Cards are checked too."""

import gc
import logging
import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest
from ai_edge_litert.tools import flatbuffer_utils
from PIL import Image

import keras_f2a
from keras_f2a.correction.engines import load_engine
from keras_f2a.correction.faces import BlazeFace
from keras_f2a.correction.guarded_engine import GuardedEngine
from keras_f2a.correction.litert_engine import LiteRTEngine
from keras_f2a.model_files.bundled import FACE_DETECTOR, pretrained_file
from keras_f2a.support.errors import InputError, WorkError
from tests.small_models import half_plus_quarter, save_tflite


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    save_tflite(folder / "any.tflite", (None, None))
    return save_tflite(folder / "model.tflite").parent


@pytest.fixture
def stranger(saved, tmp_path):
    """Return an undamaged file without a card."""
    return shutil.copy(saved / "model.tflite", tmp_path / "model.tflite")


def rewritten(source, target, change):
    """Write a well-formed file with changed contents."""
    model = flatbuffer_utils.read_model(str(source))
    change(model, model.subgraphs[0])
    flatbuffer_utils.write_model(model, str(target))
    return target


def crashing(source, target):
    """Write a file whose operator reads memory beyond a tensor, which crashes the process."""

    def change(model, graph):
        convolution = next(op for op in graph.operators if len(op.inputs) == 3)
        kernel = graph.tensors[convolution.inputs[1]]
        kernel.shape = [3, 1, 1, 3]
        graph.tensors[graph.inputs[0]].shape = [1, 1 << 15, 1 << 15, 3]
        graph.tensors[graph.outputs[0]].shape = [1, 1 << 15, 1 << 15, 3]

    return rewritten(source, target, change)


def command(*arguments, limit=60):
    """Run `correct` the way users do."""
    program = [sys.executable, "-m", "keras_f2a.correct", *map(str, arguments)]
    return subprocess.run(program, capture_output=True, text=True, timeout=limit)


@pytest.fixture
def photo(tmp_path, rng):
    Image.fromarray(rng.integers(0, 256, (48, 64, 3), dtype=np.uint8)).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def test_a_file_that_its_card_vouches_for_runs_in_this_process(saved, caplog):
    assert isinstance(load_engine(saved / "model.tflite"), LiteRTEngine)
    for kind in "int8.tflite", "portrait_int8.tflite", "float32.tflite":
        assert isinstance(load_engine(pretrained_file(kind)), LiteRTEngine)
    assert caplog.text == ""


def test_a_file_without_a_card_runs_apart_and_alike(saved, stranger, rng, caplog):
    caplog.set_level(logging.WARNING)
    apart, here = load_engine(stranger), load_engine(saved / "model.tflite")
    assert isinstance(apart, GuardedEngine)
    assert apart.fixed_size == here.fixed_size == (24, 32)
    (line,) = caplog.messages
    assert "model.tflite: has no valid card" in line
    assert "model.json: there is no such file" in line
    for _ in range(3):
        image = rng.random((24, 32, 3), np.float32)
        np.testing.assert_array_equal(apart.run(image), here.run(image))


def test_one_of_any_size_runs_apart_too(saved, tmp_path, rng):
    engine = load_engine(shutil.copy(saved / "any.tflite", tmp_path / "any.tflite"))
    assert engine.fixed_size is None
    for size in (24, 32), (400, 300):
        image = rng.random((*size, 3), np.float32)
        np.testing.assert_allclose(engine.run(image), half_plus_quarter(image), atol=1e-6)


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_a_byte_that_changed_is_found_by_the_card(tmp_path, place, photo):
    for suffix in ".tflite", ".json":
        shutil.copy(pretrained_file("int8.tflite").with_suffix(suffix), tmp_path / f"m{suffix}")
    content = bytearray((tmp_path / "m.tflite").read_bytes())
    content[int(place * len(content))] ^= 16
    (tmp_path / "m.tflite").write_bytes(content)
    message = "m.tflite: not the file that m.json was written for"
    with pytest.raises(InputError, match=message):
        keras_f2a.Corrector(tmp_path / "m.tflite")
    with pytest.raises(InputError, match=message):
        keras_f2a.correct_photo(photo, tmp_path / "b.png", model=tmp_path / "m.tflite")
    done = command(photo, "--model", tmp_path / "m.tflite", "--output", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


CARDS = [b"", b"\xff\xfe", b"[]", b"null", b"{}", b'{"sha256": 5}', b'{"sha256": "5"}']
CARDS += [b"[" * 100_000, b"9" * 5000, b" " * 2_000_000, b'{"sha256": null}', b'"sha256"', b"NaN"]


@pytest.mark.parametrize("card", CARDS, ids=range(len(CARDS)))
def test_a_card_that_is_none_vouches_for_nothing(stranger, card, caplog):
    stranger.with_suffix(".json").write_bytes(card)
    assert isinstance(load_engine(stranger), GuardedEngine)
    (line,) = caplog.messages
    assert "model.json: not an export's card" in line
    assert "\n" not in line
    assert len(line) < 1000


def test_a_card_that_is_no_file_vouches_for_nothing(stranger, caplog):
    os.mkfifo(stranger.with_suffix(".json"))
    assert isinstance(load_engine(stranger), GuardedEngine)
    assert "model.json: is a pipe" in caplog.text


def test_a_file_that_asks_for_any_memory_ends_its_own_process(saved, tmp_path, photo):
    model = crashing(saved / "model.tflite", tmp_path / "huge.tflite")
    start = time.monotonic()
    done = command(photo, "--model", model, "--output", tmp_path / "out")
    assert time.monotonic() - start < 30
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "huge.tflite: " in done.stderr
    with pytest.raises(InputError, match="huge.tflite: "):
        keras_f2a.Corrector(model)


def test_what_ends_the_process_is_one_line_and_the_next_image_starts_another(stranger, rng):
    engine = GuardedEngine(stranger)
    image = rng.random((24, 32, 3), np.float32)
    engine._process.kill()
    engine._process.wait()
    with pytest.raises(WorkError, match=r"cannot run on this image .*SIGKILL"):
        engine.run(image)
    np.testing.assert_allclose(engine.run(image), half_plus_quarter(image), atol=1e-6)


def test_the_process_ends_with_the_engine(stranger):
    engine = GuardedEngine(stranger)
    number = engine._process.pid
    os.kill(number, 0)
    del engine
    gc.collect()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_forked_process_starts_its_own(stranger, rng):
    engine = GuardedEngine(stranger)
    image = rng.random((24, 32, 3), np.float32)
    program = f"""
import os, numpy as np, sys
from pathlib import Path
from keras_f2a.correction.faces import BlazeFace
from keras_f2a.correction.guarded_engine import GuardedEngine
engine = GuardedEngine(Path({str(stranger)!r}))
image = np.zeros((24, 32, 3), np.float32)
child = os.fork()
assert (engine.run(image) == 0.25).all()
if child:
    assert os.waitpid(child, 0)[1] == 0
    assert (engine.run(image) == 0.25).all()
else:
    del engine
    os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    np.testing.assert_allclose(engine.run(image), half_plus_quarter(image), atol=1e-6)


def test_the_face_detector_is_checked_too(tmp_path):
    for suffix in ".tflite", ".json":
        shutil.copy(FACE_DETECTOR.with_suffix(suffix), tmp_path / f"faces{suffix}")
    content = bytearray((tmp_path / "faces.tflite").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "faces.tflite").write_bytes(content)
    finder = BlazeFace(tmp_path / "faces.tflite")
    with pytest.raises(InputError, match="not the file that faces.json was written for"):
        finder.find(np.zeros((64, 64, 3), np.float32))
