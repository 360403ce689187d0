"""The networks: functional Keras models that need nothing else of the project.

After this package is imported, `keras.saving.load_model` can read their files. To add a network,
add a file here (`keras_f2a.models.registry`).
"""

from keras_f2a.models.encoder_weights import EncoderWeightsError
from keras_f2a.models.light_generator import LightGenerator
from keras_f2a.models.network import Generator, Network
from keras_f2a.models.patch_discriminator import PatchDiscriminator
from keras_f2a.models.placed_light import PlacedLight
from keras_f2a.models.registry import generator_class, generators, networks, register
from keras_f2a.models.small_generator import SmallGenerator
from keras_f2a.models.unet_generator import UNetGenerator
from keras_f2a.models.vgg16_features import VGG16Features
from keras_f2a.models.vgg16_generator import VGG16Generator

__all__ = [
    "EncoderWeightsError",
    "Generator",
    "LightGenerator",
    "Network",
    "PatchDiscriminator",
    "PlacedLight",
    "SmallGenerator",
    "UNetGenerator",
    "VGG16Features",
    "VGG16Generator",
    "generator_class",
    "generators",
    "networks",
    "register",
]

networks()  # Also register the networks that are not imported above.
