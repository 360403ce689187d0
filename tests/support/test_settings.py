import inspect
import json
from dataclasses import dataclass

import numpy as np
import pytest

import keras_f2a
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import Range, check_values, documented, setting, settings_in


@documented
@dataclass(frozen=True, kw_only=True)
class Coffee:
    """Settings of the coffee."""

    cups: int = setting(2, "how many", at_least=1, at_most=12)
    strength: float = setting(0.5, "ground coffee by water", more_than=0, less_than=1)
    kind: str = setting("black", "the way it is drunk", choices=("black", "white"))
    degrees: Range | None = setting(None, "of the water", at_least=20)
    sugar: bool = setting(False, "with sugar")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"cups": 12, "strength": 0.999, "kind": "white", "degrees": (20, 96.5), "sugar": True},
        {"degrees": [20, 20]},
    ],
)
def test_possible_values(changes):
    check_values(Coffee(**changes))


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"cups": 0}, "cups=0: must be at least 1 and at most 12"),
        ({"cups": 2.0}, "cups=2.0: must be a whole number"),
        ({"cups": True}, "cups=True: must be a whole number"),
        ({"cups": None}, "cups: must be a whole number"),
        ({"cups": "2"}, "cups=2: must be a whole number"),
        ({"strength": 1}, "strength=1: must be more than 0 and less than 1"),
        ({"strength": float("nan")}, "strength=nan: must be a finite number"),
        ({"strength": float("inf")}, "strength=inf: must be a finite number"),
        ({"kind": "green"}, "kind=green: must be one of black, white"),
        ({"kind": ""}, "kind=: must not be empty"),
        ({"kind": 1}, "kind=1: must be a text"),
        ({"degrees": (90, 80)}, "LOW must not be above HIGH"),
        ({"degrees": (10, 80)}, "each number must be at least 20"),
        ({"degrees": (20, float("nan"))}, "each number must be a finite number"),
        ({"degrees": (20,)}, "must be two numbers"),
        ({"degrees": "20"}, "must be two numbers"),
        ({"sugar": 1}, "sugar=1: must be True or False"),
    ],
)
def test_impossible_values_are_named(changes, message):
    with pytest.raises(InputError) as caught:
        check_values(Coffee(**changes))
    assert message in str(caught.value)
    assert caught.value.setting == next(iter(changes))


def test_settings_of_other_number_types_are_written_as_json():
    given = TrainingSettings(
        width=np.float64(0.5), seed=np.int64(3), crop_scale=[np.float64(0.5), 1]
    )
    assert json.loads(json.dumps(given.resolved().as_dict())) == given.resolved().as_dict()


def test_the_docstring_lists_the_fields():
    assert "cups: how many (int, 2 by default)." in Coffee.__doc__
    for name, _, _ in settings_in(TrainingSettings):
        assert f"    {name}: " in TrainingSettings.__doc__


@pytest.mark.parametrize("settings_class", [keras_f2a.CorrectionSettings, Coffee])
def test_a_constructor_suggests_the_setting_that_was_meant(settings_class):
    message = f"{settings_class.__name__} has no setting 'strenght'; did you mean 'strength'"
    with pytest.raises(TypeError, match=message):
        settings_class(strenght=0.5)


def test_editors_see_every_setting_of_a_constructor():
    parameters = inspect.signature(Coffee).parameters
    assert list(parameters) == ["cups", "strength", "kind", "degrees", "sugar"]
    assert (parameters["cups"].default, parameters["cups"].annotation) == (2, int)
