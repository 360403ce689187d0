"""Runs that several tests begin with: each is trained once, and a test gets a copy of it."""

import json
import shutil

from keras_f2a.runs import train
from tests.runs.tiny_runs import settings


class KeptRuns:
    """Finished runs of `tiny_runs.settings`.

    Args:
        data: The pairs that they are trained on.
        folder: Where they are kept.
    """

    def __init__(self, data, folder):
        self._data, self._folder, self._names = data, folder, {}

    def copy(self, run_dir, **changes):
        """Puts a run with these changes of the settings into a folder; returns what `train` did."""
        wanted = json.dumps(changes, sort_keys=True)
        if wanted not in self._names:
            name = str(len(self._names))
            train(settings(self._data, self._folder / name, **changes))
            self._names[wanted] = name
        shutil.copytree(self._folder / self._names[wanted], run_dir)
        return train(settings(self._data, run_dir, **changes))
