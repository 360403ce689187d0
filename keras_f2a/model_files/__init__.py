"""Checks model files before any code that they could harm reads them."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
