import keras
import numpy as np
import pytest

import keras_f2a
from keras_f2a.models import EncoderWeightsError

LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3")


def test_features_are_those_of_keras_vgg16_at_half_resolution(tmp_path, rng):
    vgg16 = keras.applications.VGG16(include_top=False, weights=None)
    path = tmp_path / "vgg16_notop.weights.h5"
    vgg16.save_weights(path)
    features = keras_f2a.VGG16Features(encoder_weights=str(path))
    image = rng.random((2, 32, 48, 3), np.float32)
    half = image.reshape(2, 16, 2, 24, 2, 3).mean((2, 4))
    layers = [vgg16.get_layer(name).output for name in LAYERS]
    expected = keras.Model(vgg16.input, layers)(
        keras.applications.vgg16.preprocess_input(half * 255)
    )
    for ours, theirs in zip(features(image), expected, strict=True):
        np.testing.assert_allclose(ours, theirs / 58, rtol=1e-4, atol=1e-4)
    assert not features.trainable_weights


def test_they_are_saved_with_their_weights(tmp_path, rng):
    features = keras_f2a.VGG16Features(encoder_weights=None)
    features.save(tmp_path / "features.keras")
    loaded = keras.saving.load_model(tmp_path / "features.keras")
    image = rng.random((1, 16, 16, 3), np.float32)
    for before, after in zip(features(image), loaded(image), strict=True):
        np.testing.assert_array_equal(before, after)
    assert not loaded.trainable_weights


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EncoderWeightsError, match="nowhere.h5: no such file; give `imagenet`"):
        keras_f2a.VGG16Features(encoder_weights=str(tmp_path / "nowhere.h5"))


def test_a_failed_download_names_the_setting(monkeypatch):
    def no_network(**_):
        raise Exception("URL fetch failure")  # as keras.utils.get_file does

    monkeypatch.setattr(keras.applications, "VGG16", no_network)
    with pytest.raises(EncoderWeightsError, match="notop.h5.*`perceptual_features=FILE`"):
        keras_f2a.VGG16Features()
