"""The networks' base classes. A network's file records its class and constructor arguments."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager

import keras

_OUTPUT_NEUTRAL = {
    *("input_shape", "name", "dtype", "width", "initialization"),
    *("encoder_weights", "freeze_encoder", "frozen_layers"),
}
"""Arguments that do not change what images a network makes with given weights.

The shapes of the weights already determine `width`.
"""


class Network(keras.Model):
    """A functional model that is saved as its constructor's arguments.

    A subclass builds its graph in its constructor, inside `dtype_policy`, and passes inputs and
    outputs to `super().__init__`. Its `get_config` adds its own arguments to those of the base
    class.

    Attributes:
        PARAMETERS: Minimum number of parameters at `width` 1. A file that stores far fewer than its
            `width` requires is rejected before anything is built.
    """

    PARAMETERS = 0

    def get_config(self) -> dict:
        """Return the constructor's arguments and the names of the frozen layers."""
        return {
            "input_shape": tuple(self.inputs[0].shape[1:]),
            "name": self.name,
            "dtype": self.dtype_policy.name,
            "frozen_layers": [layer.name for layer in self.layers if not layer.trainable],
        }

    def other_images_than(self, other: "Network") -> tuple[str, str] | None:
        """Return why this network makes other images than `other` with the same weights.

        Args:
            other: A network of the same class.

        Returns:
            The differing arguments of this network and of the other, for an error message, or
            `None` if none of them differ.
        """
        configs = self.get_config(), other.get_config()
        names = set(configs[0]) - _OUTPUT_NEUTRAL
        differing = sorted(name for name in names if configs[0][name] != configs[1][name])
        if not differing:
            return None
        mine, others = (" and ".join(f"`{n}` {config[n]}" for n in differing) for config in configs)
        return mine, others

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "Network":
        """Build the network of a configuration, with random weights.

        Raises:
            ValueError: It names weights to load. A configuration from a file must not make this
                program read other files or access the Internet.
        """
        arguments = dict(config)
        if arguments.get("encoder_weights") is not None:
            raise ValueError(
                "a saved network must not set `encoder_weights`, because its file has these weights"
            )
        if "encoder_weights" in inspect.signature(cls).parameters:
            arguments["encoder_weights"] = None
        frozen_layers = arguments.pop("frozen_layers", ())
        network = cls(**arguments)
        for name in frozen_layers:
            network.get_layer(name).trainable = False
        return network


class Generator(Network):
    """A network from flash images of any height and width to images of the same size.

    Attributes:
        FOR_DIFFERENCES: Constructor arguments with which it predicts differences in [−1, 1] instead
            of images, or `None` if it cannot.
    """

    FOR_DIFFERENCES: dict | None = None

    @property
    def predicts_difference(self) -> bool:
        """Whether the output is half the difference to the input (DeepFlash), not an image."""
        return False


@contextmanager
def dtype_policy(dtype: str | None) -> Iterator[None]:
    """Set the precision policy of the layers that are created in the block.

    Args:
        dtype: For example `"float32"` or `"mixed_bfloat16"`. `None` keeps Keras's global policy.
    """
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy(previous if dtype is None else dtype)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(previous)


def check_width(width: float) -> None:
    """Raise a `ValueError` unless a factor on channel counts is positive and finite."""
    if not 0 < width < float("inf"):
        raise ValueError(f"width must be positive, not {width}")


def convolutions(x, channels: int, name: str, *, dilations: tuple[int, ...] = (1, 1)):
    """Apply a sequence of 3×3 convolutions with ReLU, each with its own dilation."""
    for i, dilation in enumerate(dilations, start=1):
        x = keras.layers.Conv2D(
            channels,
            3,
            padding="same",
            dilation_rate=dilation,
            activation="relu",
            kernel_initializer="he_normal",
            name=f"{name}_conv{i}",
        )(x)
    return x
