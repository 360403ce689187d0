"""The flash's share of the light, from the model and the file. Only `auto` uses it."""

import io

import numpy as np
import pytest
from PIL import Image

from keras_f2a.correction.engine import validate_flash_share
from keras_f2a.correction.flash_share import flash_share
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
    with pytest.raises(
        WorkError, match="flash share is not one finite number; the model is damaged"
    ):
        validate_flash_share(np.float32(told))


def test_a_share_is_limited():
    shares = [validate_flash_share(np.float32([[told]])) for told in (-0.5, 0.25, 1.5)]
    assert shares == [0, 0.25, 1]


def test_what_the_file_says_changes_the_odds():
    assert [flash_share(seen) for seen in (0.0, 0.3, 1.0)] == [0.0, 0.3, 1.0]
    for fired in (True, False):
        assert [flash_share(seen, fired) for seen in (0.0, 1.0)] == [0.0, 1.0]
    assert flash_share(0.5, True) == pytest.approx(20 / 21)
    assert flash_share(0.5, False) == pytest.approx(1 / 21)
    assert flash_share(flash_share(0.3, True), False) == pytest.approx(0.3)


def as_file(photo, flash):
    """Return a PNG file of a photograph with this value of the EXIF tag `Flash`."""
    exif = Image.Exif()
    if flash is not None:
        exif[0x8769] = {0x9209: flash}
    file = io.BytesIO()
    Image.fromarray((photo * 255).round().astype(np.uint8)).save(file, "PNG", exif=exif)
    return file.getvalue()


@pytest.fixture(params=["bytes", "path", "image"])
def form(request, tmp_path):
    """Return a function that passes on a file's content as bytes, a path or a Pillow image."""

    def given(content):
        if request.param == "bytes":
            return content
        if request.param == "image":
            return Image.open(io.BytesIO(content))
        (tmp_path / "photo.png").write_bytes(content)
        return tmp_path / "photo.png"

    return given


def pixels(result):
    with Image.open(io.BytesIO(result)) if isinstance(result, bytes) else result as image:
        return np.asarray(image) / 255


@pytest.mark.parametrize("share", [0.05, 0.5, 0.97])
def test_auto_asks_the_file_whether_the_flash_fired(photo, form, share):
    """The tag's values 16 and 24 mean that the flash was switched off or not needed."""
    asked = corrector(engine=Ramp(flash_share=share))
    for flash, fired in {None: None, 1: True, 25: True, 0: False, 16: False, 24: False}.items():
        told = corrector(engine=Ramp(flash_share=flash_share(share, fired)))
        result = pixels(asked.correct(form(as_file(photo, flash))))
        np.testing.assert_array_equal(result, pixels(told.correct(as_file(photo, None))))
    assert asked.lights_for(form(as_file(photo, 0))).flash_share == flash_share(share, False)


def test_a_flash_that_did_not_fire_leaves_what_one_that_fired_changes(photo):
    asked = corrector(engine=Ramp(flash_share=0.5))
    fired, not_fired = (pixels(asked.correct(as_file(photo, flash))) for flash in (1, 0))
    np.testing.assert_allclose(not_fired, photo, atol=1 / 255)
    assert np.abs(fired - photo).mean() > 1.5 * np.abs(not_fired - photo).mean()


@pytest.mark.parametrize("light", ["room", "lamp-left"])
def test_a_light_that_was_named_ignores_the_file(photo, light):
    asked = corrector(engine=Ramp(flash_share=0.5), light=light)
    results = [asked.correct(as_file(photo, flash)) for flash in (None, 0, 1)]
    np.testing.assert_array_equal(*map(pixels, results[:2]))
    np.testing.assert_array_equal(*map(pixels, results[1:]))


def test_a_photograph_that_is_left_is_told(photo):
    def told(share, fired=None, **settings):
        image = Image.fromarray((photo * 255).round().astype(np.uint8))
        asked = corrector(engine=Ramp(flash_share=share), **settings)
        return asked.correct_image(image, flash_fired=fired)

    assert told(0.1) and told(0.5, False) and told(0.1, light="auto*2@2700")
    assert not told(0.5) and not told(0.1, True) and not told(0.1, light="room")
    assert not told(0.1, rules="off") and not told(0.1, strength=0.0)
