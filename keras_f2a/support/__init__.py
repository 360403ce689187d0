"""What every room uses: errors, command lines, files that are whole or not there."""

from keras_f2a.support.late_import import late_modules

__getattr__ = late_modules(__name__)
