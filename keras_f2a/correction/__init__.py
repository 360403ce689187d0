"""Corrects photographs of any size with a trained generator."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
