"""Runs that several tests start from. Each is trained once, and every test gets a copy."""

import hashlib
import json
import shutil

from keras_f2a.runs import train
from tests.made_once import made_once
from tests.runs.tiny_runs import settings


class KeptRuns:
    """Cache of finished runs of `tiny_runs.settings`.

    Args:
        data: The folder with the pairs to train on.
        tmp_path_factory: pytest's fixture, which decides where the runs are stored.
    """

    def __init__(self, data, tmp_path_factory):
        self._data, self._factory = data, tmp_path_factory

    def copy(self, run_dir, **changes):
        """Copy a run with these changed settings to a folder and return what `train` returns."""
        wanted = json.dumps(changes, sort_keys=True).encode()
        kept = made_once(
            self._factory,
            f"run_{hashlib.sha256(wanted).hexdigest()[:16]}",
            lambda folder: train(settings(self._data, folder, **changes)),
        )
        shutil.copytree(kept, run_dir)
        return train(settings(self._data, run_dir, **changes))
