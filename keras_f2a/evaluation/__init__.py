"""Scores methods on pairs of photographs and reports the results."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
