"""Long-running services: the HTTP service, the watched folder, and their worker processes."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
