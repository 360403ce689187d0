"""Sheets of labeled pictures, including those of a run that diverged."""

import numpy as np

from keras_f2a.imaging.labeled_grid import labeled_grid


def test_rows_of_any_shape_stand_below_their_headings():
    landscape, portrait = np.full((30, 40, 3), 0.2), np.full((40, 30, 3), 0.8)
    grid = np.asarray(labeled_grid([[landscape, landscape], [portrait, portrait]], ["a", "b"], 60))[
        22:
    ]
    assert (grid == 51).all(axis=-1).sum() == 2 * 60 * 45
    assert (grid == 204).all(axis=-1).sum() == 2 * 60 * 80


def test_what_is_no_number_is_black():
    broken = np.full((30, 40, 3), np.nan, np.float32)
    broken[:, 20:] = np.inf
    grid = np.asarray(labeled_grid([[broken]], ["broken"], 40))
    assert not grid[-30:, :18].any()
    assert (grid[-30:, 22:] == 255).all()
