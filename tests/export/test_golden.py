"""int8 files give the same bits in Python, in a browser and on the JVM.

One file is stored with its outputs. The package's own file and new exports have more operators, and
their outputs are compared with those of the current Python package.
"""

import shutil
import subprocess

import numpy as np
import pytest
from keras_f2a.export.pairs import fit_image
from keras_f2a.export.probe import run_tflite
from keras_f2a.export.settings import ImageSize

from keras_f2a.data.pairs import load_pairs
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.model_files.bundled import pretrained_file
from tests.android.jvm import run_program
from tests.export.chromium import PAGE, run_in_chromium
from tests.export.make_golden import MODEL, golden_images
from tests.system_packages import require_program, skip_or_fail

FILES = ("stored", "the package's own", "int8", "int8_qat")


@pytest.fixture(params=FILES)
def golden(request):
    """Return a file, its inputs and its outputs, float32 (number, height, width, 3)."""
    if request.param == "stored":
        return MODEL, *golden_images()
    if request.param == "the package's own":
        model, size = pretrained_file("int8.tflite"), ImageSize(240, 320)
    else:
        model, size = request.getfixturevalue("exported").file(request.param), ImageSize(48, 64)
    flash = load_pairs(BUNDLED_SCENES / "test").flash[:2]
    inputs = np.stack([fit_image(image, size) for image in flash])
    return model, inputs, run_tflite(model, inputs, threads=1).outputs


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """Return a folder with the npm modules that a browser needs."""
    npm = require_program("npm", "npm")
    folder = tmp_path_factory.mktemp("modules")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PAGE / name, folder)
    command = [npm, "ci", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        skip_or_fail(f"npm cannot fetch @litertjs/core: {done.stderr[-300:]}")
    return folder


@pytest.mark.parametrize("threads", [1, 2])
def test_in_python(golden, threads):
    model, inputs, outputs = golden
    assert np.array_equal(run_tflite(model, inputs, threads).outputs, outputs)


def test_in_a_browser(golden, modules, tmp_path):
    model, inputs, outputs = golden
    chromium = require_program("chromium", "chromium")
    results = run_in_chromium(chromium, modules, model, inputs, profile=tmp_path)
    assert np.array_equal(results, outputs)


def test_on_the_jvm(golden, tmp_path):
    model, inputs, outputs = golden
    (tmp_path / "inputs").write_bytes(inputs.tobytes())
    run_program("RunModel", model, tmp_path / "inputs", tmp_path / "outputs")
    results = np.frombuffer((tmp_path / "outputs").read_bytes(), np.float32)
    assert np.array_equal(results.reshape(inputs.shape), outputs)
