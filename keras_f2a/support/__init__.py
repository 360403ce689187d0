"""Helpers that every room uses, such as errors, command lines and atomic file writes."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
