import numpy as np
import pytest

import keras_f2a


def count(variables):
    return sum(int(np.prod(variable.shape)) for variable in variables)


def test_discriminator_parameters_are_the_papers():
    discriminator = keras_f2a.PatchDiscriminator()
    assert count(discriminator.trainable_variables) == 6_283_649


@pytest.mark.parametrize(
    "size, patches", [((64, 96), (2, 3)), ((224, 224), (7, 7)), ((33, 8), (2, 1))]
)
def test_discriminator_gives_a_logit_per_patch(size, patches, rng):
    discriminator = keras_f2a.PatchDiscriminator(width=1 / 16)
    assert discriminator(rng.random((2, *size, 3), np.float32)).shape == (2, *patches, 1)


def test_conditional_discriminator_sees_the_flash_image(rng):
    discriminator = keras_f2a.PatchDiscriminator(conditional=True, width=1 / 16)
    image, flash = rng.random((2, 1, 32, 32, 3), np.float32)
    assert not np.allclose(discriminator([image, flash]), discriminator([image, image]))


def test_unet_has_the_channels_of_chen_et_al():
    generator = keras_f2a.UNetGenerator()
    channels = [generator.get_layer(f"down{i}_conv2").filters for i in range(1, 6)]
    assert channels == [32, 64, 128, 256, 512]
    assert generator.get_layer("down1_relu1").negative_slope == pytest.approx(0.2)


@pytest.mark.parametrize("size", [(16, 16), (1, 9), (33, 50)])
def test_unet_works_at_any_size(size, rng):
    output = keras_f2a.UNetGenerator(width=1 / 8)(rng.random((1, *size, 3), np.float32))
    assert output.shape == (1, *size, 3)


def test_bad_arguments():
    with pytest.raises(ValueError, match="activation must be"):
        keras_f2a.UNetGenerator(activation="tanh")
    with pytest.raises(ValueError, match="width must be positive"):
        keras_f2a.PatchDiscriminator(width=-1)
