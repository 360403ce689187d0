"""Imported before what imports Keras: checks that Keras uses TensorFlow, see `keras_backend`."""

from keras_f2a.support.keras_backend import check_backend

check_backend()
