"""Settings that a training step reads when it is traced."""

from collections.abc import Callable
from typing import Any


class StepSetting:
    """An attribute of a `PairModel` whose new value takes effect in the next step.

    A traced step keeps the values that it read. So setting a new value traces the steps again.

    Args:
        default: Its value until it is set.
        check: Function from the model and a new value to the value to keep. It may raise an
            `InputError`.
    """

    def __init__(self, default: Any, check: Callable[[Any, Any], Any] | None = None):
        self._default = default
        self._check = check

    def __set_name__(self, owner: type, name: str) -> None:
        self._attribute = f"_{name}"

    def __get__(self, model: Any, owner: type | None = None) -> Any:
        return self if model is None else getattr(model, self._attribute, self._default)

    def __set__(self, model: Any, value: Any) -> None:
        value = value if self._check is None else self._check(model, value)
        if value != self.__get__(model):
            setattr(model, self._attribute, value)
            model.renew_steps()
