"""Methods with known scores."""

from keras_f2a.evaluation.methods import SeesAmbient

METHODS = {"flash": lambda image: image, "half & <half>": lambda image: image / 2}
SEEING = {
    "ambient_copy": SeesAmbient(lambda flash, ambient: ambient),
    **METHODS,
    "mean": SeesAmbient(lambda flash, ambient: (flash + ambient) / 2),
}
