"""The paper's optimizer, a decaying learning rate, and loss scaling for half precision."""

from typing import Any

import keras
import tensorflow as tf

from keras_f2a.support.errors import InputError, one_line

_WARM_UP_SHARE = 1 / 20


@keras.saving.register_keras_serializable(package="keras_f2a")
class ReplicatedLossScale(keras.optimizers.LossScaleOptimizer):
    """Keras's loss scaling, with one decision for all replicas.

    Keras checks the gradients of each replica before they are summed, and follows the first
    replica. So an overflow in another replica would reach the weights, and several workers would
    diverge. Here all replicas skip a step if the gradients of any replica are not finite.
    """

    def check_finite(self, grads):
        """Return whether the gradients of all replicas are finite."""
        finite = super().check_finite(grads)
        if tf.distribute.get_strategy().num_replicas_in_sync == 1:
            return finite
        overflows = tf.cast(tf.logical_not(finite), tf.float32)
        return tf.equal(tf.distribute.get_replica_context().all_reduce("SUM", overflows), 0.0)


def paper_adam(
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule,
) -> keras.optimizers.Adam:
    """Return Adam with β₁ 0.5 (section 4.2) and PyTorch's ε of 1e-8, as in the authors' code."""
    return keras.optimizers.Adam(learning_rate, beta_1=0.5, epsilon=1e-8)


def cosine_decay(learning_rate: float, steps: int) -> keras.optimizers.schedules.CosineDecay:
    """Return a learning rate that rises for a twentieth of the steps and then falls to zero.

    It is not in the paper, whose rates are constant. If the initial weights are already good,
    Adam's first steps would otherwise undo some of what they have learned.

    Args:
        learning_rate: The peak learning rate.
        steps: Total number of training steps.
    """
    warmup_steps = max(1, round(steps * _WARM_UP_SHARE))
    return keras.optimizers.schedules.CosineDecay(
        learning_rate / warmup_steps,
        max(1, steps - warmup_steps),
        warmup_target=learning_rate,
        warmup_steps=warmup_steps,
    )


def resolve_optimizer(
    identifier: Any,
    network: keras.Model,
    *,
    default_rate: float,
    setting: str,
    scale_loss: bool = True,
) -> keras.optimizers.Optimizer:
    """Return the optimizer for a network that an argument of `compile` identifies.

    Args:
        identifier: A Keras optimizer, its name or its configuration. `None` is the paper's Adam.
        network: The network that it updates. If the network computes in float16, its loss is
            scaled, because its gradients would otherwise underflow.
        default_rate: Learning rate of the paper's Adam.
        setting: Name of the argument, for error messages.
        scale_loss: Whether the loss may be scaled.

    Raises:
        InputError: There is no such optimizer.
    """
    if identifier is None:
        identifier = paper_adam(default_rate)
    try:
        optimizer = keras.optimizers.get(identifier)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"not a Keras optimizer or the name of one ({one_line(error)})", setting=setting
        ) from error
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return _replicate(optimizer)
    uses_float16 = any(layer.compute_dtype == "float16" for layer in network.layers)
    return ReplicatedLossScale(optimizer) if scale_loss and uses_float16 else optimizer


def unscaled(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """Return the optimizer inside loss scaling, or the optimizer itself without loss scaling."""
    is_scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    return optimizer.inner_optimizer if is_scaled else optimizer


def _replicate(
    optimizer: keras.optimizers.LossScaleOptimizer,
) -> keras.optimizers.LossScaleOptimizer:
    """Return Keras's loss scaling unchanged on one replica, and replaced by ours on several."""
    single_replica = tf.distribute.get_strategy().num_replicas_in_sync == 1
    if single_replica or isinstance(optimizer, ReplicatedLossScale):
        return optimizer
    return ReplicatedLossScale(
        optimizer.inner_optimizer,
        initial_scale=optimizer.initial_scale,
        dynamic_growth_steps=optimizer.dynamic_growth_steps,
        name=optimizer.name,
    )
