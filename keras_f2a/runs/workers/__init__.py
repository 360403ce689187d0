"""Several workers that train one run together: who they are, how they meet and what they share."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
