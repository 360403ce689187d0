"""Keras knows the package's classes after `import keras_f2a`, which does not import Keras."""

import subprocess
import sys

import pytest

import keras_f2a
from keras_f2a.training.deepflash import DeepFlash

NETWORKS = ("SmallGenerator", "VGG16Generator", "UNetGenerator", "LightGenerator")


def run(program, *arguments):
    command = [sys.executable, "-W", "error", "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    for name in NETWORKS:
        options = {"encoder_weights": None} if name == "VGG16Generator" else {}
        generator = getattr(keras_f2a, name)(width=1 / 16, **options)
        generator.save(folder / f"{name}.keras")
    discriminator = keras_f2a.PatchDiscriminator(width=1 / 16)
    keras_f2a.FlashToAmbient(generator, discriminator).save(folder / "FlashToAmbient.keras")
    DeepFlash(generator).save(folder / "DeepFlash.keras")
    return folder


@pytest.mark.parametrize(
    "order",
    [
        "keras_f2a, keras",
        "keras, keras_f2a",
        "keras_f2a, tensorflow, keras",  # TensorFlow asks where Keras is, without importing it.
    ],
)
def test_keras_loads_every_network_after_importing_the_package(files, order):
    done = run(
        f"import sys, pathlib, {order}\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    print(type(keras.saving.load_model(path)).__name__)\n"
        "print(type(keras.__loader__).__name__, keras.__spec__.loader is keras.__loader__)\n"
        "print([type(finder).__name__ for finder in sys.meta_path if 'Keras' in repr(finder)])",
        files,
    )
    assert done.returncode == 0, done.stderr
    *loaded, loader, finders = done.stdout.splitlines()
    assert loaded == sorted(path.stem for path in files.iterdir())
    assert (loader, finders) == ("SourceFileLoader True", "[]")


def test_a_program_that_only_asks_where_keras_is_can_import_it_later():
    done = run(
        "import keras_f2a, importlib.util\n"
        "print(importlib.util.find_spec('keras').origin)\n"
        "import keras\n"
        "print(keras.__file__)\n"
        "print(keras.saving.get_registered_object('keras_f2a>PlacedLight').__name__)"
    )
    assert done.returncode == 0, done.stderr
    found, imported, registered = done.stdout.splitlines()
    assert (found, registered) == (imported, "PlacedLight")


def test_importing_the_package_imports_neither_keras_nor_tensorflow():
    done = run(
        "import sys, keras_f2a\n"
        "keras_f2a.Corrector\n"
        "print([n for n in ('keras', 'tensorflow', 'keras_f2a.models') if n in sys.modules])"
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


@pytest.mark.parametrize(
    "first",
    ["keras_f2a.VGG16Generator", "keras_f2a.FlashToAmbient", "keras_f2a.pretrained()"],
)
def test_what_imports_keras_by_itself_works_as_before(first):
    done = run(f"import keras_f2a\n{first}\nimport keras\nprint(keras_f2a.SmallGenerator)")
    assert done.returncode == 0, done.stderr


def test_a_missing_keras_is_still_missing():
    done = run(
        "import sys, keras_f2a\n"
        "sys.path = [p for p in sys.path if 'packages' not in p]\n"
        "try:\n    import keras\nexcept ModuleNotFoundError as error:\n    print(error.name)"
    )
    assert done.stdout == "keras\n", done.stderr


@pytest.mark.parametrize("missing", ["cv2", "h5py", "scipy"])
def test_keras_can_be_imported_where_a_package_of_the_extras_is_missing(missing):
    program = f"import sys, keras\nsys.modules[{missing!r}] = None\nimport keras_f2a\nprint(1)"
    done = run(program)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
