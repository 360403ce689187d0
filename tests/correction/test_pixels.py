import numpy as np
import pytest
from PIL import Image

from keras_f2a.correction.pixels import ArrayPixels, PillowPixels


@pytest.fixture
def array(rng):
    return rng.integers(0, 256, (21, 32, 3), dtype=np.uint8)


def test_a_pillow_image_and_an_array_are_read_and_shrunk_alike(array):
    image, bytes_, floats = (
        PillowPixels(Image.fromarray(array)),
        ArrayPixels(array),
        ArrayPixels((array / 255).astype(np.float32)),
    )
    np.testing.assert_array_equal(image.read(3, 9), array[3:9])
    np.testing.assert_array_equal(bytes_.read(3, 9), array[3:9])
    np.testing.assert_array_equal(image.shrink(7, 8), bytes_.shrink(7, 8))
    mean = array.reshape(7, 3, 8, 4, 3).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(floats.shrink(7, 8), mean, atol=1e-5)
    np.testing.assert_allclose(image.shrink(7, 8), mean, atol=1.01 / 255)


def test_rows_are_written_in_place_clipped_and_rounded(array):
    image = Image.fromarray(array)
    rows = np.full((2, 32, 3), 99.5, np.float32)
    rows[0, 0] = -4, 300, 99.4
    PillowPixels(image).write(5, rows)
    written = np.asarray(image)
    assert written[5, 0].tolist() == [0, 255, 99]
    assert (written[6] == 100).all()
    np.testing.assert_array_equal(written[7:], array[7:])
