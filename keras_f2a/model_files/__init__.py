"""Looks at models' files before anything that could be harmed by them reads them."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
