"""`.onnx` files run in ONNX Runtime."""

import logging
import os
import subprocess
import sys

import numpy as np
import onnx
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction.engines import load_engine
from keras_f2a.correction.guarded_engine import GuardedEngine
from keras_f2a.correction.onnx_engine import ONNXEngine
from keras_f2a.model_files.card import card_file
from keras_f2a.support.errors import InputError, WorkError
from tests.small_onnx import half_plus_quarter, onnx_model, save_onnx

HELPER = onnx.helper
FLOAT = onnx.TensorProto.FLOAT


@pytest.fixture
def image(rng):
    return rng.random((24, 32, 3), np.float32)


@pytest.mark.parametrize("channels_first", [False, True])
@pytest.mark.parametrize("size", [(24, 32), ("height", "width")])
def test_files_of_both_orders_and_of_any_size_agree_with_the_effect(
    tmp_path, rng, size, channels_first
):
    model = save_onnx(tmp_path / "model.onnx", size=size, channels_first=channels_first)
    engine = load_engine(model)
    assert isinstance(engine, ONNXEngine)
    fixed = size == (24, 32)
    assert engine.fixed_size == (size if fixed else None)
    for sides in (24, 32), *(() if fixed else ((40, 16), (17, 51))):
        image = rng.random((*sides, 3), np.float32)
        output = engine.run(image)
        assert output.dtype == np.float32
        np.testing.assert_allclose(output, half_plus_quarter(image), atol=1e-6)


def test_a_file_without_a_card_runs_apart_and_alike(tmp_path, image, caplog):
    caplog.set_level(logging.WARNING)
    model = save_onnx(tmp_path / "model.onnx")
    here = load_engine(model)
    card_file(model).unlink()
    apart = load_engine(model)
    assert isinstance(apart, GuardedEngine)
    assert apart.fixed_size == here.fixed_size
    (line,) = caplog.messages
    assert "model.onnx.json: there is no such file" in line
    np.testing.assert_array_equal(apart.run(image), here.run(image))


def test_a_byte_that_changed_is_found_by_the_card(tmp_path):
    model = save_onnx(tmp_path / "model.onnx")
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    with pytest.raises(InputError, match="model.onnx: not the file that model.onnx.json was"):
        load_engine(model)


def test_a_photograph_is_corrected_through_every_door(tmp_path, rng):
    model = save_onnx(tmp_path / "model.onnx")
    pixels = np.full((48, 64, 3), 100, np.uint8)
    corrected = keras_f2a.Corrector(model).correct(pixels)
    assert np.abs(corrected.astype(int) - 114).max() <= 1
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    command = [sys.executable, "-m", "keras_f2a", "correct", tmp_path / "photo.png"]
    command += ["--model", model, "--output", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    (result,) = (tmp_path / "out").iterdir()
    np.testing.assert_array_equal(np.asarray(Image.open(result).convert("RGB")), corrected)


def test_it_needs_neither_tensorflow_nor_keras(tmp_path):
    model = save_onnx(tmp_path / "model.onnx")
    program = f"""
import sys, numpy, keras_f2a
keras_f2a.Corrector({str(model)!r}).correct(numpy.zeros((48, 64, 3), "uint8"))
print([name for name in ("tensorflow", "keras", "tf2onnx") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_forked_process_loads_its_own(tmp_path):
    model = save_onnx(tmp_path / "model.onnx")
    program = f"""
import os, numpy as np
from keras_f2a.correction.engines import load_engine
engine = load_engine({str(model)!r}, threads=2)
image = np.zeros((24, 32, 3), np.float32)
assert (engine.run(image) == 0.25).all()
child = os.fork()
assert (engine.run(image) == 0.25).all()
if child:
    assert os.waitpid(child, 0)[1] == 0
else:
    os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_a_missing_package_is_one_line_that_names_the_extra(tmp_path, monkeypatch, missing):
    model = save_onnx(tmp_path / "model.onnx")
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InputError, match=rf"needs the package {missing}.*keras_f2a\[onnx\]"):
        load_engine(model)


def test_a_size_that_the_model_cannot_take_is_a_work_error(tmp_path, rng):
    nodes = [
        HELPER.make_node("SpaceToDepth", ["first"], ["deep"], blocksize=2),
        HELPER.make_node("Transpose", ["flash"], ["first"], perm=[0, 3, 1, 2]),
    ][::-1]
    model = onnx_model(size=("height", "width"), nodes=nodes)
    model.graph.node[-2].input[0] = "shallow"
    model.graph.node.insert(2, HELPER.make_node("DepthToSpace", ["deep"], ["again"], blocksize=2))
    model.graph.node.insert(
        3, HELPER.make_node("Transpose", ["again"], ["shallow"], perm=[0, 2, 3, 1])
    )
    engine = load_engine(save_onnx(tmp_path / "even.onnx", model))
    image = rng.random((24, 32, 3), np.float32)
    np.testing.assert_allclose(engine.run(image), half_plus_quarter(image), atol=1e-6)
    with pytest.raises(WorkError, match="7x5 pixels"):
        engine.run(image[:5, :7])


def test_a_file_of_any_name_runs(tmp_path, image):
    model = save_onnx(tmp_path / "model.onnx")
    other = tmp_path / os.fsdecode(b"\xff.onnx")
    card_file(model).rename(card_file(other))
    engine = load_engine(model.rename(other))
    np.testing.assert_allclose(engine.run(image), half_plus_quarter(image), atol=1e-6)
