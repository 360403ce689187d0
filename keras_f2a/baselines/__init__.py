"""Published methods without learning, among them those that the paper compares with (Table 1)."""

from keras_f2a.baselines.lime import lime
from keras_f2a.baselines.srie import srie
from keras_f2a.support.late_import import late_modules

__all__ = ["lime", "srie"]

__getattr__ = late_modules(__name__)
