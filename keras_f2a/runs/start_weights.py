"""Starts a run from the weights of another run."""

import keras

from keras_f2a.generator_loading import load_generator, load_network
from keras_f2a.models import PlacedLight
from keras_f2a.models.network import Network
from keras_f2a.support.errors import InputError


def begin_with(generator: keras.Model, path: str) -> None:
    """Set a generator's weights to those of another one.

    Args:
        generator: The generator to train.
        path: The other generator's `.keras` file, or a finished run's folder.

    Raises:
        InputError: There is no such model, it has other layers, or it makes other images with the
            same weights.
    """
    try:
        earlier = load_generator(path)
    except InputError as error:
        raise InputError(str(error), setting="start_from") from error
    shapes = [[weight.shape for weight in network.weights] for network in (earlier, generator)]
    # A file of version 0.1 holds a plain graph.
    plain = not isinstance(earlier, Network)
    if shapes[0] != shapes[1] or not (plain or type(earlier) is type(generator)):
        raise InputError(
            f"is a {type(earlier).__name__} whose layers differ from the "
            f"{type(generator).__name__} to train; use its run's settings (`config` reads them)",
            setting="start_from",
            value=path,
        )
    differ = None if plain else earlier.other_images_than(generator)
    if differ is not None:
        raise InputError(
            f"is a {type(earlier).__name__} with {differ[0]}, but the one to train has "
            f"{differ[1]}, so its weights would make other images; use its run's settings "
            "(`config` reads them), or choose another model",
            setting="start_from",
            value=path,
        )
    generator.set_weights(earlier.get_weights())


def begin_light_with(network: PlacedLight, path: str) -> None:
    """Set the weights of a network for placed light to those of another one.

    Layers that only this network has, for geometry or the flash's share, stay unchanged.

    Args:
        network: The network to train.
        path: The other network's `.keras` file, or a finished run's folder.

    Raises:
        InputError: There is no such network, or its width differs.
    """
    try:
        earlier = load_network(path)
    except InputError as error:
        raise InputError(str(error), setting="start_from") from error
    if not isinstance(earlier, PlacedLight) or earlier.width != network.width:
        raise InputError(
            f"not a network for placed light of width {network.width:g}",
            setting="start_from",
            value=path,
        )
    known = {layer.name: layer for layer in earlier.layers}
    for layer in network.layers:
        if layer.name in known:
            layer.set_weights(known[layer.name].get_weights())
