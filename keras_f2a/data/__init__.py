"""Pairs of photographs, from files to batches."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
