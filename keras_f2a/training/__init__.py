"""What is trained and how: the paper's training step, its losses and metrics, its conditions."""

import keras_f2a.support.needs_tensorflow  # noqa: F401
