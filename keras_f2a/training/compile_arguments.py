"""Checks the arguments of a training model's `compile`."""

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import numpy as np

from keras_f2a.support.errors import InputError

_UNSUPPORTED = ("loss", "loss_weights", "metrics", "weighted_metrics")
"""Arguments of `keras.Model.compile` that the training models replace by their own."""


def compile_options(
    model_name: str, generator_optimizer: Any, *, optimizer: Any, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Check the arguments of `PairModel.compile`, except whether Keras knows the optimizer.

    Args:
        model_name: Name of the model's class, for error messages.
        generator_optimizer: The optimizer under this project's name, or `None`.
        optimizer: The optimizer under Keras's name, or `None`.
        options: The other arguments by name.

    Returns:
        The other arguments that `keras.Model.compile` takes.

    Raises:
        InputError: A loss or a metric is given, the optimizer is given twice,
            `steps_per_execution` is not a positive whole number, or `jit_compile` is not a bool or
            `"auto"`.
    """
    for name in _UNSUPPORTED:
        if options.get(name) is not None:
            raise InputError(
                f"{model_name} has its own losses and metrics; omit this", setting=name
            )
    if optimizer is not None and generator_optimizer is not None:
        raise InputError(
            "means the same as `generator_optimizer`; give only one of them", setting="optimizer"
        )
    steps = options.get("steps_per_execution", 1)
    if not isinstance(steps, Integral) or steps < 1:
        raise InputError(
            "must be a whole number of at least 1", setting="steps_per_execution", value=steps
        )
    xla = options.get("jit_compile", False)
    if not isinstance(xla, bool | np.bool_) and not (isinstance(xla, str) and xla == "auto"):
        # Keras would take any other value for true or false.
        raise InputError("must be True, False or 'auto'", setting="jit_compile", value=xla)
    return {name: value for name, value in options.items() if name not in _UNSUPPORTED}
