"""Supports settings made of parts: each part is a dataclass, but all settings are given by name.

    @dataclass(frozen=True, init=False)
    class Kitchen(NestedSettings):
        '''The settings of a kitchen.'''

        name: str = setting("home", "name of the kitchen")
        coffee: Coffee = part(Coffee)

    Kitchen(cups=3).coffee.cups  # 3
    Kitchen(cups=3).changed(sugar=True).coffee  # Coffee(cups=3, sugar=True)

No two parts may have a setting of the same name.
"""

from dataclasses import field, fields, replace
from typing import Any, Self

from keras_f2a.support.setting_names import check_names
from keras_f2a.support.settings import settings_in


def part(settings_class: type) -> Any:
    """Return a dataclass field that holds the settings of another class."""
    return field(default_factory=settings_class, metadata={"part": settings_class})


class NestedSettings:
    """Base class of dataclasses with `part` fields and `init=False`.

    Args:
        **values: Parts by the name of their field, and settings by their own name. The latter
            override those of the part.

    Raises:
        TypeError: There is no such setting.
    """

    def __init__(self, **values: Any):
        for item in fields(self):  # type: ignore[arg-type]
            part_class = item.metadata.get("part")
            if part_class is None:
                value = values.pop(item.name, item.default)
            else:
                value = values.pop(item.name, None) or part_class()
                names = [entry.name for entry in settings_in(part_class) if entry.name in values]
                value = replace(value, **{name: values.pop(name) for name in names})
            object.__setattr__(self, item.name, value)
        check_names(values, [entry.name for entry in settings_in(self)], type(self).__name__)

    def changed(self, **changes: Any) -> Self:
        """Return a copy with some settings changed, given as to the constructor."""
        current = {item.name: getattr(self, item.name) for item in fields(self)}  # type: ignore[arg-type]
        return type(self)(**{**current, **changes})

    def by_name(self) -> dict[str, Any]:
        """Return the value of every setting, including those of the parts."""
        values: dict[str, Any] = {}
        for item in fields(self):  # type: ignore[arg-type]
            value = getattr(self, item.name)
            if "part" in item.metadata:
                values |= {entry.name: getattr(value, entry.name) for entry in settings_in(value)}
            else:
                values[item.name] = value
        return values

    def as_dict(self) -> dict[str, Any]:
        """Return the settings by name as JSON values, without their parts."""
        return {name: _as_json(value) for name, value in self.by_name().items()}


def _as_json(value: Any) -> Any:
    if hasattr(value, "__fspath__"):
        return str(value)
    if isinstance(value, list | tuple):
        return [_as_json(part) for part in value]
    # NumPy scalars become Python numbers.
    return value.item() if hasattr(value, "item") else value
