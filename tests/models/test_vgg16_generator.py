import keras
import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.models import EncoderWeightsError

# Mean, standard deviation and share above 0 of VGG16 features with ImageNet weights. They were
# computed with `keras.applications.VGG16` and its `preprocess_input` on the top left 224×224
# pixels of FAID's Objects_018 in the authors' data set.
FEATURES = {
    "block1_conv2": (122.363, 214.898, 0.678532),
    "block3_conv3": (201.550, 575.762, 0.266149),
    "block5_conv3": (0.461045, 3.99604, 0.0273238),
}


def tiny_generator(**kwargs):
    return keras_f2a.VGG16Generator(encoder_weights=None, width=1 / 16, **kwargs)


def count(variables):
    return sum(int(np.prod(variable.shape)) for variable in variables)


def test_parameters_are_the_papers():
    generator = keras_f2a.VGG16Generator(encoder_weights=None, freeze_encoder=True)
    assert generator.count_params() == 30_387_011
    assert count(generator.trainable_variables) == 15_672_323


def test_encoder_trains_without_pretrained_weights():
    generator = tiny_generator()
    assert count(generator.trainable_variables) == generator.count_params()


@pytest.mark.parametrize("size", [(16, 16), (1, 1), (5, 40), (33, 50), (48, 17)])
@pytest.mark.parametrize("input_shape", [(None, None, 3), "fixed"])
def test_any_size_works(size, input_shape, rng):
    shape = (*size, 3) if input_shape == "fixed" else input_shape
    output = tiny_generator(input_shape=shape)(rng.random((2, *size, 3), np.float32))
    assert output.shape == (2, *size, 3)
    assert np.all(np.isfinite(output)) and np.min(output) >= 0 and np.max(output) <= 1


def test_a_mirrored_border_is_what_the_padding_sees(rng):
    generator = tiny_generator()
    image = rng.random((1, 20, 16, 3), np.float32)
    reflected = np.concatenate([image, image[:, -2:-14:-1]], axis=1)
    np.testing.assert_allclose(generator(image), generator(reflected)[:, :20], atol=1e-6)


def test_layer_names_are_stable():
    names = {layer.name for layer in tiny_generator().layers}
    assert {"block1_conv1", "block5_conv3", "up4_deconv", "up4_conv3", "up1_conv2"} <= names


def test_transposed_convolution_is_centered():
    generator = tiny_generator()
    layer, crop = generator.get_layer("up1_deconv"), generator.get_layer("up1_crop")
    kernel = np.zeros(layer.kernel.shape, np.float32)
    kernel[0, 0, 0, 0], kernel[1, 1, 0, 0], kernel[2, 2, 0, 0] = 1, 2, 3
    layer.set_weights([kernel, np.zeros(layer.bias.shape, np.float32)])
    features = np.zeros((1, 4, 4, layer.kernel.shape[-1]), np.float32)
    features[0, 2, 2, 0] = 1
    output = crop(layer(features))[0, ..., 0]
    assert output.shape == (8, 8)
    # Kernel row k contributes to row 2i + k − 1, so i = 2 reaches rows 3, 4 and 5.
    assert [float(output[i, i]) for i in (3, 4, 5)] == [1, 2, 3]


def test_imagenet_features_are_those_of_keras_vgg16(tmp_path, rng):
    vgg16 = keras.applications.VGG16(include_top=False, weights=None)
    path = tmp_path / "vgg16_notop.weights.h5"
    vgg16.save_weights(path)
    generator = keras_f2a.VGG16Generator(encoder_weights=str(path))
    assert not generator.get_layer("block3_conv2").trainable
    image = rng.random((1, 32, 32, 3), np.float32)
    expected = keras.Model(vgg16.input, vgg16.get_layer("block5_conv3").output)(
        keras.applications.vgg16.preprocess_input(image * 255)
    )
    ours = keras.Model(generator.input, generator.get_layer("block5_conv3").output)(image)
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)


def test_the_decoder_starts_at_a_sound_scale(rng):
    """Features of the order of 100 would saturate the sigmoid from the start."""
    output = tiny_generator()(rng.random((1, 64, 64, 3), np.float32))
    assert np.mean((output > 0.01) & (output < 0.99)) > 0.9


def test_missing_and_wrong_encoder_files_are_named(tmp_path):
    with pytest.raises(EncoderWeightsError, match="nowhere.h5: no such file"):
        keras_f2a.VGG16Generator(encoder_weights=str(tmp_path / "nowhere.h5"))
    wrong = tmp_path / "wrong.h5"
    wrong.write_bytes(b"not an h5 file")
    with pytest.raises(EncoderWeightsError, match="wrong.h5: not Keras's VGG16"):
        keras_f2a.VGG16Generator(encoder_weights=str(wrong))


@pytest.mark.parametrize("network", [keras_f2a.VGG16Generator, keras_f2a.VGG16Features])
def test_random_weights_may_be_called_as_the_command_calls_them(network):
    options = {"width": 1 / 16} if network is keras_f2a.VGG16Generator else {}
    model = network(encoder_weights="none", **options)
    assert model.get_config() == network(encoder_weights=None, **options).get_config()


def test_failed_download_says_what_to_fetch(monkeypatch):
    def no_network(**_):
        raise Exception("URL fetch failure")  # as keras.utils.get_file does

    monkeypatch.setattr(keras.applications, "VGG16", no_network)
    with pytest.raises(EncoderWeightsError, match="notop.h5.*`encoder_weights=FILE`"):
        keras_f2a.VGG16Generator()


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"preprocessing": "caffe"}, "preprocessing must be"),
        ({"width": 0}, "width must be positive"),
        ({"width": 0.5, "encoder_weights": "imagenet"}, "need width 1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras_f2a.VGG16Generator(**{"encoder_weights": None, **arguments})


def test_the_decoder_starts_as_pytorch_starts_layers():
    """Kernel and bias are uniform within ±1/√fan_in. A transposed kernel counts its outputs."""
    generator = keras_f2a.VGG16Generator(encoder_weights=None, width=0.25)
    for name, channels in (("up3_conv2", 64), ("up3_deconv", 64), ("output_conv", 16)):
        limit = 1 / np.sqrt(9 * channels)
        for weights in map(np.abs, generator.get_layer(name).get_weights()):
            assert np.max(weights) <= limit
            if weights.size > 1000:
                assert np.mean(weights) == pytest.approx(limit / 2, rel=0.05)
        assert np.any(generator.get_layer(name).get_weights()[1])


def test_an_option_gives_larger_weights_and_no_biases():
    generator = tiny_generator(initialization="he")
    assert not np.any(generator.get_layer("up3_conv2").get_weights()[1])
    with pytest.raises(ValueError, match="initialization must be 'torch' or 'he', not 'zero'"):
        tiny_generator(initialization="zero")


def test_features_of_a_photograph_are_those_of_imagenets_vgg16(shared):
    """The expected values come from `keras.applications` with ImageNet weights."""
    (weights,) = (shared / "weights").glob("vgg16*notop.h5")
    with Image.open(shared / "faid_mini/test/Objects_018_flash.png") as file:
        photograph = np.asarray(file.convert("RGB"), np.float32)[None, :224, :224] / 255
    generator = keras_f2a.VGG16Generator(encoder_weights=str(weights))
    for name, (mean, deviation, share_above_0) in FEATURES.items():
        features = keras.Model(generator.input, generator.get_layer(name).output)(photograph)
        assert np.mean(features) == pytest.approx(mean, rel=1e-3)
        assert np.std(features) == pytest.approx(deviation, rel=1e-3)
        assert np.mean(features > 0) == pytest.approx(share_above_0, abs=1e-3)
