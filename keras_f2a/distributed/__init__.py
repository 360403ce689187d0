"""Work shared by many processes on one or more machines, with Ray (extra `ray`)."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
