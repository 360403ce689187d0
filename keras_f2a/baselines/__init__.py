"""Published enhancement methods without learning that the paper compares with (Table 1)."""

from keras_f2a.baselines.lime import lime
from keras_f2a.baselines.srie import srie

__all__ = ["lime", "srie"]
