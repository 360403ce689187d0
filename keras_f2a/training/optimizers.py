"""The paper's optimizer, a rate that falls, and what half precision asks of an optimizer."""

import keras

_WARM_UP_SHARE = 1 / 20


def paper_adam(
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule,
) -> keras.optimizers.Adam:
    """Adam with β₁ 0.5 (section 4.2) and PyTorch's ε, which the authors' code leaves at 1e-8."""
    return keras.optimizers.Adam(learning_rate, beta_1=0.5, epsilon=1e-8)


def cosine_decay(learning_rate: float, steps: int) -> keras.optimizers.schedules.CosineDecay:
    """A rate that rises over the first twentieth of the steps and falls to nothing at their end.

    Not in the paper, whose rates are constant. Adam's first steps from weights that are good
    already would else undo some of what those have learned.

    Args:
        learning_rate: The highest rate.
        steps: How many steps the training has in all.
    """
    rising = max(1, round(steps * _WARM_UP_SHARE))
    return keras.optimizers.schedules.CosineDecay(
        learning_rate / rising,
        max(1, steps - rising),
        warmup_target=learning_rate,
        warmup_steps=rising,
    )


def with_loss_scaling(
    optimizer: keras.optimizers.Optimizer, network: keras.Model
) -> keras.optimizers.Optimizer:
    """Scales the loss of a network that computes in float16, whose gradients else underflow."""
    scaled = keras.optimizers.LossScaleOptimizer
    in_float16 = any(layer.compute_dtype == "float16" for layer in network.layers)
    return scaled(optimizer) if in_float16 and not isinstance(optimizer, scaled) else optimizer
