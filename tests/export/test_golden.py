"""The same bits everywhere: one int8 file, run in Python, in a browser and on the JVM."""

import shutil
import subprocess

import numpy as np
import pytest

from export.probe import run_tflite
from tests.android.jvm import run_program
from tests.export.chromium import PAGE, run_in_chromium
from tests.export.make_golden import MODEL, golden_images
from tests.system_packages import require_program, skip_or_fail


@pytest.mark.parametrize("threads", [1, 2])
def test_in_python(threads):
    inputs, outputs = golden_images()
    assert np.array_equal(run_tflite(MODEL, inputs, threads).outputs, outputs)


def test_in_a_browser(tmp_path):
    chromium = require_program("chromium", "chromium")
    npm = require_program("npm", "npm")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PAGE / name, tmp_path)
    command = [npm, "ci", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    if done.returncode != 0:
        skip_or_fail(f"npm cannot fetch @litertjs/core: {done.stderr[-300:]}")
    inputs, outputs = golden_images()
    profile = tmp_path / "profile"
    assert np.array_equal(run_in_chromium(chromium, tmp_path, MODEL, inputs, profile), outputs)


def test_on_the_jvm(tmp_path):
    inputs, outputs = golden_images()
    (tmp_path / "inputs").write_bytes(inputs.tobytes())
    run_program("RunModel", MODEL, tmp_path / "inputs", tmp_path / "outputs")
    results = np.frombuffer((tmp_path / "outputs").read_bytes(), np.float32)
    assert np.array_equal(results.reshape(inputs.shape), outputs)
