import io
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from keras_f2a.export.saved_model import write_saved_model
from PIL import Image

from keras_f2a.support.errors import InputError
from tests.conftest import names_in
from tests.export.photographs import photograph


def decoded(file):
    return np.asarray(Image.open(io.BytesIO(file)))


def test_a_batch_of_mixed_sizes_and_formats(signatures, generator):
    kinds = [
        ((50, 33), "PNG", "RGB", {}),
        ((48, 64), "JPEG", "RGB", {"progressive": True}),
        ((20, 30), "PNG", "RGBA", {}),
        ((17, 16), "JPEG", "L", {}),
        ((33, 20), "PNG", "L", {}),
    ]
    files = [photograph(size, kind, mode, **options) for size, kind, mode, options in kinds]
    replies = signatures["serving_default"](image_bytes=tf.constant(files))
    replies = replies["ambient_bytes"].numpy()
    for reply, file, (size, kind, _, _) in zip(replies, files, kinds, strict=True):
        image = Image.open(io.BytesIO(reply))
        assert (image.size, image.format, image.mode) == (size, kind, "RGB")
        pixels = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"), np.float32) / 255
        expected = np.rint(np.asarray(generator(pixels[None]))[0] * 255)
        difference = np.abs(decoded(reply) - expected)
        # JPEG is lossy, and a network with random weights does not give smooth photographs.
        assert difference.max() <= 1 if kind == "PNG" else difference.mean() <= 4


def test_tensors(signatures, generator, rng):
    flash = rng.random((2, 33, 50, 3), np.float32)
    ambient = signatures["correct_tensor"](flash=tf.constant(flash))["ambient"]
    np.testing.assert_allclose(ambient, generator(flash), atol=1e-5)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 255.0, 1.01, -0.5])
def test_tensors_of_other_values_are_refused(signatures, rng, value):
    flash = rng.random((2, 33, 50, 3), np.float32)
    flash[1, 7, 8, 2] = value
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"flash: .* in \[0, 1\]; divide"):
        signatures["correct_tensor"](flash=tf.constant(flash))


def test_tensors_may_overshoot_as_computed_values_do(signatures):
    flash = np.full((1, 16, 16, 3), 1 + 1e-6, np.float32)
    assert np.isfinite(signatures["correct_tensor"](flash=tf.constant(flash))["ambient"]).all()


def test_an_empty_batch(signatures):
    empty = tf.constant([], tf.string)
    assert signatures["serving_default"](image_bytes=empty)["ambient_bytes"].shape == (0,)


def _damaged():
    jpeg, png = photograph((48, 64), "JPEG"), photograph((48, 64), "PNG")
    return {
        "text": (b"not a photograph", "is neither a JPEG nor a PNG file"),
        "nothing": (b"", "is neither a JPEG nor a PNG file"),
        "half a JPEG": (jpeg[: len(jpeg) // 2], "is damaged"),
        "half a PNG": (png[: len(png) // 2], "is damaged"),
        "a PNG's first bytes": (png[:20], "is damaged"),
        "a JPEG's first bytes": (jpeg[:8], "is damaged"),
        "changed bytes": (png[:60] + b"????" + png[64:], "is damaged"),
        "a PNG of no height": (png[:20] + b"\0\0\0\0" + png[24:], "is damaged"),
        "a large JPEG": (photograph((101, 100), "JPEG"), "is larger than 10000 pixels"),
        "a large PNG": (photograph((101, 100), "PNG"), "is larger than 10000 pixels"),
        "a PNG that says so": (png[:16] + b"\xff" * 8 + png[24:], "is larger than 10000 pixels"),
    }


@pytest.mark.parametrize(("file", "problem"), _damaged().values(), ids=_damaged())
def test_the_error_names_the_item(signatures, file, problem):
    good = photograph((16, 16), "PNG")
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"image_bytes: item 2 {problem}"):
        signatures["serving_default"](image_bytes=tf.constant([good, good, file]))


def test_warm_up_requests_run_on_the_signatures(model_folder, signatures):
    from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog

    records = tf.data.TFRecordDataset(
        str(model_folder / "assets.extra" / "tf_serving_warmup_requests")
    ).as_numpy_iterator()
    requests = [PredictionLog.FromString(record).predict_log.request for record in records]
    assert [r.model_spec.signature_name for r in requests] == ["serving_default", "correct_tensor"]
    assert {request.model_spec.name for request in requests} == {"flash_to_ambient"}
    for request in requests:
        inputs = {name: tf.make_ndarray(value) for name, value in request.inputs.items()}
        signatures[request.model_spec.signature_name](
            **{k: tf.constant(v) for k, v in inputs.items()}
        )


def test_it_loads_where_this_package_is_not(model_folder):
    program = f"""
import sys
import tensorflow as tf
model = tf.saved_model.load({str(model_folder)!r})
output = model.signatures["correct_tensor"](flash=tf.zeros((1, 20, 30, 3)))["ambient"]
print(output.shape, [name for name in ("keras_f2a", "export") if name in sys.modules])
"""
    # Run in another folder, so that the package cannot be found by accident.
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=model_folder
    )
    assert done.stdout.strip() == "(1, 20, 30, 3) []", done.stderr


def test_a_second_one_takes_the_place_of_the_first(model_folder, generator, tmp_path):
    path = shutil.copytree(model_folder, tmp_path / "flash_to_ambient" / "3")
    (path / "of the first").touch()
    write_saved_model(generator, path, max_megapixels=0.01)
    assert names_in(path.parent) == ["3"]
    assert names_in(path) == names_in(model_folder)


@pytest.mark.parametrize("kind", ["file", "pipe", "broken link"])
def test_only_a_folder_is_replaced(tmp_path, generator, kind):
    path = tmp_path / "1"
    if kind == "file":
        path.write_text("mine")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere")
    before = path.lstat()
    with pytest.raises(InputError, match="1: is not a folder; move it away"):
        write_saved_model(generator, path)
    assert names_in(tmp_path) == ["1"] and path.lstat() == before
