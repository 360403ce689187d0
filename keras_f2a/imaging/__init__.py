"""Photographs on disk and at full size: NumPy and Pillow only, no TensorFlow."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
