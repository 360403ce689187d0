"""Runs resume with settings that earlier versions recorded."""

import json

import pytest

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.runs.recorded_settings import differences, read_settings
from keras_f2a.runs.settings import TrainingSettings
from tests.runs.tiny_runs import settings


def test_a_crop_scale_that_had_no_effect_stops_no_run(tmp_path):
    wanted = settings(tmp_path, tmp_path / "run", whole_images=True)
    earlier = wanted.as_dict() | {"crop_scale": [0.5, 1.0]}
    assert not differences(wanted, earlier)
    (tmp_path / "config.json").write_text(json.dumps({"settings": earlier}))
    again = TrainingSettings(**read_settings(tmp_path / "config.json"))
    assert again.resolved().pairs.crop_scale is None
    cropped = settings(tmp_path, tmp_path / "run")
    assert differences(cropped, cropped.as_dict() | {"crop_scale": (0.5, 1.0)})


@pytest.mark.parametrize(
    "folder",
    [
        "/elsewhere/lib/python3.12/site-packages/keras_f2a/data/bundled_scenes",
        r"C:\Users\Zoe\venv\Lib\site-packages\keras_f2a\data\bundled_scenes",
    ],
)
def test_a_run_on_the_bundled_scenes_is_repeated_on_another_machine(tmp_path, folder):
    """The package lies elsewhere there. An editor there may also have written a mark."""
    config = tmp_path / "config.json"
    recorded = settings(folder, tmp_path / "run").as_dict()
    config.write_text(json.dumps({"settings": recorded}), encoding="utf-8-sig")
    again = TrainingSettings(**read_settings(config))
    assert again.resolved().pairs.data == str(BUNDLED_SCENES)


def test_a_run_on_other_pairs_keeps_its_folder(tmp_path):
    config = tmp_path / "config.json"
    recorded = settings(tmp_path / "bundled_scenes", tmp_path / "run").as_dict()
    config.write_text(json.dumps({"settings": recorded}))
    assert read_settings(config)["data"] == str(tmp_path / "bundled_scenes")
