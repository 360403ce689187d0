"""Imports TensorFlow as the commands do, in the process that all others are forked from."""

from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

import_tensorflow_quietly()
