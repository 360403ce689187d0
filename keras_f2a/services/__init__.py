"""What runs for days: the HTTP service, the watched folder, and the processes both correct in."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
