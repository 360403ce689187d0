"""Checks on import that Keras uses TensorFlow. Import this before anything that imports Keras."""

from keras_f2a.support.keras_backend import check_backend

check_backend()
