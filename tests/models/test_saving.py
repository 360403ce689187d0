import subprocess
import sys

import keras
import numpy as np
import pytest

import keras_f2a

NETWORKS = {
    "vgg16": lambda **more: keras_f2a.VGG16Generator(encoder_weights=None, width=1 / 16, **more),
    "difference": lambda **more: keras_f2a.VGG16Generator(
        encoder_weights=None,
        width=0.03,
        preprocessing="none",
        output_activation="tanh",
        freeze_encoder=True,
        **more,
    ),
    "unet": lambda **more: keras_f2a.UNetGenerator(width=1 / 8, **more),
    "unet_relu": lambda **more: keras_f2a.UNetGenerator(width=1 / 8, activation="relu", **more),
    "light": lambda **more: keras_f2a.LightGenerator(width=1 / 8, **more),
    "small": lambda **more: keras_f2a.SmallGenerator(width=1 / 8, **more),
    "discriminator": lambda **more: keras_f2a.PatchDiscriminator(width=1 / 16, **more),
}

LOADER = """
import sys
import numpy as np
{imports}
directory = sys.argv[1]
for name in {names}:
    model = keras.saving.load_model(f"{{directory}}/{{name}}.keras")
    output = model.predict(np.load(f"{{directory}}/image.npy"), verbose=0)
    np.save(f"{{directory}}/{{name}}.npy", output)
"""


@pytest.mark.parametrize("imports", ["import keras, keras_f2a.models"])
def test_saved_networks_load_in_another_process(imports, tmp_path, rng):
    image = rng.random((1, 33, 40, 3), np.float32)
    np.save(tmp_path / "image.npy", image)
    expected = {}
    for name, build in NETWORKS.items():
        model = build()
        model.save(tmp_path / f"{name}.keras")
        expected[name] = model.predict(image, verbose=0)
    program = LOADER.format(imports=imports, names=list(NETWORKS))
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    for name, output in expected.items():
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), output, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_file_says_what_it_holds(name, dtype, tmp_path, rng):
    network = NETWORKS[name](dtype=dtype)
    network.layers[1].trainable = False
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    assert type(again) is type(network) and again.get_config() == network.get_config()
    assert len(again.trainable_variables) == len(network.trainable_variables)
    image = rng.random((1, 33, 40, 3), np.float32)
    np.testing.assert_array_equal(again(image), network(image))


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_are_functional_models(name, rng):
    network = NETWORKS[name]()
    image = rng.random((1, 16, 32, 3), np.float32)
    features = keras.Model(network.input, network.layers[3].output)
    assert features(image).shape[0] == 1 and network.get_layer(network.layers[3].name)
    clone = keras.models.clone_model(network)
    clone.set_weights(network.get_weights())
    np.testing.assert_array_equal(clone(image), network(image))


def test_mixed_precision_computes_in_half_and_returns_float32(rng):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator = NETWORKS["vgg16"]()
    finally:
        keras.config.set_dtype_policy("float32")
    assert generator.get_layer("block1_conv1").compute_dtype == "bfloat16"
    output = generator(rng.random((1, 16, 16, 3), np.float32))
    assert output.dtype == "float32"
