"""One training run: its settings, its directory, what happens while it runs."""

from keras_f2a.runs.run import train
from keras_f2a.runs.settings import TrainingSettings

__all__ = ["TrainingSettings", "train"]
