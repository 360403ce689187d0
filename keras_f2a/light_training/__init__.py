"""Training for placed light with any Keras backend: losses, a compiled model and scores."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
