"""`python -m tests.runs.workers.three_steps FOLDER` trains three steps as `TF_CONFIG` says.

Without `TF_CONFIG`, it trains alone. It writes the weights to FOLDER, one file for each optimizer.
Two workers then let the gradients of one of them overflow, and trigger two bugs of Keras.
"""

import os
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from keras_f2a.models import PatchDiscriminator, SmallGenerator, VGG16Generator
from keras_f2a.runs.workers import strategy as multi_worker
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.training.flash_to_ambient import FlashToAmbient

BATCH = 8
OPTIMIZERS = {"SGD": keras.optimizers.SGD, "Adam": keras.optimizers.Adam}


def parser():
    """Return the parser of the command's options."""
    options = ArgumentParser(prog="three_steps")
    options.add_argument("folder", type=Path)
    return options


def main(arguments):
    """Train with each optimizer."""
    folder = parser().parse_args(arguments).folder
    alone = "TF_CONFIG" not in os.environ
    strategy = (
        tf.distribute.OneDeviceStrategy("/cpu:0") if alone else multi_worker.create_strategy()
    )
    number, index = (1, 0) if alone else (2, strategy.cluster_resolver.task_id)
    keras.config.set_dtype_policy("float64")
    keras.config.set_floatx("float64")
    for name, optimizer in OPTIMIZERS.items():
        model = train(strategy, optimizer, (index, number))
        weights = {str(i): value.numpy() for i, value in enumerate(model.weights)}
        np.savez(folder / f"{name}_{number}_{index}.npz", **weights)
    data = multi_worker.on_each_worker(strategy, batches((index, number)))
    assert np.isfinite(model.evaluate(data, verbose=0, return_dict=True)["psnr"])
    if not alone:
        overflow_on_the_second(strategy, index)
        try_faults(strategy, model, (index, number))


def train(strategy, optimizer, shard):
    keras.utils.set_random_seed(3)
    with strategy.scope():
        generator = in_float64(
            VGG16Generator(encoder_weights=None, preprocessing="none", width=1 / 16)
        )
        discriminator = in_float64(PatchDiscriminator(width=1 / 16))
        model = FlashToAmbient(generator, discriminator, dtype="float64")
        model.compile(optimizer(1e-3), optimizer(1e-3))
    data = batches(shard)
    history = model.fit(multi_worker.on_each_worker(strategy, data), verbose=0, shuffle=False)
    assert np.isfinite(history.history["generator"][0])
    return model


def in_float64(network):
    """Return the same network in float64, including layers that are float32 under every policy."""

    def clone(layer):
        is_layer = isinstance(layer, keras.layers.Layer)  # not a bare operation
        return layer.from_config(layer.get_config() | ({"dtype": "float64"} if is_layer else {}))

    return keras.models.clone_model(network, clone_function=clone)


def batches(shard):
    index, number = shard
    flash = np.random.default_rng(0).random((3 * BATCH, 32, 32, 3))
    mine = flash.reshape(3, number, BATCH // number, 32, 32, 3)[:, index]
    mine = mine.reshape(-1, 32, 32, 3)
    return tf.data.Dataset.from_tensor_slices((mine, 0.5 * mine + 0.2)).batch(BATCH // number)


def overflow_on_the_second(strategy, index):
    """Check that both float16 workers skip a step with infinite gradients on one of them."""
    with strategy.scope():
        generator = SmallGenerator(width=1 / 16, dtype="mixed_float16")
        model = FlashToAmbient(generator, dtype="float32")
        model.compile("sgd")
    before, scale = generator.get_weights(), float(model.optimizer.dynamic_scale.numpy())
    flash = np.full((1, 16, 16, 3), 0.5, np.float32)
    weight = np.array([(1, 1e30)[index]], np.float32)
    data = tf.data.Dataset.from_tensors((flash, 0.5 * flash, weight))
    model.fit(multi_worker.on_each_worker(strategy, data), verbose=0, shuffle=False)
    for value, now in zip(before, generator.get_weights(), strict=True):
        np.testing.assert_array_equal(now, value)
    print("the overflow's scale:", float(model.optimizer.dynamic_scale.numpy()) / scale)


def try_faults(strategy, model, shard):
    """Show that with TensorFlow's own strategy, `fit` and the reduction of a step's logs fail."""
    from keras.src.backend.tensorflow.trainer import reduce_per_replica

    del multi_worker.KerasMultiWorkerStrategy.reduce
    try:
        model.fit(multi_worker.on_each_worker(strategy, batches(shard)), verbose=0, shuffle=False)
        print("fault 1 is mended")
    except Exception as error:
        print("fault 1:", type(error).__name__, " ".join(str(error).split())[:300])
    try:
        reduce_per_replica(strategy.run(lambda: {"loss": tf.constant(1.0)}), strategy, "auto")
        print("fault 2 is mended")
    except Exception as error:
        print("fault 2:", type(error).__name__, " ".join(str(error).split())[:300])
