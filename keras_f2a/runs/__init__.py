"""One training run: its settings, its directory, and what happens while it runs.

Names are loaded when they are first used, because settings need no TensorFlow.
"""

import importlib

from keras_f2a.support.keras_backend import check_backend
from keras_f2a.support.late_import import late_modules

_HOME = {
    "TrainingResult": "keras_f2a.runs.training_result",
    "TrainingSettings": "keras_f2a.runs.settings",
    "train": "keras_f2a.runs.run",
}

__all__ = sorted(_HOME)
_module = late_modules(__name__)


def __getattr__(name: str):
    if name not in _HOME:
        return _module(name)
    check_backend()
    return getattr(importlib.import_module(_HOME[name]), name)
