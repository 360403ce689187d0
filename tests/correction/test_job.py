import threading

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction import corrector, file_correction, job
from keras_f2a.imaging.photo_output import save_photo
from keras_f2a.support.errors import NoSpaceError, WorkError


@pytest.fixture
def photos(tmp_path, rng):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in "a", "b", "c":
        pixels = rng.integers(0, 256, (48, 64, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def second_begun(monkeypatch):
    """Return an event that is set when the correction of the second photograph begins."""
    begun, calls = threading.Event(), []

    class WatchedCorrector(corrector.Corrector):
        def correct_image(self, image, **options):
            calls.append(image)
            if len(calls) == 2:
                begun.set()
            return super().correct_image(image, **options)

    monkeypatch.setattr(corrector, "Corrector", WatchedCorrector)
    return begun


def watch_writing(monkeypatch, before):
    """Call a function with the name of each result before it is written."""

    def save_and_tell(photo, target, *arguments, **options):
        before(target.name)
        save_photo(photo, target, *arguments, **options)

    monkeypatch.setattr(file_correction, "save_photo", save_and_tell)


@pytest.mark.parametrize(("largest", "seconds", "beside"), [(60, 30, True), (0, 0.5, False)])
def test_a_result_is_written_while_the_next_photograph_is_corrected(
    photos, tmp_path, monkeypatch, second_begun, largest, seconds, beside
):
    """A large result is not, so that at most two large photographs are in memory."""
    seen = []

    def before(name):
        if name == "a.png":
            seen.append(second_begun.wait(seconds))

    watch_writing(monkeypatch, before)
    monkeypatch.setattr(job, "MAX_OVERLAP_MEGAPIXELS", largest)
    outcome = keras_f2a.correct_photos(photos, tmp_path / "out")
    assert seen == [beside]
    assert [path.name for path in outcome.corrected] == ["a.png", "b.png", "c.png"]


def test_failures_are_reported_in_the_order_of_the_photographs(
    photos, tmp_path, monkeypatch, second_begun
):
    """The first photograph fails while it is written, after the second has already failed."""
    (photos / "b.png").write_bytes(b"damaged")

    def before(name):
        if name == "a.png":
            raise WorkError("a.png: cannot be written")

    watch_writing(monkeypatch, before)
    outcome = keras_f2a.correct_photos(photos, tmp_path / "out")
    assert [failure.partition(":")[0].rpartition("/")[2] for failure in outcome.failures] == [
        "a.png",
        "b.png",
    ]
    assert [path.name for path in outcome.corrected] == ["c.png"]


@pytest.mark.parametrize(
    ("full", "line"),
    [
        ("a.png", "; stopped, so 2 photographs were not tried"),
        ("b.png", "; stopped, so 1 photograph was not tried"),
        ("c.png", ""),
    ],
)
def test_a_full_disk_says_how_many_photographs_are_left(
    photos, tmp_path, monkeypatch, caplog, full, line
):
    def before(name):
        if name == full:
            raise NoSpaceError("the disk is full")

    watch_writing(monkeypatch, before)
    keras_f2a.correct_photos(photos, tmp_path / "out")
    assert caplog.messages == [f"skipped the disk is full{line}"]


def test_nothing_is_written_after_the_disk_was_full(photos, tmp_path, monkeypatch, second_begun):
    """That includes the photograph that was corrected in the meantime."""

    def before(name):
        assert name == "a.png"
        second_begun.wait(30)
        raise NoSpaceError("a.png: the disk is full")

    watch_writing(monkeypatch, before)
    outcome = keras_f2a.correct_photos(photos, tmp_path / "out")
    assert [path.name for path in outcome.not_tried] == ["b.png", "c.png"]
    assert len(outcome.failures) == 1
    assert list(tmp_path.glob("out/*")) == []
