"""What the networks share: each is a class, and its file says which one and with what arguments."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager

import keras

_SAME_IMAGES = {
    *("input_shape", "name", "dtype", "width", "initialization"),
    *("encoder_weights", "freeze_encoder", "frozen_layers"),
}
"""Arguments that leave what a network makes of given weights as it is.

The shapes of the weights tell its `width`.
"""


class Network(keras.Model):
    """A functional model that is saved as the arguments that build it.

    A subclass builds its graph in its constructor, inside `dtype_policy`, and passes inputs and
    outputs to `super().__init__`; its `get_config` adds its own arguments to this one's.

    Attributes:
        PARAMETERS: How many parameters it has at `width` 1, at the least. A file that stores far
            fewer than its `width` asks for is refused before anything is built.
    """

    PARAMETERS = 0

    def get_config(self) -> dict:
        """Return the constructor's arguments, and which layers are not trained."""
        return {
            "input_shape": tuple(self.inputs[0].shape[1:]),
            "name": self.name,
            "dtype": self.dtype_policy.name,
            "frozen_layers": [layer.name for layer in self.layers if not layer.trainable],
        }

    def other_images_than(self, other: "Network") -> tuple[str, str] | None:
        """Say why this network makes other images than one of its class with the same weights.

        Args:
            other: A network of the same class.

        Returns:
            The arguments of this one and of the other that make the difference, for a message;
            `None` if there are none.
        """
        configs = self.get_config(), other.get_config()
        names = set(configs[0]) - _SAME_IMAGES
        differ = sorted(name for name in names if configs[0][name] != configs[1][name])
        if not differ:
            return None
        mine, others = (" and ".join(f"`{n}` {config[n]}" for n in differ) for config in configs)
        return mine, others

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "Network":
        """Build the network of a configuration, with random weights.

        Raises:
            ValueError: It names weights to load: a configuration from a file shall not make this
                program read other files or use the network.
        """
        arguments = dict(config)
        if arguments.get("encoder_weights") is not None:
            raise ValueError(
                "a saved network names no `encoder_weights`: its file holds the encoder's weights"
            )
        if "encoder_weights" in inspect.signature(cls).parameters:
            arguments["encoder_weights"] = None
        frozen_layers = arguments.pop("frozen_layers", ())
        network = cls(**arguments)
        for name in frozen_layers:
            network.get_layer(name).trainable = False
        return network


class Generator(Network):
    """A network from flash images to images of the same size, any height and width.

    Attributes:
        FOR_DIFFERENCES: The constructor's arguments with which it predicts differences in [−1, 1]
            in place of images; `None` if it cannot.
    """

    FOR_DIFFERENCES: dict | None = None

    @property
    def predicts_difference(self) -> bool:
        """Whether the output is half a difference to the input (DeepFlash), and no image."""
        return False


@contextmanager
def dtype_policy(dtype: str | None) -> Iterator[None]:
    """Give layers inside the block this precision; `None` is Keras's global one.

    Args:
        dtype: For example `"float32"` or `"mixed_bfloat16"`.
    """
    earlier = keras.config.dtype_policy()
    keras.config.set_dtype_policy(earlier if dtype is None else dtype)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(earlier)


def check_width(width: float) -> None:
    """Raise a `ValueError` if a factor on channel counts is not positive and finite."""
    if not 0 < width < float("inf"):
        raise ValueError(f"width must be positive, not {width}")


def convolutions(x, channels: int, name: str, *, dilations: tuple[int, ...] = (1, 1)):
    """Add 3×3 convolutions with ReLU, one after the other, each with its dilation."""
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
