"""Random numbers as functions of a seed, for data sets that go on after an interruption."""

import tensorflow as tf


def fold_in(seed, number):
    """Another seed for each number, (2,) integers from (2,) integers."""
    return tf.random.experimental.stateless_fold_in(seed, number)


def draw(seed, number: int, low: float = 0.0, high: float = 1.0):
    """One number in [low, high), a function of the seed and of its own number."""
    return tf.random.stateless_uniform((), fold_in(seed, number), low, high)
