import gc
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly
from tests.made_once import made_once
from tests.small_disk import mounted_small_disk

# Import it as the commands do, so that later imports do not print its notes about the machine.
import_tensorflow_quietly()
import tensorflow as tf  # noqa: E402

# Imported objects stay, so the garbage collector need not scan them repeatedly.
gc.freeze()

# Create two devices, so that one process can train on one of them or on both.
_CPU = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(_CPU, [tf.config.LogicalDeviceConfiguration()] * 2)

SHARED = Path(__file__).parents[2] / "shared"


# Tests that start browsers, JVMs, clusters or builds, export in every format, or train often. They
# are listed by folder, without `test_`. An empty text means all files of the folder.
SLOW = {
    "": "authors_checkpoint reproduce shipped_generator wheel",
    "android": "core end_to_end launch style verified_build",
    "distributed": "archive object_store ray_session training",
    "export": "android calibration command darktable earlier_files exporter golden java "
    "onnx parity placed_light quantization_aware saved_model serving_client tflite_file "
    "tflite_metadata triton",
    "faults": "faults",
    "runs": "",
    "runs/workers": "",
    "services": "dockerfile http_connections http_limits http_storage watch watch_results",
    "support": "keras_import",
    "tools": "rendering train_placed_light views",
    "training": "fidelity keras_habits replicas",
    "web_demo": "",
}


def is_slow(path):
    """Return whether `make quick` skips a test file."""
    room = path.parent.relative_to(Path(__file__).parent).as_posix().removeprefix(".")
    files = SLOW.get(room)
    return files is not None and (not files or path.stem.removeprefix("test_") in files.split())


def pytest_collection_modifyitems(items):
    for item in items:
        if is_slow(item.path):
            item.add_marker(pytest.mark.slow)


def shared_folder():
    """Return the folder of measured data next to the project, which only some machines have."""
    if not SHARED.is_dir():
        pytest.skip(f"no {SHARED}")
    return SHARED


@pytest.fixture
def shared():
    """Return `shared_folder()`."""
    return shared_folder()


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def unprivileged_folder():
    """Yield a new folder and enforce permissions during the test, even if root runs it."""
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() != 0:
            yield Path(folder)
            return
        nobody = 65534
        os.chown(folder, nobody, nobody)
        os.seteuid(nobody)
        try:
            yield Path(folder)
        finally:
            os.seteuid(0)


@pytest.fixture
def small_disk(request, tmp_path):
    """Yield a disk of 200 kB, or of the size that a test requests, if root may mount one."""
    with mounted_small_disk(tmp_path / "disk", getattr(request, "param", "200k")) as allowed:
        if not allowed:
            pytest.skip("only root can mount a small disk")
        yield tmp_path / "disk"


def write_pair(folder, name, size=(48, 40), seed=0, extension="png"):
    """Write NAME_flash and NAME_ambient of (width, height) with smooth random content."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    ambient = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
    flash = ambient.point(lambda value: value // 2)
    ambient.save(folder / f"{name}_ambient.{extension}")
    flash.save(folder / f"{name}_flash.{extension}")


def write_data(folder):
    """Write a small data set: 5 training and 2 test pairs, landscape and portrait."""
    for i in range(5):
        size = (48, 40) if i % 2 else (40, 48)
        write_pair(folder / "train", f"Toys_{i:03}", size, seed=i)
    for i in range(2):
        write_pair(folder / "test", f"Rooms_{i:03}", (48, 32), seed=10 + i)
    return folder


@pytest.fixture
def data_directory(tmp_path):
    """Write a small data set for one test."""
    return write_data(tmp_path / "data")


@pytest.fixture(scope="session")
def kept_runs(tmp_path_factory):
    """Return finished runs on the pairs of `data_directory`, which tests copy."""
    from tests.runs.kept_runs import KeptRuns

    data = made_once(tmp_path_factory, "pairs_of_kept_runs", write_data)
    return KeptRuns(data, tmp_path_factory)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())
