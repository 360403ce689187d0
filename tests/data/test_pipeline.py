import numpy as np
import pytest

from keras_f2a.data import pipeline
from keras_f2a.data.exposure import auto_expose, match_exposure
from keras_f2a.data.pairs import LoadedPairs, load_pairs
from keras_f2a.data.pipeline import batch_groups
from keras_f2a.data.settings import PairSettings


@pytest.fixture
def pairs(rng):
    """Return five pairs whose values encode the pair's number and each pixel's position."""
    loaded = LoadedPairs()
    for i in range(5):
        height, width = (40, 48) if i % 2 else (48, 40)
        rows, columns = np.mgrid[:height, :width]
        flash = np.stack([np.full_like(rows, 50 * i), rows, columns], -1).astype(np.uint8)
        loaded.names.append(f"scene_{i}")
        loaded.flash.append(flash)
        loaded.ambient.append(flash + np.uint8(5))
    return loaded


def settings_of(batch_size, crop_size, **changes):
    size = {"whole_images": True} if crop_size is None else {"crop_size": crop_size}
    return PairSettings(batch_size=batch_size, **size, **changes)


def training_dataset(
    pairs, batch_size, crop_size, *, seed=0, first_epoch=0, shard=(0, 1), replicas=1, **changes
):
    settings = settings_of(batch_size, crop_size, **changes)
    place = {"seed": seed, "first_epoch": first_epoch, "shard": shard, "replicas": replicas}
    return pipeline.training_dataset(pairs, settings, **place)


def validation_dataset(pairs, **changes):
    return pipeline.validation_dataset(pairs, PairSettings(**changes))


def batches(dataset, count):
    return [(flash.numpy(), ambient.numpy()) for flash, ambient in dataset.take(count)]


def identities(flash):
    return np.rint(flash[:, 0, 0, 0] * 255 / 50).astype(int)


def test_batches_are_aligned_crops(pairs):
    for flash, ambient in batches(training_dataset(pairs, 2, crop_size=32), 6):
        assert flash.shape == ambient.shape == (2, 32, 32, 3) and flash.dtype == np.float32
        np.testing.assert_allclose(ambient - flash, 5 / 255, atol=1e-6)
        rows = np.rint(flash[..., 1] * 255)
        assert np.all(np.diff(rows, axis=1) == 1)


def test_crops_and_flips_vary(pairs):
    seen = batches(training_dataset(pairs, 5, crop_size=32), 8)
    columns = np.rint(np.concatenate([flash for flash, _ in seen])[..., 2] * 255)
    steps = np.diff(columns, axis=2)
    flipped = np.all(steps == -1, axis=(1, 2))
    assert np.all(np.all(steps == 1, axis=(1, 2)) | flipped)
    assert 5 < flipped.sum() < 35
    assert len({tuple(image[0, :2]) for image in columns}) > 10


def test_an_epoch_has_every_pair_once_in_a_new_order(pairs):
    orders = [tuple(identities(flash)) for flash, _ in batches(training_dataset(pairs, 5, 32), 4)]
    assert all(sorted(order) == [0, 1, 2, 3, 4] for order in orders)
    assert len(set(orders)) > 1


def test_the_incomplete_batch_is_left_out(pairs):
    seen = [identities(flash) for flash, _ in batches(training_dataset(pairs, 2, 32), 6)]
    for first, second in zip(seen[::2], seen[1::2], strict=True):
        assert len({*first, *second}) == 4


def test_data_is_a_function_of_seed_and_epoch(pairs):
    from_start = batches(training_dataset(pairs, 2, 32, seed=3), 6)
    resumed = batches(training_dataset(pairs, 2, 32, seed=3, first_epoch=1), 4)
    for expected, actual in zip(from_start[2:], resumed, strict=True):
        np.testing.assert_array_equal(expected, actual)
    other = batches(training_dataset(pairs, 2, 32, seed=4), 6)
    assert not all(np.array_equal(a, b) for a, b in zip(from_start, other, strict=True))


def test_crop_scale_resizes_a_share_of_the_shorter_side(pairs):
    dataset = training_dataset(pairs, 5, crop_size=20, crop_scale=(0.5, 1.0))
    spans = []
    for flash, ambient in batches(dataset, 8):
        assert flash.shape == (5, 20, 20, 3)
        np.testing.assert_allclose(ambient - flash, 5 / 255, atol=0.02)
        rows = flash[..., 1] * 255
        spans += list((rows[:, -1, 0] - rows[:, 0, 0]) / 19 * 20)
    # The shorter side is 40 pixels, so crops have 20 to 40.
    assert min(spans) > 18 and max(spans) < 42 and max(spans) - min(spans) > 10


def test_a_tiny_share_crops_one_pixel(pairs):
    dataset = training_dataset(pairs, 5, crop_size=20, crop_scale=(0.01, 0.01))
    flash, _ = batches(dataset, 1)[0]
    assert flash.shape == (5, 20, 20, 3)
    assert np.ptp(flash, axis=(1, 2)).max() < 1e-4


def test_ambient_mix_adds_linear_light(pairs):
    plain = batches(training_dataset(pairs, 5, 32), 1)[0]
    mixed = batches(training_dataset(pairs, 5, 32, ambient_mix=(0.5, 0.5)), 1)[0]
    np.testing.assert_array_equal(plain[1], mixed[1])
    light = [
        np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
        for x in (plain[0], plain[1], mixed[0])
    ]
    np.testing.assert_allclose(light[2], np.minimum(light[0] + 0.5 * light[1], 1), atol=1e-5)
    assert mixed[0].max() <= 1


@pytest.mark.parametrize("augmentation", ["none", "photographic"])
def test_same_exposure_takes_brightness_out_of_the_targets(pairs, augmentation):
    plain, matched = (
        batches(training_dataset(pairs, 5, 32, augmentation=augmentation, same_exposure=same), 1)[0]
        for same in (False, True)
    )
    np.testing.assert_array_equal(matched[0], plain[0])
    np.testing.assert_allclose(matched[1], match_exposure(plain[1], plain[0]), atol=1e-6)
    assert not np.allclose(matched[1], plain[1], atol=1 / 255)


def test_validation_has_the_same_exposure_too(pairs):
    flash, ambient = batches(validation_dataset(pairs, same_exposure=True), 1)[0]
    expected = match_exposure(pairs.ambient[0] / np.float32(255), flash[0])
    np.testing.assert_allclose(ambient[0], expected, atol=1e-6)


def test_targets_are_auto_exposed_but_for_what_is_left_alone(pairs):
    options = {"same_exposure": True, "unchanged_share": 0.4}
    plain, brought = (
        batches(training_dataset(pairs, 5, 32, auto_exposure=share, **options), 8)
        for share in (0.0, 0.5)
    )
    for before, after in zip(plain, brought, strict=True):
        np.testing.assert_array_equal(before[0], after[0])
        for flash, ambient, result in zip(*before, after[1], strict=True):
            alone = np.allclose(flash, ambient, atol=1e-5)
            expected = ambient if alone else auto_expose(ambient, 0.5)
            np.testing.assert_allclose(result, expected, atol=1e-6)
    flash, ambient = batches(validation_dataset(pairs, auto_exposure=0.5), 1)[0]
    expected = auto_expose(pairs.ambient[0] / np.float32(255), 0.5)
    np.testing.assert_allclose(ambient[0], expected, atol=1e-6)


def test_a_share_of_the_inputs_is_ambient(pairs):
    seen = batches(training_dataset(pairs, 5, 32, unchanged_share=0.4), 40)
    alike = np.mean([np.array_equal(f, a) for batch in seen for f, a in zip(*batch, strict=True)])
    assert 0.3 < alike < 0.5
    plain = batches(training_dataset(pairs, 5, 32), 40)
    for (_, ambient), (_, expected) in zip(seen, plain, strict=True):
        np.testing.assert_array_equal(ambient, expected)


def test_a_share_of_the_portrait_batches_is_turned(pairs):
    """They are rotated counterclockwise, like a working copy. Landscape batches do not change."""
    plain, turned = (
        batches(training_dataset(pairs, 2, crop_size=None, turned_share=share), 80)
        for share in (0.0, 0.5)
    )
    were_turned = []
    for before, after in zip(plain, turned, strict=True):
        changed = before[0].shape != after[0].shape
        for image, result in zip(before, after, strict=True):
            expected = np.rot90(image, axes=(1, 2)) if changed else image
            np.testing.assert_array_equal(result, expected)
        if before[0].shape[1] > before[0].shape[2]:
            were_turned.append(changed)
        else:
            assert not changed
    assert 0.3 < np.mean(were_turned) < 0.7


def test_validation_is_whole_images_in_order(pairs):
    seen = batches(validation_dataset(pairs), 10)
    assert len(seen) == 5
    for i, (flash, ambient) in enumerate(seen):
        np.testing.assert_allclose(flash[0] * 255, pairs.flash[i], atol=1e-4)
        np.testing.assert_allclose(ambient[0] * 255, pairs.ambient[i], atol=1e-4)
    mixed = [batches(validation_dataset(pairs, ambient_mix=(0.0, 1.0)), 5) for _ in range(2)]
    np.testing.assert_array_equal(mixed[0][3][0], mixed[1][3][0])


def test_16_bit_and_8_bit_pairs_share_a_scale(pairs):
    pairs.flash[1] = pairs.flash[1].astype(np.uint16) * 257
    pairs.ambient[1] = pairs.ambient[1].astype(np.uint16) * 257
    seen = batches(validation_dataset(pairs), 5)
    np.testing.assert_allclose(seen[0][0][0] * 255, pairs.flash[0], atol=1e-4)
    np.testing.assert_allclose(seen[1][0][0] * 65535, pairs.flash[1], atol=1e-2)


def test_whole_images_share_a_batch_only_with_their_size(pairs):
    dataset = training_dataset(pairs, 2, crop_size=None)
    steps = sum(len(group) // 2 for group in batch_groups(pairs, None))
    assert steps == 2
    seen = batches(dataset, 10 * steps)
    assert {flash.shape for flash, _ in seen} == {(2, 40, 48, 3), (2, 48, 40, 3)}
    for flash, ambient in seen:
        np.testing.assert_allclose(ambient - flash, 5 / 255, atol=1e-6)
    for start in range(0, len(seen), steps):
        epoch = np.concatenate([identities(flash) for flash, _ in seen[start : start + steps]])
        assert len(set(epoch)) == 4


def test_whole_images_go_on_after_an_epoch(pairs):
    through = batches(training_dataset(pairs, 2, crop_size=None, seed=3), 6)[4:]
    resumed = batches(training_dataset(pairs, 2, crop_size=None, seed=3, first_epoch=2), 2)
    for first, second in zip(through, resumed, strict=True):
        np.testing.assert_array_equal(first[0], second[0])


@pytest.mark.parametrize("augmentation", ["camera", "photographic"])
def test_augmentation_changes_the_images(augmentation, pairs):
    plain, augmented = (
        batches(training_dataset(pairs, 5, crop_size=32, augmentation=name), 1)[0]
        for name in ("none", augmentation)
    )
    assert augmented[0].shape == plain[0].shape
    assert np.abs(augmented[0] - plain[0]).max() > 0.02


@pytest.mark.parametrize("crop_size", [32, None])
def test_the_workers_parts_are_the_whole_batches(data_directory, crop_size):
    pairs = load_pairs(data_directory / "train")
    batch_size = 4 if crop_size else 2
    whole = training_dataset(pairs, batch_size, crop_size, seed=5)
    parts = [
        iter(training_dataset(pairs, batch_size, crop_size, seed=5, shard=(i, 2), replicas=r))
        for i, r in ((0, 1), (1, batch_size // 2))
    ]
    for flash, _ in whole.take(4):
        mine = np.concatenate(
            [next(parts[0])[0]] + [next(parts[1])[0] for _ in range(batch_size // 2)]
        )
        np.testing.assert_array_equal(mine, flash)
