"""Runs resume with settings that earlier versions recorded."""

import json

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
