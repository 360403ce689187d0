"""Training for placed light: losses, a compiled model and scores, in any of Keras's backends."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
