"""Behaviour of the tool that renders the bundled scenes, and of the scenes themselves."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tools.render_scenes
from tools.scenes import layouts, objects, photograph, plants, textures, toys
from tools.scenes.camera import View, clearance, shifted
from tools.scenes.parts import bounds
from tools.scenes.photograph import Development
from tools.scenes.scene import is_clear, sample_scene

BUNDLED = Path(__file__).parents[1] / "keras_f2a" / "data" / "bundled_scenes"
TINY = (32, 24)


def vertices_of(scene):
    return np.concatenate([mesh.vertices for mesh, _ in scene.thing])


def development(**changes):
    settings = {
        "mean_luma": 0.45,
        "white_balance": np.ones(3),
        "contrast": 0.4,
        "noise": 0.0,
        "noise_seed": 1,
    }
    return Development(**{**settings, **changes})


@pytest.fixture(scope="module")
def radiance():
    """A bright and a dark half with a gradient, far from exposed."""
    ramp = np.linspace(0.2, 1.0, 48)[None, :, None] * np.array([1.3, 1.0, 0.6])
    image = np.concatenate([np.broadcast_to(ramp, (20, 48, 3)), np.full((20, 48, 3), 0.05)])
    return 37.0 * image


@pytest.fixture(scope="module")
def pairs():
    """The module that renders pairs; it needs Mitsuba."""
    pytest.importorskip("mitsuba")
    from tools.scenes import pairs

    return pairs


@pytest.fixture(scope="module")
def photographs():
    """Pairs (flash, ambient) of all bundled scenes, float in [0, 1]."""
    result = []
    for path in sorted(BUNDLED.rglob("*_flash.webp")):
        other = path.with_name(path.name.replace("flash", "ambient"))
        with Image.open(path) as flash, Image.open(other) as ambient:
            result.append((np.asarray(flash) / 255.0, np.asarray(ambient) / 255.0))
    return result


class TestSampling:
    def test_same_place_gives_same_scene(self):
        first, second = sample_scene(3, "train", 2), sample_scene(3, "train", 2)
        assert np.array_equal(vertices_of(first), vertices_of(second))
        for (_, one), (_, other) in zip(first.thing, second.thing, strict=True):
            assert np.array_equal(one.reflectance, other.reflectance)
        assert np.array_equal(first.flash.position, second.flash.position)
        assert first.seed == second.seed

    @pytest.mark.parametrize("place", [(4, "train", 2), (3, "test", 2), (3, "train", 8)])
    def test_other_places_give_other_scenes(self, place):
        first, second = sample_scene(3, "train", 2), sample_scene(*place)
        assert first.layout == second.layout
        assert first.seed != second.seed
        assert not np.array_equal(vertices_of(first), vertices_of(second))

    def test_an_attempt_is_another_sample(self):
        assert sample_scene(3, "train", 2).seed != sample_scene(3, "train", 2, attempt=1).seed

    def test_layouts_take_turns(self):
        names = [sample_scene(0, "train", index).layout for index in range(len(layouts.LAYOUTS))]
        assert names == list(layouts.LAYOUTS)

    def test_unknown_split(self):
        with pytest.raises(ValueError, match="unknown split 'validation'"):
            sample_scene(0, "validation", 0)


class TestThings:
    @pytest.mark.parametrize("table", [objects.OBJECTS, toys.TOYS, plants.PLANTS])
    def test_objects_are_sound_and_stand_on_the_ground(self, table):
        for name, maker in table.items():
            thing = maker(np.random.default_rng(5))
            low, high = bounds(thing)
            assert -0.03 < low[2] < 0.03, name
            assert 0.02 < (high - low).max() < 0.8, name
            for mesh, _ in thing:
                assert np.isfinite(mesh.vertices).all(), name
                assert mesh.faces.max() < len(mesh.vertices) == len(mesh.uv), name

    def test_textures_are_reflectances(self):
        for name, texture in textures.TEXTURES.items():
            image = texture(np.random.default_rng(1))
            assert image.shape == (textures.SIZE, textures.SIZE, 3), name
            assert image.dtype == np.float32, name
            assert image.min() >= 0 and image.max() <= 1 and image.std() > 0, name


class TestCamera:
    view = View(np.array([0.0, -1.0, 1.0]), np.array([0.0, 0.0, 1.0]), 50.0)

    def test_second_shot_moves_by_a_pixel_or_two(self):
        pixel = 2 * np.tan(np.radians(25)) / 320
        for seed in range(20):
            moved = shifted(np.random.default_rng(seed), self.view, 1.5, 320)
            turn = np.abs(moved.forward - self.view.forward).max()
            assert 0 < turn <= 1.51 * pixel
            assert np.linalg.norm(moved.origin - self.view.origin) < 0.01

    def test_clearance_sees_only_what_is_in_front(self):
        behind, ahead = [0.0, -1.1, 1.0], [0.0, -0.5, 1.0]
        assert clearance(self.view, np.array([behind])) == np.inf
        assert clearance(self.view, np.array([behind, ahead])) == pytest.approx(0.5)

    def test_scene_with_something_at_the_lens_is_not_clear(self):
        scene = next(s for s in (sample_scene(0, "train", 5, a) for a in range(9)) if is_clear(s))
        mesh, material = scene.thing[0]
        spot = scene.flash_view.origin + 0.1 * scene.flash_view.forward
        scene.thing.append((mesh.scaled(0, 0, 0).moved(*spot), material))
        assert not is_clear(scene)


class TestPhotograph:
    @pytest.mark.parametrize("target", [0.3, 0.45, 0.6])
    def test_auto_exposure_meets_its_target(self, radiance, target):
        photo = photograph.develop(radiance, development(mean_luma=target))
        assert photo.dtype == np.uint8
        assert photograph.luma(photo / 255.0).mean() == pytest.approx(target, abs=0.01)

    def test_exposure_does_not_depend_on_the_scale_of_radiance(self, radiance):
        one = photograph.develop(radiance, development())
        other = photograph.develop(1000 * radiance, development())
        assert np.abs(one.astype(int) - other).max() <= 1

    def test_tone_curve_rises_from_black_to_white(self):
        values = photograph.tone_curve(np.linspace(0, 20, 500), 0.5)
        assert values[0] == 0 and values[-1] == pytest.approx(1, abs=1e-6)
        assert (np.diff(values) >= 0).all()

    def test_full_white_balance_renders_the_light_neutral(self):
        light = np.array([1.4, 1.0, 0.5])
        gains = photograph.white_balance_gains(light, 1.0)
        assert np.allclose(light * gains, light[1])
        assert np.allclose(photograph.white_balance_gains(light, 0.0), 1.0)

    def test_noise_has_its_seed_and_grows_with_its_setting(self, radiance):
        clean = photograph.develop(radiance, development()).astype(float)
        little, much = (
            photograph.develop(radiance, development(noise=noise)).astype(float)
            for noise in (0.005, 0.05)
        )
        assert 0 < (little - clean).std() < (much - clean).std()
        again = photograph.develop(radiance, development(noise=0.05))
        assert np.array_equal(again, much)

    def test_fireflies_go_and_the_rest_stays(self, radiance):
        lit = radiance.copy()
        lit[30, 10] = 1e4
        cleaned = photograph.remove_fireflies(lit)
        assert cleaned[30, 10].max() < 10
        assert np.allclose(photograph.remove_fireflies(radiance), radiance)


class TestRendering:
    def test_a_pair_is_two_different_pictures_and_reproducible(self, pairs):
        flash, ambient = pairs.render_pair(0, "train", 3, TINY, 4)
        for picture in (flash, ambient):
            assert sorted(picture.shape) == [3, 24, 32]
            assert picture.dtype == np.uint8
            assert picture.std() > 10
        assert np.abs(flash.astype(float) - ambient).mean() > 5
        again = pairs.render_pair(0, "train", 3, TINY, 4)
        for first, second in zip((flash, ambient), again, strict=True):
            # Mitsuba repeats itself but for single pixels now and then (see tools/README.md).
            assert np.abs(first.astype(int) - second).mean() < 1

    def test_dull_pairs_are_rejected(self, pairs):
        rng = np.random.default_rng(0)
        flash = (255 * rng.uniform(0.1, 0.9, (24, 32, 1)).repeat(3, axis=2)).astype(np.uint8)
        ambient = (0.7 * flash).astype(np.uint8)
        assert pairs.is_good(flash, ambient)
        assert not pairs.is_good(flash, flash)
        assert not pairs.is_good(np.zeros_like(flash), ambient)
        assert not pairs.is_good(np.full_like(flash, 255), ambient)
        assert not pairs.is_good(flash, 255 - flash)

    def test_only_complete_pairs_are_skipped(self, pairs, tmp_path):
        picture = np.zeros((24, 32, 3), np.uint8)
        for index in (0, 1):
            pairs.save_pair(tmp_path, "train", index, (picture, picture))
        pairs.pair_paths(tmp_path, "train", 1)[1].unlink()
        todo = tools.render_scenes.unfinished(tmp_path, {"train": 3, "test": 1})
        assert todo == [("train", 1), ("train", 2), ("test", 0)]
        assert not list(tmp_path.rglob("*.part"))

    def test_render_one_completes_a_half_written_pair(self, pairs, tmp_path):
        flash, ambient = pairs.pair_paths(tmp_path, "train", 3)
        flash.parent.mkdir()
        flash.write_bytes(b"half")
        tools.render_scenes.render_one(tmp_path, 0, "train", 3, TINY, 4)
        assert pairs.is_finished(tmp_path, "train", 3)
        with Image.open(flash) as one, Image.open(ambient) as other:
            assert one.format == other.format == "WEBP"
            assert one.size == other.size

    def test_command_needs_a_proper_size(self, capsys):
        with pytest.raises(SystemExit) as stop:
            tools.render_scenes.parse_arguments(["--output", "x", "--size", "320"])
        assert stop.value.code == 2
        assert "'320' is not WIDTHxHEIGHT" in capsys.readouterr().err


class TestBundledScenes:
    @pytest.mark.parametrize(("split", "count"), [("train", 48), ("test", 8)])
    def test_all_pairs_are_there(self, split, count):
        kinds = ("flash", "ambient")
        expected = {f"Scene_{n:03d}_{kind}.webp" for n in range(count) for kind in kinds}
        assert {path.name for path in (BUNDLED / split).iterdir()} == expected

    def test_total_size(self):
        assert sum(path.stat().st_size for path in BUNDLED.rglob("*.webp")) <= 5_000_000

    def test_picture_sizes(self, photographs):
        for flash, ambient in photographs:
            assert flash.shape == ambient.shape
            assert flash.shape in {(240, 320, 3), (320, 240, 3)}
        portraits = sum(flash.shape[0] == 320 for flash, _ in photographs)
        assert portraits < len(photographs) / 4

    def test_no_picture_is_black_white_or_flat(self, photographs):
        for pair in photographs:
            for picture in map(photograph.luma, pair):
                assert 0.2 < picture.mean() < 0.7
                assert np.ptp(np.percentile(picture, (5, 95))) > 0.3

    def test_flash_is_harsher_and_ambient_is_warmer(self, photographs):
        spread = np.mean([[photograph.luma(image).std() for image in pair] for pair in photographs])
        assert 0.15 < spread < 0.27
        flash_spread, ambient_spread = (
            np.mean([photograph.luma(pair[kind]).std() for pair in photographs]) for kind in (0, 1)
        )
        assert flash_spread > ambient_spread
        blue_share = [
            np.mean([pair[kind][..., 2].mean() / pair[kind].mean() for pair in photographs])
            for kind in (0, 1)
        ]
        assert blue_share[0] > blue_share[1] + 0.02

    def test_pairs_are_as_far_apart_as_real_ones(self, photographs):
        psnr = [-10 * np.log10(np.mean((flash - ambient) ** 2)) for flash, ambient in photographs]
        assert 13.0 < np.mean(psnr) < 16.0
