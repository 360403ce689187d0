"""Reads plain values from a configuration, and refuses everything else that Keras could read."""

from typing import TypeVar

from keras_f2a.model_files.archive import RefusedError

_PRECISIONS = ("float64", "float32", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16")
_ACTIVATIONS: tuple[str, ...] = (
    "linear",
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "swish",
)
_ACTIVATIONS += ("sigmoid", "hard_sigmoid", "tanh", "softplus", "softmax")
LONGEST_LIST = 16
_LONGEST_TEXT = 200
Kind = TypeVar("Kind")


def layer_value(key: str, value: object) -> object:
    """Return a plain value of a layer's configuration. Precision and activation become names.

    Raises:
        RefusedError: The value is not plain.
    """
    if key == "dtype":
        return precision(value)
    if key in ("activation", "recurrent_activation"):
        named = value.get("config") if isinstance(value, dict) else value
        if named not in (None, *_ACTIVATIONS):
            raise RefusedError(f"has the activation {ascii(named)[:60]}")
        return named
    return plain_value(key, value)


def precision(value: object) -> str:
    """Return the name of a precision policy.

    Raises:
        RefusedError: It is not one of Keras's.
    """
    config = value.get("config") if isinstance(value, dict) else {"name": value}
    name = checked(config, dict).get("name")
    if name not in _PRECISIONS:
        raise RefusedError(f"has the precision {ascii(name)[:60]}")
    return name


def plain_value(key: str, value: object) -> object:
    """Return a value that is `None`, a number, a short text, or a short list of these.

    Raises:
        RefusedError: The value is anything else.
    """
    if isinstance(value, list) and len(value) <= LONGEST_LIST:
        return [plain_value(key, item) for item in value]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT:
        return value
    if isinstance(value, int) and abs(value) < 2**31:
        return value
    raise RefusedError(f"the value of {ascii(key)[:60]} is not one that a generator has")


def checked(value: object, kind: type[Kind]) -> Kind:
    """Return a value if it has the type that Keras writes.

    Raises:
        RefusedError: The value has another type.
    """
    if not isinstance(value, kind):
        raise RefusedError("its configuration is not one that Keras writes")
    return value
