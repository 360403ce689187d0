"""Starts a run from the weights of another run."""

import keras

from keras_f2a.generator_loading import load_generator, load_network
from keras_f2a.models import PlacedLight
from keras_f2a.models.network import Network
from keras_f2a.support.errors import InputError


def load_start_weights(generator: keras.Model, path: str) -> None:
    """Set a generator's weights to those of another one.

    Args:
        generator: The generator to train.
        path: The other generator: a `.keras` file, a finished run's folder, the name `light_v2`, or
            an address on a hub (see `keras_f2a.load_generator`).

    Raises:
        InputError: There is no such model, it has other layers, or it makes other images with the
            same weights.
    """
    try:
        source = load_generator(path)
    except InputError as error:
        raise InputError(str(error), setting="start_from") from error
    shapes = [[weight.shape for weight in network.weights] for network in (source, generator)]
    # A file of version 0.1 holds a plain graph.
    is_plain_graph = not isinstance(source, Network)
    if shapes[0] != shapes[1] or not (is_plain_graph or type(source) is type(generator)):
        raise InputError(
            f"is a {type(source).__name__} whose layers differ from the "
            f"{type(generator).__name__} to train; use its run's settings (`config` reads them)",
            setting="start_from",
            value=path,
        )
    difference = None if is_plain_graph else source.other_images_than(generator)
    if difference is not None:
        raise InputError(
            f"is a {type(source).__name__} with {difference[0]}, but the one to train has "
            f"{difference[1]}, so its weights would make other images; use its run's settings "
            "(`config` reads them), or choose another model",
            setting="start_from",
            value=path,
        )
    generator.set_weights(source.get_weights())


def load_light_start_weights(network: PlacedLight, path: str) -> None:
    """Set the weights of a network for placed light to those of another one.

    Layers that only this network has, for geometry or the flash's share, stay unchanged.

    Args:
        network: The network to train.
        path: The other network: a `.keras` file, a finished run's folder, the name
            `placed_light_v3`, or an address on a hub (see `keras_f2a.load_generator`).

    Raises:
        InputError: There is no such network, its width differs, or it reads the numbers of a light
            in another way.
    """
    try:
        source = load_network(path)
    except InputError as error:
        raise InputError(str(error), setting="start_from") from error
    if not isinstance(source, PlacedLight) or source.width != network.width:
        raise InputError(
            f"not a network for placed light of width {network.width:g}",
            setting="start_from",
            value=path,
        )
    for name in "light_center", "light_scale":
        if getattr(source, name) != getattr(network, name):
            raise InputError(
                f"has another `{name}` than the network to train, so its weights would give other "
                "light; choose another model",
                setting="start_from",
                value=path,
            )
    source_layers = {layer.name: layer for layer in source.layers}
    for layer in network.layers:
        if layer.name in source_layers:
            layer.set_weights(source_layers[layer.name].get_weights())
