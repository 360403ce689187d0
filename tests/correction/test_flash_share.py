"""Which share of the light the model takes for a flash's: only `auto` asks."""

import numpy as np
import pytest

from keras_f2a.correction.engine import checked_share
from keras_f2a.support.errors import WorkError
from tests.correction.ramp_engine import Ramp, corrector


def lit(photo, share, light="auto", **settings):
    return corrector(engine=Ramp(flash_share=share), light=light, **settings).correct(photo)


@pytest.mark.parametrize("light", ["auto", "auto*2", "auto@2700"])
def test_auto_follows_the_share_of_the_flash(photo, light):
    none, little, half, much = (lit(photo, share, light) for share in (0.0, 0.12, 0.26, 0.4))
    np.testing.assert_allclose(none, photo, atol=1 / 510)
    np.testing.assert_array_equal(little, none)
    changes = [np.abs(image - photo).mean() for image in (none, half, much)]
    assert changes[0] < 0.4 * changes[1] < 0.32 * changes[2]
    np.testing.assert_array_equal(much, lit(photo, 1.0, light))


@pytest.mark.parametrize("light", ["room", "lamp-left@2700", "-20,10,0.3", "auto*0.5+room"])
def test_a_light_that_was_named_ignores_the_share_of_the_flash(photo, light):
    np.testing.assert_array_equal(lit(photo, 0.0, light), lit(photo, 1.0, light))


def test_without_rules_the_share_of_the_flash_changes_nothing(photo):
    np.testing.assert_array_equal(lit(photo, 0.0, rules="off"), lit(photo, 1.0, rules="off"))


@pytest.mark.parametrize("told", [[np.nan], [np.inf], [], [0.5, 0.5]])
def test_a_share_that_is_not_one_number_is_damaged(told):
    with pytest.raises(WorkError, match="does not tell how much of the light"):
        checked_share(np.float32(told))


def test_a_share_is_limited():
    assert [checked_share(np.float32([[told]])) for told in (-0.5, 0.25, 1.5)] == [0, 0.25, 1]
