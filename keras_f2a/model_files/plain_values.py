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
MAX_LIST_LENGTH = 16
_MAX_TEXT_LENGTH = 200
Value = TypeVar("Value")


def plain_layer_value(key: str, value: object) -> object:
    """Return a plain value of a layer's configuration. Precision and activation become names.

    Raises:
        RefusedError: The value is not plain.
    """
    if key == "dtype":
        return precision_name(value)
    if key in ("activation", "recurrent_activation"):
        name = value.get("config") if isinstance(value, dict) else value
        if name not in (None, *_ACTIVATIONS):
            raise RefusedError(f"has the activation {ascii(name)[:60]}")
        return name
    return plain_value(key, value)


def precision_name(value: object) -> str:
    """Return the name of a precision policy.

    Raises:
        RefusedError: It is not one of Keras's.
    """
    config = value.get("config") if isinstance(value, dict) else {"name": value}
    name = require_type(config, dict).get("name")
    if name not in _PRECISIONS:
        raise RefusedError(f"has the precision {ascii(name)[:60]}")
    return name


def plain_value(key: str, value: object) -> object:
    """Return a value that is `None`, a number, a short text, or a short list of these.

    Raises:
        RefusedError: The value is anything else.
    """
    if isinstance(value, list) and len(value) <= MAX_LIST_LENGTH:
        return [plain_value(key, item) for item in value]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, str) and len(value) <= _MAX_TEXT_LENGTH:
        return value
    if isinstance(value, int) and abs(value) < 2**31:
        return value
    raise RefusedError(f"the value of {ascii(key)[:60]} is not one that a generator has")


def require_type(value: object, expected_type: type[Value]) -> Value:
    """Return a value if it has the type that Keras writes.

    Raises:
        RefusedError: The value has another type.
    """
    if not isinstance(value, expected_type):
        raise RefusedError("its configuration is not one that Keras writes")
    return value
