"""Tiny models for training, and all state that training changes."""

import keras
import numpy as np

import keras_f2a
from keras_f2a.training.losses import LOSSES

OURS = {"reconstruction", "adversarial", "perceptual"}


def tiny_model(discriminator=True, conditional=False, initialization="torch", **kwargs):
    keras.utils.set_random_seed(0)
    tiny = {"width": 1 / 16, "initialization": initialization}
    generator = keras_f2a.VGG16Generator(encoder_weights=None, preprocessing="none", **tiny)
    judge = keras_f2a.PatchDiscriminator(conditional=conditional, **tiny)
    return keras_f2a.FlashToAmbient(generator, judge if discriminator else None, **kwargs)


def assert_same_state(a, b):
    for x, y in zip(all_variables(a), all_variables(b), strict=True):
        np.testing.assert_array_equal(x.numpy(), y.numpy())


def all_variables(model):
    """Return weights and statistics of both networks, and slots and counters of both optimizers."""
    optimizers = [o for o in (model.optimizer, model.discriminator_optimizer) if o is not None]
    return [*model.weights, *(v for o in optimizers for v in o.variables)]


def further(model):
    """Return the weights, by name, of the additional registered losses that a model uses.

    The losses of the paper and the perceptual loss do not count.
    """
    weights = {loss.name: loss.weight_in(model) for loss in LOSSES.values()}
    return {n: w for n, w in weights.items() if n not in OURS and w is not None}


def further_sum(model, logged):
    """Return how much the additional losses add to equation 4, computed from a model's logs."""
    return sum(weight * logged[name] for name, weight in further(model).items())
