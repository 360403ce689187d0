"""`.keras` files that would read files, use the network or exhaust memory are refused."""

import io
import json
import time
import zipfile

import h5py
import keras
import numpy as np
import pytest

import keras_f2a
from keras_f2a.support.errors import InputError
from tests.small_models import save_keras


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """Save one undamaged file of each kind that can be loaded."""
    folder = tmp_path_factory.mktemp("originals")
    generator = keras_f2a.VGG16Generator(encoder_weights=None, width=1 / 16)
    generator.save(folder / "network.keras")
    keras_f2a.FlashToAmbient(
        generator, keras_f2a.PatchDiscriminator(width=1 / 16), guided=False
    ).save(folder / "wrapper.keras")
    image = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(4, 3, padding="same", activation="relu")(2.0 * image - 1.0)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Conv2DTranspose(4, 2, strides=2)(keras.layers.MaxPooling2D(2)(x))
    x = keras.layers.PReLU(shared_axes=[1, 2])(x)
    x = keras.layers.SeparableConv2D(3, 3, padding="same", activation="sigmoid")(x)
    x = keras.ops.clip(x[..., ::-1], 0, 1)
    keras.Model(image, x).save(folder / "graph.keras")
    save_keras(folder / "rescaling.keras")
    layers = [keras.Input((None, None, 3)), keras.layers.Conv2D(3, 1, activation="sigmoid")]
    keras.Sequential(layers).save(folder / "sequential.keras")
    return folder


def changed(source, target, change=lambda config: None, weights=None):
    """Copy a file with a changed configuration or other weights."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    change(config)
    members["config.json"] = json.dumps(config).encode()
    if weights is not None:
        members["model.weights.h5"] = weights
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def layer(config, kind):
    return next(item for item in config["config"]["layers"] if item["class_name"] == kind)


@pytest.mark.parametrize("name", ["network", "wrapper", "graph", "rescaling", "sequential"])
def test_whole_files_give_what_keras_gives(name, originals, rng):
    path = originals / f"{name}.keras"
    image = rng.random((1, 32, 48, 3), np.float32)
    expected = keras.saving.load_model(path, compile=False)(image)
    np.testing.assert_array_equal(keras_f2a.load_generator(path)(image), expected)


@pytest.mark.parametrize("weights", ["imagenet", "/etc/passwd", "http://localhost/weights.h5", ""])
@pytest.mark.parametrize("name", ["network", "wrapper"])
def test_no_file_names_weights_to_load(name, weights, originals, tmp_path, monkeypatch):
    def name_weights(config):
        inner = config["config"]["generator"] if name == "wrapper" else config
        # At any other width, the constructor refuses weights anyway.
        inner["config"].update(encoder_weights=weights, width=1.0)

    path = changed(originals / f"{name}.keras", tmp_path / "a.keras", name_weights)
    reached = []
    monkeypatch.setattr(keras.applications, "VGG16", lambda **options: reached.append(options))
    with pytest.raises(InputError, match=r"a\.keras: .*encoder_weights"):
        keras_f2a.load_generator(path)
    with pytest.raises(Exception, match="encoder_weights"):  # noqa: B017
        keras.saving.load_model(path)
    assert not reached


def huge_hdf5(**options):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file.create_dataset("layers/conv2d/vars/0", (30_000, 30_000), "float32", **options)
    return content.getvalue()


def linked_hdf5(link):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file["layers"] = link
    return content.getvalue()


def external_hdf5():
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file.create_dataset("a", (4,), "uint8", external=[("/etc/passwd", 0, 4)])
    return content.getvalue()


@pytest.mark.parametrize(
    "weights",
    [
        huge_hdf5(),
        huge_hdf5(chunks=(100, 100), compression="gzip"),
        linked_hdf5(h5py.ExternalLink("/etc/passwd", "/")),
        linked_hdf5(h5py.SoftLink("/")),
        external_hdf5(),
        b"no hdf5",
        b"",
    ],
)
def test_weights_that_are_not_in_the_file_are_refused(weights, originals, tmp_path):
    path = changed(originals / "network.keras", tmp_path / "a.keras", weights=weights)
    with pytest.raises(InputError, match=r"a\.keras: "):
        keras_f2a.load_generator(path)


def set_of(kind, **values):
    def change(config):
        layer(config, kind)["config"].update(values)

    return change


def replaced(kind, name, values):
    def change(config):
        item = layer(config, kind)
        item.update(class_name=name, config={"name": item["config"]["name"], **values})

    return change


def set_input(side):
    def change(config):
        layer(config, "InputLayer")["config"]["batch_shape"] = [None, side, side, 3]

    return change


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("network", lambda config: config["config"].update(width=3)),
        ("network", lambda config: config["config"].update(width=1e5)),
        ("network", lambda config: config["config"].update(width=float("nan"))),
        ("network", lambda config: config["config"].update(width="1")),
        ("network", lambda config: config["config"].update(input_shape=[16_000, 16_000, 3])),
        ("wrapper", lambda config: config["config"]["generator"]["config"].update(width=3)),
        ("network", lambda config: config.update(class_name="Lambda", registered_name=None)),
        ("graph", set_of("Conv2D", kernel_size=[60_000, 60_000])),
        ("graph", set_of("Conv2D", filters=100_000)),
        ("graph", set_of("Conv2D", activation="keras_f2a>VGG16Generator")),
        ("graph", set_of("Conv2D", groups=-1)),
        ("graph", set_of("Conv2DTranspose", strides=[5000, 5000])),
        ("graph", replaced("MaxPooling2D", "UpSampling2D", {"size": [100_000, 100_000]})),
        ("graph", replaced("MaxPooling2D", "ZeroPadding2D", {"padding": 10**6})),
        ("graph", replaced("MaxPooling2D", "Lambda", {"function": "f"})),
        ("graph", replaced("MaxPooling2D", "TFSMLayer", {"filepath": "/etc"})),
        ("graph", replaced("MaxPooling2D", "Dense", {"units": 10**6})),
        ("graph", set_input(60_000)),
        ("graph", lambda config: config["config"]["layers"].extend([{}] * 1000)),
        ("graph", lambda config: config["config"]["layers"].clear()),
        ("sequential", set_of("Conv2D", filters=10**6)),
    ],
)
def test_what_would_cost_too_much_is_refused_at_once(name, change, originals, tmp_path):
    path = changed(originals / f"{name}.keras", tmp_path / "a.keras", change)
    start = time.perf_counter()
    with pytest.raises(InputError, match=r"a\.keras: ") as refused:
        keras_f2a.load_generator(path)
    assert "\n" not in str(refused.value)
    assert time.perf_counter() - start < 10


def test_nothing_but_keras_own_parts_is_in_an_archive(originals, tmp_path):
    path = changed(originals / "network.keras", tmp_path / "a.keras")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("assets/x", "x")
    with pytest.raises(InputError, match=r"a\.keras: contains assets/x"):
        keras_f2a.load_generator(path)


def test_weights_that_shrink_like_no_weights_are_refused(originals, tmp_path):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file["a"] = np.zeros(10**7, np.float32)
    plain = changed(originals / "network.keras", tmp_path / "b.keras", weights=content.getvalue())
    with (
        zipfile.ZipFile(plain) as archive,
        zipfile.ZipFile(tmp_path / "a.keras", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in archive.namelist():
            packed.writestr(name, archive.read(name))
    with pytest.raises(InputError, match=r"a\.keras: its weights would unpack to 40 MB"):
        keras_f2a.load_generator(tmp_path / "a.keras")
