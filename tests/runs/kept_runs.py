"""Runs that several tests begin with: each is trained once, and a test gets a copy of it."""

import hashlib
import json
import shutil

from keras_f2a.runs import train
from tests.made_once import made_once
from tests.runs.tiny_runs import settings


class KeptRuns:
    """Finished runs of `tiny_runs.settings`.

    Args:
        data: The pairs that they are trained on.
        tmp_path_factory: pytest's, which says where they are kept.
    """

    def __init__(self, data, tmp_path_factory):
        self._data, self._factory = data, tmp_path_factory

    def copy(self, run_dir, **changes):
        """Puts a run with these changes of the settings into a folder; returns what `train` did."""
        wanted = json.dumps(changes, sort_keys=True).encode()
        kept = made_once(
            self._factory,
            f"run_{hashlib.sha256(wanted).hexdigest()[:16]}",
            lambda folder: train(settings(self._data, folder, **changes)),
        )
        shutil.copytree(kept, run_dir)
        return train(settings(self._data, run_dir, **changes))
