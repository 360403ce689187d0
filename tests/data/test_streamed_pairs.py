import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from keras_f2a.data import streamed_pairs
from keras_f2a.data.pairs import LoadedPairs, load_pairs
from keras_f2a.data.pipeline import batch_groups, training_dataset, validation_dataset
from keras_f2a.data.settings import PairSettings
from keras_f2a.data.streamed_pairs import StreamedPairs, open_pairs
from keras_f2a.runs import train
from keras_f2a.support.errors import InputError, WorkError
from tests.conftest import write_pair
from tests.runs.tiny_runs import checkpoint
from tests.runs.tiny_runs import quick_settings as settings

CROPS = PairSettings(batch_size=2, crop_size=32, crop_scale=(0.8, 1.0), augmentation="camera")


@pytest.fixture
def folder(data_directory):
    """Return five pairs: landscape, portrait, JPEG, 16-bit with 8-bit, and rotated by EXIF."""
    folder = data_directory / "train"
    write_pair(folder, "Toys_002", (48, 40), seed=2, extension="jpg")
    for path in folder.glob("Toys_002_*.png"):
        path.unlink()
    deep = np.arange(48 * 40, dtype=np.uint16).reshape(40, 48) * 30
    Image.fromarray(deep).save(folder / "Toys_003_flash.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    for role in ("flash", "ambient"):
        (folder / f"Toys_004_{role}.png").unlink()
        with Image.open(folder / f"Toys_001_{role}.png") as image:
            image.save(folder / f"Toys_004_{role}.jpg", exif=exif, quality=95)
    return folder


def taken(dataset, count):
    return [tuple(image.numpy() for image in batch) for batch in dataset.take(count)]


def assert_same(some, others):
    for one, other in zip(some, others, strict=True):
        for image, again in zip(one, other, strict=True):
            np.testing.assert_array_equal(image, again)


def test_they_are_the_pairs_in_memory(folder):
    loaded, streamed = open_pairs(folder), open_pairs(folder, memory_limit=0)
    assert isinstance(loaded, LoadedPairs) and isinstance(streamed, StreamedPairs)
    assert loaded.names == streamed.names == load_pairs(folder).names
    assert loaded.description() == streamed.description() == load_pairs(folder).description()
    for crops in (32, None):
        assert batch_groups(loaded, crops) == batch_groups(streamed, crops)


@pytest.mark.parametrize("chosen", [CROPS, PairSettings(batch_size=2, whole_images=True)])
def test_batches_are_the_same_to_the_last_bit(folder, chosen):
    pairs = [open_pairs(folder, memory_limit=limit) for limit in (1, 0)]
    from_memory, from_disk = (taken(training_dataset(one, chosen, seed=3), 6) for one in pairs)
    assert_same(from_memory, from_disk)
    resumed = training_dataset(pairs[1], chosen, seed=3, first_epoch=2)
    steps = len(from_disk) // 3
    assert_same(taken(resumed, steps), from_disk[2 * steps :])
    from_memory, from_disk = (taken(validation_dataset(one), 5) for one in pairs)
    assert_same(from_memory, from_disk)


def test_a_limit_takes_the_first_pairs_and_checks_all(folder):
    for memory in (1, 0):
        some = open_pairs(folder, limit=2, memory_limit=memory)
        assert some.names == ["Toys_000", "Toys_001"]
        assert some.description() == load_pairs(folder).first(2).description()
    (folder / "Toys_004_flash.jpg").write_bytes(b"x")
    for memory in (1, 0):
        with pytest.raises(InputError, match="Toys_004_flash.jpg: cannot be read"):
            open_pairs(folder, limit=2, memory_limit=memory)
        left = open_pairs(folder, skip_bad_pairs=True, memory_limit=memory)
        assert len(left) == 4 and "Toys_004_flash.jpg" in left.problems[0]


def test_memory_does_not_grow_with_the_pairs(tmp_path):
    """However many large pairs there are, only a few are decoded at a time."""
    write_pair(tmp_path, "Plants_000", (720, 540))
    peaks = []
    for count in (12, 60):
        for i in range(1, count):
            for role in ("flash", "ambient"):
                copy = tmp_path / f"Plants_{i:03}_{role}.png"
                copy.exists() or copy.hardlink_to(tmp_path / f"Plants_000_{role}.png")
        tracemalloc.start()
        pairs = open_pairs(tmp_path, memory_limit=0.001)
        for _ in training_dataset(pairs, CROPS).take(count):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
    assert peaks[1] < 0.5 * count * 2 * 720 * 540 * 3  # of all of them, decoded


def test_a_run_from_disk_leaves_what_one_from_memory_does(data_directory, tmp_path):
    train(settings(data_directory, tmp_path / "disk", epochs=1, memory_limit=0.0))
    # Resume with the pairs in memory.
    train(settings(data_directory, tmp_path / "disk", epochs=2, memory_limit=1.0))
    train(settings(data_directory, tmp_path / "memory", epochs=2, memory_limit=1.0))
    (some, _), (others, _) = checkpoint(tmp_path / "memory"), checkpoint(tmp_path / "disk")
    assert some.keys() == others.keys()
    for name in some:
        np.testing.assert_array_equal(some[name], others[name], err_msg=name)


def test_a_file_that_vanishes_is_one_line(data_directory, tmp_path, monkeypatch):
    wanted = settings(data_directory, tmp_path / "run", epochs=3, memory_limit=0.0)
    train(replace(wanted, epochs=1))
    read = streamed_pairs.read_pair

    def vanishes(pair, minimum_size):
        if minimum_size == 1 and pair.name == "Toys_001":
            pair = replace(pair, flash=pair.flash.with_name("gone.png"))
        return read(pair, minimum_size)

    monkeypatch.setattr(streamed_pairs, "read_pair", vanishes)
    with pytest.raises(WorkError, match="gone.png: .*the last checkpoint is kept") as error:
        train(wanted)
    assert "\n" not in str(error.value) and len(str(error.value)) < 400
