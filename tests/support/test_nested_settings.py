from dataclasses import dataclass, replace

import pytest

from keras_f2a.support.errors import InputError
from keras_f2a.support.nested_settings import NestedSettings, part
from keras_f2a.support.settings import check_values, documented, setting, settings_in


@documented
@dataclass(frozen=True, kw_only=True)
class Coffee:
    """Settings of the coffee."""

    cups: int = setting(2, "how many", at_least=1)
    sugar: bool = setting(False, "with sugar")


@documented
@dataclass(frozen=True, init=False)
class Kitchen(NestedSettings):
    """Settings of the kitchen, including the coffee."""

    name: str = setting("home", "whose it is")
    coffee: Coffee = part(Coffee)


def test_a_setting_is_given_by_its_name():
    assert Kitchen() == Kitchen(coffee=Coffee())
    assert Kitchen(cups=3, name="office") == Kitchen(name="office", coffee=Coffee(cups=3))
    assert Kitchen(coffee=Coffee(cups=3, sugar=True), cups=4).coffee == Coffee(cups=4, sugar=True)


def test_a_change_keeps_the_rest_of_the_part():
    kitchen = Kitchen(cups=3).changed(sugar=True, name="office")
    assert kitchen == replace(Kitchen(cups=3), sugar=True, name="office")
    assert kitchen.by_name() == {"name": "office", "cups": 3, "sugar": True}


def test_an_unknown_setting_is_a_type_error():
    with pytest.raises(TypeError, match="Kitchen has no setting 'milk', 'tea'$"):
        Kitchen(tea=1, milk=2)
    with pytest.raises(TypeError, match="Kitchen has no setting 'sugr'; did you mean 'sugar'?"):
        Kitchen(sugr=True)


def test_parts_are_checked_listed_and_documented():
    with pytest.raises(InputError, match="cups=0: must be at least 1"):
        check_values(Kitchen(cups=0))
    assert [entry.name for entry in settings_in(Kitchen)] == ["name", "cups", "sugar"]
    assert "cups: how many (int, 2 by default)." in Kitchen.__doc__
