"""Work that many processes share on one machine or many, on Ray: the extra `ray`."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
