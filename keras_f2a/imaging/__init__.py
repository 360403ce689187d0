"""Reads and writes photographs at full size, with NumPy and Pillow and without TensorFlow."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
