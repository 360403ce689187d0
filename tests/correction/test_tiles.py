import numpy as np
import pytest

from keras_f2a.correction.pixels import ArrayPixels
from keras_f2a.correction.tiles import correct_in_tiles


@pytest.mark.parametrize("size", [(90, 130), (32, 48), (20, 100), (70, 10), (33, 49)])
def test_a_network_without_context_gives_what_it_gives_on_the_whole(rng, size):
    image = rng.random((*size, 3), np.float32)
    result = image.copy()
    correct_in_tiles(
        lambda tile: tile**2, ArrayPixels(result), tile_height=32, tile_width=48, strength=1.0
    )
    np.testing.assert_allclose(result, image**2, atol=1e-5)


def test_strength_mixes_with_the_original(rng):
    image = rng.integers(0, 256, (80, 60, 3), dtype=np.uint8)
    result = image.copy()
    correct_in_tiles(
        np.zeros_like, ArrayPixels(result), tile_height=32, tile_width=32, strength=0.25
    )
    np.testing.assert_allclose(result, 0.75 * image, atol=0.51)


def test_tiles_that_disagree_leave_no_seam(rng):
    """A network that answers each tile with another brightness: the result changes gradually."""
    image = np.full((300, 300, 3), 0.5, np.float32)
    correct_in_tiles(
        lambda tile: np.full_like(tile, rng.random()),
        ArrayPixels(image),
        tile_height=64,
        tile_width=64,
        strength=1.0,
    )
    steps = max(np.abs(np.diff(image, axis=axis)).max() for axis in (0, 1))
    assert np.ptp(image) > 0.3
    assert steps < 0.1


def test_memory_does_not_follow_the_height(rng):
    class TallPixels:
        height, width, peak = 5000, 16, 1
        most_rows = 0

        def read(self, top, bottom):
            self.most_rows = max(self.most_rows, bottom - top)
            return np.full((bottom - top, 16, 3), 0.5, np.float32)

        def write(self, top, rows):
            self.most_rows = max(self.most_rows, len(rows))

    pixels = TallPixels()
    correct_in_tiles(lambda tile: tile, pixels, tile_height=16, tile_width=16, strength=1.0)
    assert pixels.most_rows <= 16
