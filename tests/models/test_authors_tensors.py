import pytest

import keras_f2a
from keras_f2a.models import authors_tensors
from tests import reference


@pytest.fixture
def generator():
    return keras_f2a.VGG16Generator(encoder_weights=None, preprocessing="none", width=4 / 64)


def test_names_and_layouts_need_no_pytorch(generator):
    tensors, _ = reference.make_tensors(4, seed=0)
    authors_tensors.load_generator_tensors(generator, tensors)
    kernel = generator.get_layer("up3_deconv").kernel.numpy()
    # PyTorch stores (in, out, height, width), Keras (height, width, out, in).
    assert kernel[0, 2, 5, 7] == tensors["dec5.unconv3.weight"][7, 5, 0, 2]
    kernel = generator.get_layer("block2_conv1").kernel.numpy()
    assert kernel[0, 2, 1, 6] == tensors["enc5.conv2_1.weight"][6, 1, 0, 2]
    names = {authors_tensors.authors_name(variable) for variable in generator.weights}
    assert names == set(tensors)


def test_problems_are_all_named(generator):
    tensors, _ = reference.make_tensors(4, seed=0)
    del tensors["dec5.unconv2.bias"]
    tensors["dec5.convToCh.weight"] = tensors["dec5.convToCh.weight"][:2]
    with pytest.raises(authors_tensors.CheckpointError) as error:
        authors_tensors.load_generator_tensors(generator, tensors, "model.pth")
    assert "model.pth: not a checkpoint of the authors' network" in str(error.value)
    assert "dec5.unconv2.bias is missing" in str(error.value)
    assert "dec5.convToCh.weight has shape (2, 4, 3, 3)" in str(error.value)
