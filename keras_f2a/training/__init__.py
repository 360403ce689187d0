"""The paper's training: its training step, losses, metrics and conditions."""

import keras_f2a.support.needs_tensorflow  # noqa: F401
from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
