"""Tiny models for training, and all that training changes in them."""

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
    """Weights and statistics of both networks, slots and counters of both optimizers."""
    optimizers = [o for o in (model.optimizer, model.discriminator_optimizer) if o is not None]
    return [*model.weights, *(v for o in optimizers for v in o.variables)]


def further(model):
    """The registered losses beside the paper's and the perceptual one that count in a model.

    The weight of each by its name.
    """
    weights = {loss.name: loss.weight_in(model) for loss in LOSSES.values()}
    return {n: w for n, w in weights.items() if n not in OURS and w is not None}


def further_sum(model, logged):
    """What those losses add to equation 4, of what was logged."""
    return sum(weight * logged[name] for name, weight in further(model).items())
