import keras
import numpy as np
import pytest
from keras_f2a.export import fine_tune
from keras_f2a.export.pairs import load_export_pairs
from keras_f2a.export.probe import run_tflite
from keras_f2a.export.settings import ImageSize
from keras_f2a.export.tflite import convert_quantization_aware
from keras_f2a.export.twin import build_twin

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.support.errors import InputError
from keras_f2a.training.building import build_generator
from keras_f2a.training.settings import NetworkSettings

SIZE = ImageSize(48, 64)


@pytest.fixture(scope="module")
def pairs():
    return load_export_pairs(BUNDLED_SCENES)


@pytest.mark.parametrize("preprocessing", ["imagenet", "none"])
def test_the_twin_gives_the_same(preprocessing, rng):
    keras.utils.set_random_seed(0)
    generator = build_generator(
        "guided", NetworkSettings(width=1 / 16, preprocessing=preprocessing)
    )
    image = rng.random((2, 32, 48, 3), np.float32)
    np.testing.assert_allclose(build_twin(generator)(image), generator(image), atol=1e-6)


def test_a_unet_has_no_twin():
    with pytest.raises(InputError, match="int8_qat: unet_generator is not a VGG16 generator"):
        build_twin(build_generator("unet", NetworkSettings(width=1 / 16)))


@pytest.fixture(scope="module")
def fine_tuned(generator, pairs):
    """Fine-tune twice and return the second network, because Keras keeps numbering the layers."""
    images = pairs.calibration_images(SIZE)
    fine_tune(generator, pairs.training, images[:1], steps=1)
    return fine_tune(generator, pairs.training, images, steps=2)


def test_fine_tuning_moves_the_decoder_alone(generator, fine_tuned):
    tuned = {weight.name: weight for weight in fine_tuned.weights}
    for name, learns in (("block5_conv3", False), ("up1_conv2", True), ("output_conv", True)):
        kernel = generator.get_layer(name).get_weights()[0]
        assert np.array_equal(tuned[f"{name}/kernel:0"], kernel) != learns


def test_what_training_saw_is_what_the_file_does(fine_tuned, pairs, tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(convert_quantization_aware(fine_tuned, SIZE))
    image = pairs.calibration_images(SIZE)[0]
    difference = run_tflite(path, image, threads=1).outputs - fine_tuned(image, training=False)
    # A value that is rounded the other way grows from layer to layer, but stays small.
    assert np.sqrt(np.mean(np.square(difference))) < 0.01
