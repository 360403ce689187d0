"""Turns a generator that is a plain functional graph back into the class that builds this graph.

Such are the files of version 0.1, in which the generators were functions, and those of
`keras.models.clone_model`.
"""

import json

import keras

from keras_f2a.models.image_layers import ImageNetPreprocessing, KeepWhite, Relight
from keras_f2a.models.light_generator import LightGenerator
from keras_f2a.models.network import Network
from keras_f2a.models.small_generator import SmallGenerator
from keras_f2a.models.unet_generator import UNetGenerator
from keras_f2a.models.vgg16_generator import VGG16Generator

# The most channels of a generator at width 1.
_WIDEST = {VGG16Generator: 512, UNetGenerator: 512, LightGenerator: 160, SmallGenerator: 160}
# What may differ in a layer of the same graph: how it starts and whether it is trained.
_NO_PART = ("trainable", "kernel_initializer", "bias_initializer")


def as_network(model: keras.Model) -> keras.Model:
    """Returns the generator of this package that a model is, with the model's weights.

    Nothing is taken on trust: the class's graph must equal the model's, layer by layer.

    Args:
        model: Any model.

    Returns:
        A generator with the same layers frozen; or `model` itself, if it is a class already or no
        generator of this package.
    """
    if isinstance(model, Network) or not getattr(model, "inputs", None):
        return model
    candidate = _candidate(model)
    if candidate is None or _graph(candidate) != _graph(model):
        return model
    candidate.set_weights(model.get_weights())
    for layer in model.layers:
        candidate.get_layer(layer.name).trainable = layer.trainable
    return candidate


def _candidate(model: keras.Model) -> Network | None:
    """The only generator that a model can be, by the kinds and sizes of its layers."""
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    if not convolutions or len(model.inputs) != 1 or len(model.inputs[0].shape) != 4:
        return None
    generator, arguments = _class_and_arguments(model)
    return generator(
        tuple(model.inputs[0].shape[1:]),
        width=max(layer.filters for layer in convolutions) / _WIDEST[generator],
        name=model.name,
        dtype=convolutions[0].dtype_policy.name,
        **arguments,
    )


def _class_and_arguments(model: keras.Model) -> tuple[type[Network], dict]:
    kinds = {type(layer) for layer in model.layers}
    if KeepWhite in kinds:
        return LightGenerator, {}
    if Relight in kinds:
        return SmallGenerator, {}
    if keras.layers.LeakyReLU in kinds or keras.layers.ReLU in kinds:
        leaky = keras.layers.LeakyReLU in kinds
        return UNetGenerator, {"activation": "leaky_relu" if leaky else "relu"}
    last = [layer for layer in model.layers if isinstance(layer, keras.layers.Activation)][-1:]
    difference = any(layer.activation is keras.activations.tanh for layer in last)
    return VGG16Generator, {
        "encoder_weights": None,
        "preprocessing": "imagenet" if ImageNetPreprocessing in kinds else "none",
        "output_activation": "tanh" if difference else "sigmoid",
    }


def _graph(model: keras.Model) -> str:
    """Layers, their connections and the shapes of their weights."""
    layers = keras.Model(model.inputs, model.outputs).get_config()["layers"]
    for layer in layers:
        layer["config"] = {k: v for k, v in layer["config"].items() if k not in _NO_PART}
    shapes = [tuple(weight.shape) for weight in model.weights]
    # As text, in which a file's lists equal a new layer's tuples.
    return json.dumps([layers, shapes], default=repr)
