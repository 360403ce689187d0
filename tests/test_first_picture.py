"""The first picture in the README shows the default result for the photograph in the docs."""

from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a import correct_photo

DOCS = Path(__file__).parents[1] / "docs"
_GAP = 8
_SMALL = 80, 60  # compares the light, not the grain of two JPEGs


def test_the_picture_is_what_the_command_makes(tmp_path):
    correct_photo(DOCS / "pictures/living_room.jpg", tmp_path / "result.jpg")
    with (
        Image.open(DOCS / "before_after.jpg") as picture,
        Image.open(tmp_path / "result.jpg") as result,
    ):
        width = (picture.width - _GAP) // 2
        halves = [
            picture.crop((left, 0, left + width, picture.height)) for left in (0, width + _GAP)
        ]
        before, shown, made = (
            np.asarray(image.convert("RGB").resize(_SMALL, Image.Resampling.BOX), float)
            for image in (*halves, result)
        )
    assert np.abs(shown - made).mean() < 1
    assert np.abs(before - made).mean() > 8
