import subprocess
import sys

import keras
import numpy as np
import pytest

import keras_f2a

NETWORKS = {
    "vgg16": lambda: keras_f2a.VGG16Generator(encoder_weights=None, width=1 / 16),
    "unet": lambda: keras_f2a.UNetGenerator(width=1 / 8),
    "discriminator": lambda: keras_f2a.PatchDiscriminator(width=1 / 16),
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


@pytest.mark.parametrize("imports", ["import keras, keras_f2a", "import keras_f2a, keras"])
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


def test_mixed_precision_computes_in_half_and_returns_float32(rng):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator = NETWORKS["vgg16"]()
    finally:
        keras.config.set_dtype_policy("float32")
    assert generator.get_layer("block1_conv1").compute_dtype == "bfloat16"
    output = generator(rng.random((1, 16, 16, 3), np.float32))
    assert output.dtype == "float32"
