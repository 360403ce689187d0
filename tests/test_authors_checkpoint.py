import subprocess
import sys

import keras
import numpy as np
import pytest

import keras_f2a
from keras_f2a import authors_checkpoint, authors_generator
from keras_f2a.cli import import_authors
from keras_f2a.support.errors import InputError, NoSpaceError
from tests import reference
from tests.conftest import names_in
from tests.pytorch_files import of, save


@pytest.fixture
def generator():
    return keras_f2a.VGG16Generator(encoder_weights=None, preprocessing="none", width=4 / 64)


@pytest.mark.parametrize("zipped", [False, True])
def test_command_converts_a_checkpoint(zipped, tmp_path, rng):
    """PyTorch 1.2, which the authors used, wrote the format before ZIP files."""
    tensors, _ = reference.make_tensors(64, seed=0)
    path = tmp_path / "model-1000.pth"
    save({name: of(value) for name, value in tensors.items()}, path, zipped=zipped)
    authors_checkpoint.main([str(path), "--output", str(tmp_path / "generator.keras")])
    generator = keras.saving.load_model(tmp_path / "generator.keras")
    image = rng.random((1, 32, 32, 3), np.float32)
    expected = reference.generate(image, tensors)
    np.testing.assert_allclose(generator.predict(image, verbose=0), expected, atol=2e-5)


@pytest.mark.parametrize("content", ["text", "tensor"])
def test_other_files_are_refused(content, tmp_path):
    path = tmp_path / "model.pth"
    if content == "text":
        path.write_text("hello")
    else:
        save(of(np.zeros(3)), path, zipped=True)
    with pytest.raises(InputError, match="model.pth"):
        authors_generator.convert_checkpoint(path)


def test_an_existing_file_is_replaced_only_on_demand_and_as_a_whole(
    tmp_path, generator, monkeypatch, capsys
):
    output = tmp_path / "generator.keras"
    output.write_text("precious")
    with pytest.raises(InputError, match="`force`"):
        authors_checkpoint.main(["model.pth", "--output", str(output)])
    command = ["model.pth", "--output", str(output), "--force"]
    monkeypatch.setattr(import_authors, "convert_checkpoint", lambda _: generator)

    def full_disk(self, path):
        path.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(NoSpaceError, match="generator.keras"):
        patched.setattr(keras.Model, "save", full_disk)
        authors_checkpoint.main(command)
    assert names_in(tmp_path) == ["generator.keras"]
    assert output.read_text() == "precious"
    authors_checkpoint.main(command)
    assert keras.saving.load_model(output).count_params() == generator.count_params()


def test_bad_call_is_one_line(tmp_path):
    command = [sys.executable, "-m", "keras_f2a.authors_checkpoint", "model.pth"]
    done = subprocess.run(
        [*command, "--output", str(tmp_path / "generator.h5")], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "must end in .keras" in done.stderr and "Traceback" not in done.stderr
