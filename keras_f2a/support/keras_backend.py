"""Selects and checks Keras's backend, because this project's networks need TensorFlow."""

import json
import os
import sys
from pathlib import Path

from keras_f2a.support.errors import InputError

_REQUIRED = "tensorflow"
_VARIABLE = "KERAS_BACKEND"


def use_tensorflow() -> None:
    """Make Keras use TensorFlow in this process and its children, whatever its settings say.

    Commands call this before Keras is imported. The library leaves the choice to its user and calls
    `check_backend` instead.
    """
    os.environ[_VARIABLE] = _REQUIRED


def check_backend() -> None:
    """Check that Keras uses TensorFlow.

    Call this before the import of Keras, because the process aborts with another backend.

    Raises:
        InputError: Keras is set to another backend, or was imported with one.
    """
    keras = sys.modules.get("keras")
    if keras is not None and hasattr(keras, "config"):
        name, where = keras.config.backend(), "was imported with"
    else:
        name, where = _configured_backend(), "is set to"
    if name != _REQUIRED:
        raise InputError(
            f"Keras {where} the backend {name[:60]!r}, but keras_f2a's networks need {_REQUIRED}; "
            f"set {_VARIABLE}={_REQUIRED} before you import Keras"
        )


def _configured_backend() -> str:
    """Return the backend that Keras will use.

    The environment variable comes first, then Keras's settings file, then Keras's default.
    """
    if name := os.environ.get(_VARIABLE):
        return name
    # Like Keras. A user without a home folder, as in a container, keeps the `~`.
    home = os.path.expanduser("~")  # noqa: PTH111
    default_folder = Path(home if os.access(home, os.W_OK) else "/tmp", ".keras")
    folder = os.path.expanduser(os.environ.get("KERAS_HOME", default_folder))  # noqa: PTH111
    try:
        name = json.loads(Path(folder, "keras.json").read_text())["backend"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return _REQUIRED
    return name if isinstance(name, str) else _REQUIRED
