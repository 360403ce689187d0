"""How `correct` starts: it decodes while it imports, and it imports only what it needs."""

import os
import subprocess
import sys
import threading

import pytest

from keras_f2a.correction import file_correction
from keras_f2a.correction.corrector import Corrector
from keras_f2a.imaging.photo import open_photo
from tests.correct.command import run
from tests.small_models import save_keras, save_tflite


@pytest.mark.parametrize(("suffix", "beside"), [("tflite", True), ("keras", False)])
def test_decoding_begins_while_a_model_without_tensorflow_loads(
    photos, tmp_path, monkeypatch, suffix, beside
):
    """Importing TensorFlow while another thread decoded once caused a segmentation fault."""
    decoding, seen = threading.Event(), []

    def open_and_tell(*arguments):
        decoding.set()
        return open_photo(*arguments)

    class SlowCorrector(Corrector):
        def __init__(self, *arguments, **options):
            seen.append(decoding.wait(1))
            super().__init__(*arguments, **options)

    monkeypatch.setattr(file_correction, "open_photo", open_and_tell)
    monkeypatch.setattr("keras_f2a.correction.corrector.Corrector", SlowCorrector)
    save_model = {"tflite": save_tflite, "keras": save_keras}[suffix]
    model = save_model(tmp_path / f"model.{suffix}")
    assert run(photos / "a.jpg", "--model", model, "--output", tmp_path / "out") == 0
    assert seen == [beside]


def test_one_photograph_imports_only_what_it_needs(photos, tmp_path):
    """Imports used to take two fifths of the time for a 12-megapixel photograph."""
    command = ["correct", str(photos / "a.jpg"), "--output", str(tmp_path / "out")]
    code = f"import sys; from keras_f2a.cli.program import main; assert main({command}) == 0; "
    code += "print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stderr.split())
    assert "keras_f2a.correction.corrector" in imported
    ours = ("correction.guarded_engine", "imaging.heif_file", "imaging.cicp", "model_files.graph")
    others = ("tqdm", "PIL.TiffImagePlugin", "PIL.ImageFont", "PIL.ImageCms", "email")
    assert not imported & {f"keras_f2a.{name}" for name in ours}
    assert not imported & set(others)


@pytest.mark.parametrize(("chosen", "threads"), [(None, "1"), ("2", "2")])
def test_numpy_starts_no_threads_unless_the_user_asks(photos, tmp_path, chosen, threads):
    """OpenBLAS's pool of threads takes a tenth of a second of processor time."""
    command = ["correct", str(photos / "a.jpg"), "--output", str(tmp_path / "out")]
    code = f"import os, sys; from keras_f2a.cli.program import main; assert main({command}) == 0; "
    code += "print(os.environ['OPENBLAS_NUM_THREADS'], file=sys.stderr)"
    variables = {name: os.environ[name] for name in os.environ if name != "OPENBLAS_NUM_THREADS"}
    variables |= {} if chosen is None else {"OPENBLAS_NUM_THREADS": chosen}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=variables
    )
    assert done.stderr.split()[-1] == threads


def test_decoding_does_not_wait_for_numpy(photos):
    """The JPEG reader imports without NumPy, so that NumPy is imported during decoding."""
    code = "import sys; from keras_f2a.cli import correct; "
    code += "from keras_f2a.imaging.photo import open_photo; from pathlib import Path; "
    code += f"open_photo(Path({str(photos / 'a.jpg')!r})); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
