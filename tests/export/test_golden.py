"""The same bits everywhere: int8 files, run in Python, in a browser and on the JVM.

One file is stored with its outputs. The package's own has further operators.
"""

import shutil
import subprocess

import numpy as np
import pytest

from export.pairs import fitted
from export.probe import run_tflite
from export.settings import ImageSize
from export.tflite_file import operators
from keras_f2a.data.pairs import BUNDLED_SCENES, load_pairs
from keras_f2a.generator_files import pretrained_file
from tests.android.jvm import run_program
from tests.export.chromium import PAGE, run_in_chromium
from tests.export.make_golden import MODEL, golden_images
from tests.system_packages import require_program, skip_or_fail


def package_s_own():
    """The int8 file that the package carries, images, and what it makes of them in Python."""
    model = pretrained_file("int8.tflite")
    flash = load_pairs(BUNDLED_SCENES / "test").flash[:2]
    inputs = np.stack([fitted(image, ImageSize(240, 320)) for image in flash])
    return model, inputs, run_tflite(model, inputs, threads=1).outputs


FILES = {"stored": lambda: (MODEL, *golden_images()), "package's own": package_s_own}


@pytest.fixture(params=FILES)
def golden(request):
    """A file, its inputs and its outputs."""
    return FILES[request.param]()


@pytest.mark.parametrize("threads", [1, 2])
def test_in_python(golden, threads):
    model, inputs, outputs = golden
    assert np.array_equal(run_tflite(model, inputs, threads).outputs, outputs)


def test_in_a_browser(golden, tmp_path):
    model, inputs, outputs = golden
    chromium = require_program("chromium", "chromium")
    npm = require_program("npm", "npm")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PAGE / name, tmp_path)
    command = [npm, "ci", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    if done.returncode != 0:
        skip_or_fail(f"npm cannot fetch @litertjs/core: {done.stderr[-300:]}")
    profile = tmp_path / "profile"
    assert np.array_equal(run_in_chromium(chromium, tmp_path, model, inputs, profile), outputs)


def test_on_the_jvm(golden, tmp_path):
    model, inputs, outputs = golden
    (tmp_path / "inputs").write_bytes(inputs.tobytes())
    run_program("RunModel", model, tmp_path / "inputs", tmp_path / "outputs")
    results = np.frombuffer((tmp_path / "outputs").read_bytes(), np.float32)
    assert np.array_equal(results.reshape(inputs.shape), outputs)


@pytest.mark.parametrize("file_format", ["int8", "int8_qat"])
def test_the_files_have_every_operator_that_an_export_has(exported, file_format):
    tried = {name for model, *_ in (get() for get in FILES.values()) for name in names(model)}
    assert names(exported.file(file_format)) <= tried


def names(model):
    return set(operators(model.read_bytes()))
