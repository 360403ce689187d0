import numpy as np
import pytest

from keras_f2a.correction.faces import BlazeFace, Face, decode_faces
from keras_f2a.correction.pixels import ArrayPixels
from keras_f2a.correction.red_eyes import repair_red_eyes
from keras_f2a.model_files.bundled import FACE_DETECTOR

CELL = 2 * (5 * 16 + 7)  # the first of the two outputs of row 5, column 7


def outputs(score=4.0, size=32.0):
    points, scores = np.zeros((896, 16), np.float32), np.full(896, -9, np.float32)
    points[CELL, 2:4] = size
    points[CELL, 4:8] = -8, -6, 8, -6
    scores[CELL] = score
    return points, scores


def test_outputs_become_pixels_of_a_landscape_image():
    (face,) = decode_faces(*outputs(), height=192, width=256)
    assert (face.center_x, face.center_y) == (7.5 / 16 * 256, 5.5 / 16 * 256 - 32)
    assert (face.width, face.height) == (64, 64)
    assert face.eyes[0] == (face.center_x - 16, face.center_y - 12)


def test_doubtful_faces_and_second_boxes_of_one_face_are_dropped():
    assert decode_faces(*outputs(score=1.0), height=128, width=128) == []
    points, scores = outputs()
    points[CELL + 1], scores[CELL + 1] = points[CELL], 3.0
    assert len(decode_faces(points, scores, height=128, width=128)) == 1


@pytest.mark.parametrize("shape", [(1, 1, 3), (240, 320, 3), (320, 90, 3)])
def test_noise_of_any_size_holds_no_face(shape):
    noise = np.random.default_rng(5).uniform(0, 1, shape).astype(np.float32)
    assert BlazeFace(FACE_DETECTOR).find(noise) == []


def drawn_face(pupil, iris=(90, 60, 40)):
    photo = np.full((400, 400, 3), (200, 160, 140), np.uint8)
    rows, columns = np.ogrid[:400, :400]
    for x in (150, 250):
        distance = np.hypot(rows - 180, columns - x)
        photo[distance < 16] = 235
        photo[distance < 11] = iris
        photo[distance < 6] = pupil
        photo[np.hypot(rows - 177, columns - x - 2) < 2] = 250
    return photo


FACE = Face(100, 100, 100, 100, ((75.5, 90.5), (125.5, 90.5)))


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_red_pupils_become_gray_and_keep_their_glint(dtype):
    photo = drawn_face(pupil=(190, 40, 45))
    photo = photo if dtype == np.uint8 else (photo / 255).astype(dtype)
    peak = 255 if dtype == np.uint8 else 1
    repaired = photo.copy()
    assert repair_red_eyes(ArrayPixels(repaired), [FACE], scale=2.0) == 2
    red, green, blue = (repaired[183, 150] / peak).tolist()
    assert red == pytest.approx(green, abs=0.03)
    assert red < 0.25
    np.testing.assert_allclose(repaired[177, 152] / peak, 250 / 255, atol=0.02)
    changed = np.argwhere((repaired != photo).any(axis=-1))
    assert np.abs(changed[:, 0] - 180).max() <= 11


@pytest.mark.parametrize(
    ("pupil", "iris"), [((20, 18, 18), (90, 60, 40)), ((25, 20, 20), (120, 72, 45))]
)
def test_brown_and_dark_eyes_stay_as_they_are(pupil, iris):
    photo = drawn_face(pupil, iris)
    repaired = photo.copy()
    assert repair_red_eyes(ArrayPixels(repaired), [FACE], scale=2.0) == 0
    np.testing.assert_array_equal(repaired, photo)


def test_eyes_beyond_the_edge_are_left_alone():
    photo = drawn_face(pupil=(190, 40, 45))
    beyond = Face(100, 100, 100, 100, ((-40, 90), (300, 500)))
    assert repair_red_eyes(ArrayPixels(photo), [beyond], scale=2.0) == 0
